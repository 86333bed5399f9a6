import { invalidType } from '../errors.ts';
import type { ObjectSchema, Row } from './schema.ts';
import { Table } from './table.ts';

/** All records of the org, and the state it returns to on reset. */
export interface Store {
  readonly objects: readonly ObjectSchema[];
  /** The table of that object, whatever the name's case; INVALID_TYPE when there is none. */
  table(objectName: string): Table;
  findTable(objectName: string): Table | undefined;
  /** The table whose ids begin with these three characters. */
  findTableByPrefix(keyPrefix: string): Table | undefined;
  /** Changes what objects there are: those that stay keep their records, those that go lose them. */
  redefine(objects: readonly ObjectSchema[]): void;
  /** Back to the first objects and the seed. */
  reset(): void;
}

/** A store that holds the seed rows of each object. Rows are never changed in place, so a reset shares them. */
export function createStore(
  initial: readonly ObjectSchema[],
  seed: ReadonlyMap<string, readonly Row[]>,
): Store {
  let objects: readonly ObjectSchema[] = [];
  let tables = new Map<string, Table>();
  let tablesByPrefix = new Map<string, Table>();
  const findTable = (name: string) => tables.get(name.toLowerCase());
  const table = (name: string): Table => {
    const found = findTable(name);
    if (!found) throw invalidType(name);
    return found;
  };
  const redefine = (next: readonly ObjectSchema[]) => {
    objects = next;
    tables = new Map(
      next.map((object) => {
        const known = findTable(object.name) ?? new Table(object);
        known.redefine(object);
        return [object.name.toLowerCase(), known];
      }),
    );
    tablesByPrefix = new Map([...tables.values()].map((each) => [each.object.keyPrefix, each]));
  };
  const reset = () => {
    for (const each of tables.values()) each.clear();
    redefine(initial);
    for (const [name, rows] of seed) for (const row of rows) table(name).put(row);
  };
  reset();
  return {
    get objects() {
      return objects;
    },
    table,
    findTable,
    findTableByPrefix: (prefix) => tablesByPrefix.get(prefix),
    redefine,
    reset,
  };
}
