/** Somebody who looks at the page, by a permission set of the package. */
export interface PageUser {
  readonly id: string;
  readonly name: string;
  readonly permissions: readonly string[];
}

/**
 * One for each permission set. The local org has one person alone: both have her session, and what tells them apart is
 * the custom permission.
 */
export const pageUsers = {
  operator: { id: '005ZZ000000OperYAN', name: 'Olive Operator', permissions: ['Property_Sync_Resync'] },
  viewer: { id: '005ZZ000000ViewYAN', name: 'Victor Viewer', permissions: [] },
} as const satisfies Record<string, PageUser>;

export type PageUserName = keyof typeof pageUsers;

/** Whoever is not named is the operator. */
export function pageUserName(text: unknown): PageUserName {
  return text === 'viewer' ? text : 'operator';
}

export function hasPermission({ permissions }: PageUser, name: string): boolean {
  return permissions.includes(name);
}
