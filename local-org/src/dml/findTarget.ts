import { saveError, type SaveError } from '../errors.ts';
import { normalizeId } from '../ids.ts';
import { idOf, type FieldSchema, type Row } from '../store/schema.ts';
import type { Table } from '../store/table.ts';
import type { InputRecord } from './readRecord.ts';

/** Which records a save means: all of them at once, since a key may not come twice. */
export interface TargetRequest {
  readonly operation: 'insert' | 'update' | 'upsert';
  readonly table: Table;
  /** The field that tells which record an upsert means. */
  readonly keyField?: FieldSchema | undefined;
  readonly records: readonly InputRecord[];
}

/** Why a record was not saved; with its id where that is known. */
export interface Failure {
  readonly id?: string | undefined;
  readonly errors: readonly SaveError[];
}

/** The record that is meant, or none for a new one. */
export function findTarget(
  request: TargetRequest,
  record: InputRecord,
): { before: Row | undefined } | Failure {
  const { operation, table, keyField } = request;
  if (operation === 'insert') {
    if (record.id === undefined) return { before: undefined };
    const message = 'cannot specify Id in an insert call';
    return { errors: [saveError('INVALID_FIELD_FOR_INSERT_UPDATE', message, ['Id'])] };
  }
  if (operation === 'update' || keyField?.type === 'id') {
    if (record.id === undefined) {
      if (operation === 'upsert') return { before: undefined };
      return { errors: [saveError('MISSING_ARGUMENT', 'Id not specified in an update call')] };
    }
    return findById(table, record.id);
  }
  if (!keyField) throw new Error('An upsert needs its key field.');
  if (record.id !== undefined) {
    const message = 'cannot specify Id in an upsert call by external id';
    return { errors: [saveError('INVALID_FIELD_FOR_INSERT_UPDATE', message, ['Id'])] };
  }
  const key = record.values.get(keyField) ?? null;
  if (key === null) return { errors: [saveError('MISSING_ARGUMENT', `${keyField.name} not specified`)] };
  const matches = table.findLive(keyField, key);
  if (matches.length < 2) return { before: matches[0] };
  const ids = matches.map(idOf).join(', ');
  const message = `${keyField.name}: more than one record found for external id field: [${ids}]`;
  return { errors: [saveError('DUPLICATE_EXTERNAL_ID', message, [keyField.name])] };
}

/** A record named by its id (SOAP API Developer Guide, "Core Data Types": MALFORMED_ID, ENTITY_IS_DELETED, …). */
export function findById(table: Table, text: string): { before: Row } | Failure {
  const id = normalizeId(text);
  if (!id?.startsWith(table.object.keyPrefix)) {
    const message = `${table.object.label} ID: id value of incorrect type: ${text}`;
    return { id: text, errors: [saveError('MALFORMED_ID', message, ['Id'])] };
  }
  const row = table.get(id);
  if (!row) return { id, errors: [saveError('INVALID_CROSS_REFERENCE_KEY', 'invalid cross reference id')] };
  if (table.isDeleted(row)) return { id, errors: [saveError('ENTITY_IS_DELETED', 'entity is deleted')] };
  return { before: row };
}

/**
 * Every record whose key occurs twice in the call fails, none is saved [believed, not verified on a real org; the
 * same for an id named twice in an update].
 */
export function findDuplicates({
  operation,
  keyField,
  records,
}: TargetRequest): ReadonlyMap<number, Failure> {
  if (operation === 'insert') return new Map();
  const isByKey = operation === 'upsert' && keyField !== undefined && keyField.type !== 'id';
  const keyOf = (record: InputRecord): string | undefined => {
    const key = isByKey ? record.values.get(keyField) : record.id && (normalizeId(record.id) ?? record.id);
    if (key === undefined || key === null) return undefined;
    return isByKey && !keyField.isCaseSensitive ? String(key).toLowerCase() : String(key);
  };
  const indexes = new Map<string | undefined, number[]>();
  records.forEach((record, index) => {
    const key = keyOf(record);
    indexes.set(key, [...(indexes.get(key) ?? []), index]);
  });
  const failures = new Map<number, Failure>();
  for (const [key, group] of indexes) {
    if (key === undefined || group.length === 1) continue;
    const error = isByKey
      ? saveError('DUPLICATE_VALUE', `Duplicate external id specified: ${key}`, [keyField.name])
      : saveError('DUPLICATE_VALUE', `Duplicate id specified: ${key}`, ['Id']);
    for (const index of group) failures.set(index, { errors: [error] });
  }
  return failures;
}
