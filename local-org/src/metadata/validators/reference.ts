import type { World } from '../world.ts';

/** What one component needs of another. */
export interface Reference {
  /** Type and name of what is needed. */
  readonly type: string;
  readonly fullName: string;
  /** The problem when it is not there. */
  readonly missing: string;
  exists(world: World): boolean;
  /** Whether the org refuses to delete what is needed; permission sets and layouts just forget it. */
  readonly isHolding: boolean;
}

/** `In field: X - no Type named Y found`, as the Metadata API says it of most references [quoted in public threads]. */
export const inField = (
  field: string,
  type: string,
  fullName: string,
  { isHolding = false } = {},
): Reference => ({
  type,
  fullName,
  missing: `In field: ${field} - no ${type} named ${fullName} found`,
  exists: (world) => exists(world, type, fullName),
  isHolding,
});

export function exists(world: World, type: string, fullName: string): boolean {
  if (type === 'CustomObject') return world.hasObject(fullName);
  if (type !== 'CustomField') return world.find(type, fullName) !== undefined;
  const dot = fullName.indexOf('.');
  return world.hasField(fullName.slice(0, dot), fullName.slice(dot + 1));
}
