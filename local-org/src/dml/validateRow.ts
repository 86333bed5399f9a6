import { saveError, type SaveError } from '../errors.ts';
import { normalizeId } from '../ids.ts';
import { getField, idOf, type Row } from '../store/schema.ts';
import type { Store } from '../store/store.ts';
import type { Table } from '../store/table.ts';
import type { InputRecord } from './readRecord.ts';

/** What is wrong with the values that a request brings, before they are put into a row. */
export function validateInput(record: InputRecord, before: Row | undefined, store: Store): SaveError[] {
  return [...record.errors, ...findReadOnly(record, before), ...findBadLookups(record, store)];
}

/** What is wrong with the row as it would be stored. */
export function validateRow(table: Table, row: Row): SaveError[] {
  return [...findMissing(table, row), ...findTaken(table, row), ...findTakenTogether(table, row)];
}

function findReadOnly(record: InputRecord, before: Row | undefined): SaveError[] {
  const names = [...record.values.keys()]
    .filter((field) => (before ? !field.isUpdateable : !field.isCreateable))
    .map((field) => field.name);
  if (names.length === 0) return [];
  const message =
    `Unable to create/update fields: ${names.join(', ')}. Please check the security settings of this field and ` +
    'verify that it is read/write for your profile or permission set.';
  return [saveError('INVALID_FIELD_FOR_INSERT_UPDATE', message, names)];
}

/** Lookups must name a live record of the right object. */
function findBadLookups(record: InputRecord, store: Store): SaveError[] {
  const errors: SaveError[] = [];
  for (const [field, value] of record.values) {
    if (field.type !== 'reference' || value === null || field.referenceTo === undefined) continue;
    const parent = store.table(field.referenceTo);
    const id = normalizeId(String(value));
    const row = id === undefined ? undefined : parent.get(id);
    if (!id?.startsWith(parent.object.keyPrefix)) {
      errors.push(
        saveError('MALFORMED_ID', `${field.label}: id value of incorrect type: ${value}`, [field.name]),
      );
    } else if (!row) {
      errors.push(saveError('INVALID_CROSS_REFERENCE_KEY', 'invalid cross reference id', [field.name]));
    } else if (parent.isDeleted(row)) {
      errors.push(saveError('ENTITY_IS_DELETED', 'entity is deleted', [field.name]));
    }
  }
  return errors;
}

function findMissing(table: Table, row: Row): SaveError[] {
  const names = table.object.fields
    .filter((field) => field.isRequired && field.isCreateable && (row[field.index] ?? null) === null)
    .map((field) => field.name);
  if (names.length === 0) return [];
  return [saveError('REQUIRED_FIELD_MISSING', `Required fields are missing: [${names.join(', ')}]`, names)];
}

/** A unique value that another live record holds; the message names that record by its 15-character id. */
function findTaken(table: Table, row: Row): SaveError[] {
  return table.object.fields
    .filter((field) => field.isUnique && row[field.index] !== null)
    .flatMap((field) => {
      const other = table.findLive(field, row[field.index] ?? null).find((each) => idOf(each) !== idOf(row));
      if (!other) return [];
      const id = idOf(other).slice(0, 15);
      return [
        saveError(
          'DUPLICATE_VALUE',
          `duplicate value found: ${field.name} duplicates value on record with id: ${id}`,
        ),
      ];
    });
}

/** As a second assignment of a permission set to one user [message believed]. */
function findTakenTogether(table: Table, row: Row): SaveError[] {
  const { uniqueTogether, name } = table.object;
  if (!uniqueTogether) return [];
  const indexes = uniqueTogether.map((field) => getField(table.object, field).index);
  const other = [...table.rows()].find(
    (each) => idOf(each) !== idOf(row) && indexes.every((index) => each[index] === row[index]),
  );
  const values = uniqueTogether.map((field, place) => `${field}: ${row[indexes[place] ?? 0] ?? ''}`);
  return other ? [saveError('DUPLICATE_VALUE', `Duplicate ${name}. ${values.join('; ')}`)] : [];
}
