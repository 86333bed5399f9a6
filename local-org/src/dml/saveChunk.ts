import { saveError, type SaveError } from '../errors.ts';
import { normalizeId } from '../ids.ts';
import type { Clock } from '../clock.ts';
import { getField, idOf, type FieldSchema, type Row, type Value } from '../store/schema.ts';
import type { Store } from '../store/store.ts';
import type { Table, Undo } from '../store/table.ts';
import { toWholeSeconds } from '../store/timestamps.ts';
import type { InputRecord } from './readRecord.ts';
import type { Change, RecordTrigger } from './recordTrigger.ts';

/** What saving needs from the org. */
export interface SaveDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly trigger: RecordTrigger;
}

/** At most 200 records of one object, saved in one transaction. */
export interface SaveRequest {
  readonly operation: 'insert' | 'update' | 'upsert';
  readonly table: Table;
  /** The field that tells which record an upsert means. */
  readonly keyField?: FieldSchema | undefined;
  readonly records: readonly InputRecord[];
  readonly userId: string;
  /** Makes a record fail with UNABLE_TO_LOCK_ROW. */
  readonly isRowLocked?: ((index: number) => boolean) | undefined;
}

/** The outcome of one record. */
export type SaveResult =
  | { readonly success: true; readonly id: string; readonly isCreated: boolean }
  | { readonly success: false; readonly id?: string | undefined; readonly errors: readonly SaveError[] };

/** A transaction that is not settled yet: the caller commits it, or takes it back. */
export interface SavedChunk {
  readonly results: readonly SaveResult[];
  readonly changes: readonly Change[];
  undo(): void;
}

interface Write {
  readonly index: number;
  readonly change: Change;
  readonly undo: Undo;
}

/** Saves each record that is valid and reports the others, in request order. */
export function saveChunk(request: SaveRequest, deps: SaveDeps): SavedChunk {
  const results = new Array<SaveResult>(request.records.length);
  const duplicates = findDuplicates(request);
  const writes: Write[] = [];
  request.records.forEach((record, index) => {
    const outcome = duplicates.get(index) ?? saveOne(request, record, index, deps);
    if ('change' in outcome) writes.push({ index, ...outcome });
    else results[index] = { success: false, ...outcome };
  });
  const refused = deps.trigger.refuse(writes.map((write) => write.change));
  const kept = writes.filter((write) => !refused.has(write.change));
  for (const { change, index, undo } of [...writes].reverse()) {
    const error = refused.get(change);
    if (!error) continue;
    undo();
    results[index] = { success: false, errors: [error] };
  }
  for (const { change, index } of kept) {
    results[index] = { success: true, id: idOf(change.after), isCreated: change.before === undefined };
  }
  return {
    results,
    changes: kept.map((write) => write.change),
    undo: () => kept.toReversed().forEach((write) => write.undo()),
  };
}

type Failure = { id?: string | undefined; errors: readonly SaveError[] };
type Outcome = Omit<Write, 'index'> | Failure;

function saveOne(request: SaveRequest, record: InputRecord, index: number, deps: SaveDeps): Outcome {
  const target = findTarget(request, record);
  if ('errors' in target) return target;
  const { before } = target;
  const id = before && idOf(before);
  if (request.isRowLocked?.(index)) {
    return {
      id,
      errors: [saveError('UNABLE_TO_LOCK_ROW', 'unable to obtain exclusive access to this record')],
    };
  }
  const errors = [...record.errors, ...findReadOnly(record, before), ...findBadLookups(record, deps.store)];
  if (errors.length > 0) return { id, errors };
  const after = applyValues(request, record, before, deps.clock);
  const invalid = [...findMissing(request.table, after), ...findTaken(request.table, after)];
  if (invalid.length > 0) return { id, errors: invalid };
  return { change: { table: request.table, before, after }, undo: request.table.put(after) };
}

/** The record that is meant, or none for a new one. */
function findTarget(request: SaveRequest, record: InputRecord): { before: Row | undefined } | Failure {
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
function findDuplicates({ operation, keyField, records }: SaveRequest): ReadonlyMap<number, Failure> {
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

function applyValues(request: SaveRequest, record: InputRecord, before: Row | undefined, clock: Clock): Row {
  const { table, userId } = request;
  const row: Value[] = before ? [...before] : table.object.fields.map((field) => field.defaultValue);
  for (const [field, value] of record.values) {
    row[field.index] =
      field.type === 'reference' && value !== null ? (normalizeId(String(value)) ?? value) : value;
  }
  const set = (name: string, value: Value) => {
    row[getField(table.object, name).index] = value;
  };
  const now = toWholeSeconds(clock.nowMs());
  if (!before) {
    set('Id', table.newId());
    set('CreatedDate', now);
    set('CreatedById', userId);
    if ((row[getField(table.object, 'OwnerId').index] ?? null) === null) set('OwnerId', userId);
  }
  touch(table, row, now, userId);
  // A record without a name shows its id [believed, not verified on a real org].
  const name = getField(table.object, 'Name');
  if (row[name.index] === null) row[name.index] = idOf(row).slice(0, 15);
  return row;
}

/** Stamps who changed a record and when. SystemModstamp never goes back, whatever the seed said. */
export function touch(table: Table, row: Value[], nowMs: number, userId: string): void {
  const stamp = getField(table.object, 'SystemModstamp').index;
  row[getField(table.object, 'LastModifiedDate').index] = nowMs;
  row[getField(table.object, 'LastModifiedById').index] = userId;
  row[stamp] = Math.max(nowMs, (row[stamp] as number | null) ?? 0);
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
