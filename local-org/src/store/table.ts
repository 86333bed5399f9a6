import { createIdSequence } from '../ids.ts';
import { findField, idOf, type FieldSchema, type ObjectSchema, type Row, type Value } from './schema.ts';

/** Takes back one change. */
export type Undo = () => void;

/** The key under which an index holds a value: text folds its case unless the field is case-sensitive. */
const indexKey = (field: FieldSchema, value: Value): Value =>
  typeof value === 'string' && field.type === 'string' && !field.isCaseSensitive
    ? value.toLowerCase()
    : value;

const isIndexed = (field: FieldSchema): boolean =>
  field.isExternalId || field.isUnique || (field.type === 'reference' && field.isCustom);

const emptyIndexes = (object: ObjectSchema): ReadonlyMap<FieldSchema, Map<Value, Set<string>>> =>
  new Map(object.fields.filter(isIndexed).map((field) => [field, new Map()]));

/**
 * The records of one object, live and deleted, in memory. External ids and lookups are indexed over live records
 * only: the recycle bin neither blocks a unique value nor is found by upsert.
 */
export class Table {
  readonly #rows = new Map<string, Row>();
  #object: ObjectSchema;
  #isDeletedField: FieldSchema | undefined;
  #indexes: ReadonlyMap<FieldSchema, Map<Value, Set<string>>>;
  #nextId: () => string;

  constructor(object: ObjectSchema) {
    this.#object = object;
    this.#isDeletedField = findField(object, 'IsDeleted');
    this.#indexes = emptyIndexes(object);
    this.#nextId = createIdSequence(object.keyPrefix);
  }

  get object(): ObjectSchema {
    return this.#object;
  }

  /**
   * Gives the object other fields. Records keep the values of the fields that stay, by name; in a new field they hold
   * its default.
   */
  redefine(object: ObjectSchema): void {
    const previous = this.#object;
    if (object === previous) return;
    const rows = [...this.#rows.values()];
    this.#object = object;
    this.#isDeletedField = findField(object, 'IsDeleted');
    this.#indexes = emptyIndexes(object);
    const sources = object.fields.map((field) => findField(previous, field.name)?.index);
    for (const row of rows) {
      const moved = object.fields.map((field, index) => {
        const source = sources[index];
        return source === undefined ? field.defaultValue : (row[source] ?? null);
      });
      this.#rows.set(idOf(moved), moved);
      this.#index(idOf(moved), moved);
    }
  }

  /** Every record, deleted ones included. */
  rows(): IterableIterator<Row> {
    return this.#rows.values();
  }

  /** The record, live or deleted. The id must have 18 characters. */
  get(id: string): Row | undefined {
    return this.#rows.get(id);
  }

  isDeleted(row: Row): boolean {
    return this.#isDeletedField !== undefined && row[this.#isDeletedField.index] === true;
  }

  isIndexed(field: FieldSchema): boolean {
    return this.#indexes.has(field);
  }

  /** The live records that hold the value in an indexed field. */
  findLive(field: FieldSchema, value: Value): Row[] {
    const ids = this.#indexes.get(field)?.get(indexKey(field, value));
    return ids ? [...ids].map((id) => this.#rows.get(id)).filter((row) => row !== undefined) : [];
  }

  /** An id that no record has. */
  newId(): string {
    let id = this.#nextId();
    while (this.#rows.has(id)) id = this.#nextId();
    return id;
  }

  /** Adds the record, or puts it in the place of the one with its id. */
  put(row: Row): Undo {
    const id = idOf(row);
    const previous = this.#rows.get(id);
    if (previous) this.#unindex(id, previous);
    this.#rows.set(id, row);
    this.#index(id, row);
    return () => {
      this.#unindex(id, row);
      if (previous) {
        this.#rows.set(id, previous);
        this.#index(id, previous);
      } else {
        this.#rows.delete(id);
      }
    };
  }

  /** Takes the record out for good: of an object without a recycle bin. */
  remove(id: string): Undo {
    const row = this.#rows.get(id);
    if (!row) return () => undefined;
    this.#unindex(id, row);
    this.#rows.delete(id);
    return () => void this.put(row);
  }

  clear(): void {
    this.#rows.clear();
    for (const index of this.#indexes.values()) index.clear();
    this.#nextId = createIdSequence(this.#object.keyPrefix);
  }

  #index(id: string, row: Row): void {
    if (this.isDeleted(row)) return;
    for (const [field, index] of this.#indexes) {
      const value = row[field.index] ?? null;
      if (value === null) continue;
      const key = indexKey(field, value);
      const ids = index.get(key);
      if (ids) ids.add(id);
      else index.set(key, new Set([id]));
    }
  }

  #unindex(id: string, row: Row): void {
    for (const [field, index] of this.#indexes) {
      const value = row[field.index] ?? null;
      if (value === null) continue;
      const key = indexKey(field, value);
      const ids = index.get(key);
      ids?.delete(id);
      if (ids?.size === 0) index.delete(key);
    }
  }
}
