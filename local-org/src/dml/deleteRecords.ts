import { findField, idOf, type Value } from '../store/schema.ts';
import type { Table, Undo } from '../store/table.ts';
import { toWholeSeconds } from '../store/timestamps.ts';
import { saveError } from '../errors.ts';
import { findById } from './findTarget.ts';
import type { SaveDeps, SaveResult } from './saveChunk.ts';
import { stampRow } from './stampRow.ts';
import type { Change } from './recordTrigger.ts';

/** One record to put into the recycle bin. */
export interface DeleteRequest {
  readonly table: Table;
  readonly id: string;
}

/** Puts the records into the recycle bin; lookups that pointed at them become null (delete constraint SetNull). */
export function deleteRecords(
  requests: readonly DeleteRequest[],
  deps: SaveDeps,
  options: { userId: string; allOrNone: boolean; isRowLocked?: ((index: number) => boolean) | undefined },
): SaveResult[] {
  const undos: Undo[] = [];
  const changes: Change[] = [];
  const now = toWholeSeconds(deps.clock.nowMs());
  const put = (table: Table, before: readonly Value[], set: (row: Value[]) => void) => {
    const after = [...before];
    set(after);
    stampRow(table, after, now, options.userId);
    undos.push(table.put(after));
    changes.push({ table, before, after });
  };
  const results = requests.map(({ table, id }, index): SaveResult => {
    const target = findById(table, id);
    if ('errors' in target) return { success: false, ...target };
    if (options.isRowLocked?.(index)) {
      const error = saveError('UNABLE_TO_LOCK_ROW', 'unable to obtain exclusive access to this record');
      return { success: false, id, errors: [error] };
    }
    const deleted = findField(table.object, 'IsDeleted');
    if (!deleted) {
      undos.push(table.remove(idOf(target.before)));
      return { success: true, id: idOf(target.before), isCreated: false };
    }
    put(table, target.before, (row) => {
      row[deleted.index] = true;
    });
    clearLookups(table, idOf(target.before), deps, put);
    return { success: true, id: idOf(target.before), isCreated: false };
  });
  if (options.allOrNone && results.some((result) => !result.success)) {
    undos.toReversed().forEach((undo) => undo());
    const error = saveError(
      'ALL_OR_NONE_OPERATION_ROLLED_BACK',
      'Record rolled back because not all records were valid and the request was using AllOrNone header',
    );
    return results.map((result) =>
      result.success ? { success: false, id: result.id, errors: [error] } : result,
    );
  }
  deps.trigger.afterSave(changes);
  return results;
}

function clearLookups(
  parent: Table,
  parentId: string,
  { store }: SaveDeps,
  put: (table: Table, before: readonly Value[], set: (row: Value[]) => void) => void,
): void {
  for (const object of store.objects.filter((each) => each.isCustom)) {
    const table = store.table(object.name);
    for (const field of object.fields) {
      if (!field.isCustom || field.referenceTo !== parent.object.name) continue;
      for (const row of table.findLive(field, parentId)) {
        put(table, row, (after) => {
          after[field.index] = null;
        });
      }
    }
  }
}
