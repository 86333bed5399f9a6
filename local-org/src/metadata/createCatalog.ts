import { USERS } from '../auth/users.ts';
import { createIdSequence } from '../ids.ts';
import { keyOf, type Component, type OrgComponent } from './component.ts';
import { keyPrefixOf } from './metadataTypes.ts';

/** Every component of the org, by {@link keyOf}. Components are never changed in place. */
export type Components = ReadonlyMap<string, OrgComponent>;

/** The metadata of the org. */
export interface Catalog {
  readonly components: Components;
  find(type: string, fullName: string): OrgComponent | undefined;
  /** All of one type, by name. */
  list(type: string): OrgComponent[];
  /** An id that no component of that type has. */
  newId(type: string): string;
  /** Puts the next state in place of the present one. */
  replace(components: Components): void;
  /** Back to the components it began with. */
  reset(): void;
}

/** A catalog that begins with these components, made by the admin at `startMs`. */
export function createCatalog(initial: Iterable<Component>, startMs: number): Catalog {
  const sequences = new Map<string, () => string>();
  const newId = (type: string): string => {
    let sequence = sequences.get(type);
    if (!sequence) sequences.set(type, (sequence = createIdSequence(keyPrefixOf(type))));
    return sequence();
  };
  const stamp = {
    createdMs: startMs,
    createdById: USERS.admin.id,
    changedMs: startMs,
    changedById: USERS.admin.id,
  };
  const first: Components = new Map(
    [...initial].map((component) => [
      keyOf(component.type, component.fullName),
      { ...component, ...stamp, id: newId(component.type) },
    ]),
  );
  let components = first;
  return {
    get components() {
      return components;
    },
    find: (type, fullName) => components.get(keyOf(type, fullName)),
    list: (type) =>
      [...components.values()]
        .filter((component) => component.type === type)
        .sort((a, b) => (a.fullName < b.fullName ? -1 : 1)),
    newId,
    replace: (next) => {
      components = next;
    },
    reset: () => {
      components = first;
    },
  };
}
