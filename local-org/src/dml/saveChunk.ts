import { saveError } from '../errors.ts';
import { normalizeId } from '../ids.ts';
import type { Clock } from '../clock.ts';
import { findField, idOf, type Row, type Value } from '../store/schema.ts';
import type { Store } from '../store/store.ts';
import type { Undo } from '../store/table.ts';
import { toWholeSeconds } from '../store/timestamps.ts';
import type { InputRecord } from './readRecord.ts';
import { findDuplicates, findTarget, type Failure, type TargetRequest } from './findTarget.ts';
import type { Change, RecordTrigger } from './recordTrigger.ts';
import { stampRow } from './stampRow.ts';
import { validateInput, validateRow } from './validateRow.ts';

/** What saving needs from the org. */
export interface SaveDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly trigger: RecordTrigger;
}

/** At most 200 records of one object, saved in one transaction. */
export interface SaveRequest extends TargetRequest {
  readonly userId: string;
  /** Makes a record fail with UNABLE_TO_LOCK_ROW. */
  readonly isRowLocked?: ((index: number) => boolean) | undefined;
}

/** The outcome of one record. */
export type SaveResult =
  | { readonly success: true; readonly id: string; readonly isCreated: boolean }
  | ({ readonly success: false } & Failure);

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
  for (const { change, index, undo } of writes.toReversed()) {
    const error = refused.get(change);
    if (!error) continue;
    undo();
    results[index] = { success: false, id: change.before && idOf(change.before), errors: [error] };
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
  const errors = validateInput(record, before, deps.store);
  if (errors.length > 0) return { id, errors };
  const after = applyValues(request, record, before, deps.clock);
  const invalid = validateRow(request.table, after);
  if (invalid.length > 0) return { id, errors: invalid };
  return { change: { table: request.table, before, after }, undo: request.table.put(after) };
}

function applyValues(request: SaveRequest, record: InputRecord, before: Row | undefined, clock: Clock): Row {
  const { table, userId } = request;
  const row: Value[] = before ? [...before] : table.object.fields.map((field) => field.defaultValue);
  for (const [field, value] of record.values) {
    row[field.index] =
      field.type === 'reference' && value !== null ? (normalizeId(String(value)) ?? value) : value;
  }
  // Setup objects lack some of the fields that every custom object has.
  const set = (name: string, value: Value) => {
    const field = findField(table.object, name);
    if (field) row[field.index] = value;
  };
  const now = toWholeSeconds(clock.nowMs());
  if (!before) {
    set('Id', table.newId());
    set('CreatedDate', now);
    set('CreatedById', userId);
    const owner = findField(table.object, 'OwnerId');
    if (owner && (row[owner.index] ?? null) === null) set('OwnerId', userId);
  }
  stampRow(table, row, now, userId);
  // A record without a name shows its id [believed, not verified on a real org].
  const name = findField(table.object, 'Name');
  if (name && row[name.index] === null) row[name.index] = idOf(row).slice(0, 15);
  return row;
}
