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
  /** Back to the seed. */
  reset(): void;
}

/** A store that holds the seed rows of each object. Rows are never changed in place, so a reset shares them. */
export function createStore(
  objects: readonly ObjectSchema[],
  seed: ReadonlyMap<string, readonly Row[]>,
): Store {
  const tables = new Map(objects.map((object) => [object.name.toLowerCase(), new Table(object)]));
  const tablesByPrefix = new Map(
    objects.map((object) => [object.keyPrefix, tables.get(object.name.toLowerCase())]),
  );
  const findTable = (name: string) => tables.get(name.toLowerCase());
  const table = (name: string): Table => {
    const found = findTable(name);
    if (!found) throw invalidType(name);
    return found;
  };
  const reset = () => {
    for (const each of tables.values()) each.clear();
    for (const [name, rows] of seed) for (const row of rows) table(name).put(row);
  };
  reset();
  return { objects, table, findTable, findTableByPrefix: (prefix) => tablesByPrefix.get(prefix), reset };
}
