import { createHash } from 'node:crypto';

/** What JSON can say; `undefined` members of an object are left out, as `JSON.stringify` does. */
export type JsonValue =
  | string
  | number
  | boolean
  | null
  | undefined
  | readonly JsonValue[]
  | { readonly [member: string]: JsonValue };

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
const compareText = (left: string, right: string): number => (left < right ? -1 : left > right ? 1 : 0);

/** JSON in which equal values have equal text: members sorted by name, no spaces. */
export function canonicalJson(value: JsonValue): string {
  return JSON.stringify(value, (_member, part: JsonValue) => {
    if (part === null || typeof part !== 'object' || Array.isArray(part)) return part;
    return Object.fromEntries(Object.entries(part).toSorted(([left], [right]) => compareText(left, right)));
  });
}

/** The hash of one row of a plan, as 64 hexadecimal digits. */
export const rowHash = (row: JsonValue): string => sha256(canonicalJson(row));

/** The hash of a list of property ids. It is a set: neither the order nor the case of an id matters. */
export function cohortHash(propertyIds: Iterable<string>): string {
  const ids = new Set(Array.from(propertyIds, (id) => id.toLowerCase()));
  return sha256([...ids].sort(compareText).join('\n'));
}

/** Hashes a plan while its rows stream by, so that no plan need be held in memory. */
export interface PlanHash {
  /** Rows must come in one fixed order, such as that of their keys: the same rows in another order are another plan. */
  add(row: JsonValue): void;
  /** 64 hexadecimal digits. Ends the hash; no row can be added after it. */
  digest(): string;
}

export function createPlanHash(): PlanHash {
  const hash = createHash('sha256');
  return {
    add: (row) => void hash.update(canonicalJson(row)).update('\n'),
    digest: () => hash.digest('hex'),
  };
}
