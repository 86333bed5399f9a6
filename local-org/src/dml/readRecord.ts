import { badJson, invalidField, type ApiError, type SaveError } from '../errors.ts';
import { findField, type FieldSchema, type ObjectSchema, type Value } from '../store/schema.ts';
import { coerceValue, type InputFormat } from './coerceValue.ts';

/** A record of a request, its values typed. `id` is the text that was sent. */
export interface InputRecord {
  readonly id: string | undefined;
  readonly values: ReadonlyMap<FieldSchema, Value>;
  readonly errors: readonly SaveError[];
}

/** The error of a column that the object does not have. */
export const noSuchColumn = (name: string, object: ObjectSchema): ApiError =>
  invalidField(`No such column '${name}' on sobject of type ${object.name}`);

/**
 * Reads one JSON record. An unknown field or a wrong JSON type fails the whole request, since the body is read
 * before any record is saved [believed, not verified on a real org].
 */
export function readJsonRecord(object: ObjectSchema, record: unknown): InputRecord {
  if (typeof record !== 'object' || record === null || Array.isArray(record)) {
    throw badJson('A record must be a JSON object');
  }
  return readValues(object, Object.entries(record), 'json');
}

/** Reads one row of a bulk CSV whose columns are known: an empty cell says nothing, `#N/A` says null. */
export function readCsvRecord(
  object: ObjectSchema,
  columns: readonly string[],
  cells: readonly string[],
): InputRecord {
  const entries = columns.flatMap((name, column): [string, unknown][] => {
    const cell = cells[column] ?? '';
    return cell === '' ? [] : [[name, cell === '#N/A' ? null : cell]];
  });
  return readValues(object, entries, 'csv');
}

function readValues(
  object: ObjectSchema,
  entries: readonly (readonly [string, unknown])[],
  format: InputFormat,
): InputRecord {
  const values = new Map<FieldSchema, Value>();
  const errors: SaveError[] = [];
  let id: string | undefined;
  for (const [name, input] of entries) {
    if (name === 'attributes') continue;
    const field = findField(object, name);
    if (!field) throw noSuchColumn(name, object);
    const coerced = coerceValue(field, input, format);
    if ('error' in coerced) errors.push(coerced.error);
    else if (field.type === 'id') id = coerced.value === null ? undefined : String(coerced.value);
    else values.set(field, coerced.value);
  }
  return { id, values, errors };
}
