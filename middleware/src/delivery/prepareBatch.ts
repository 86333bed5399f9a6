import type { FieldMapping, RunItem } from '../contracts/index.ts';
import { normalizeCurrent } from '../planning/diffFields.ts';
import type { StagingRecord } from '../ports/crm.ts';
import type { ItemUpdate } from '../ports/runStore.ts';

/** Items to send, with their before-images; and what became of the others without being sent now. */
export interface PreparedBatch {
  readonly send: readonly RunItem[];
  readonly intents: readonly ItemUpdate[];
  readonly settled: readonly ItemUpdate[];
}

/**
 * Compares a batch with the records read fresh from Salesforce. A record that already carries this run's stamp was
 * written by an earlier attempt whose answer came too late, and is not written twice. An update whose record is gone, has
 * another key, or no longer holds the planned `from` values is not written, and neither is a create whose key has several
 * records or was written by another run of ours since the plan (docs/domain.md §9: the item ends as `skipped` with the reason, and the next plan sees it afresh).
 */
export function prepareBatch(
  items: readonly RunItem[],
  records: readonly StagingRecord[],
  fieldMap: readonly FieldMapping[],
): PreparedBatch {
  const byId = new Map(records.map((record) => [record.id, record]));
  const byKey = Map.groupBy(records, ({ key }) => key?.toLowerCase() ?? '');
  const send: RunItem[] = [];
  const intents: ItemUpdate[] = [];
  const settled: ItemUpdate[] = [];
  for (const item of items) {
    const { rdsPropertyId } = item;
    const ownRecords = byKey.get(rdsPropertyId) ?? [];
    const record = item.operation === 'update' ? byId.get(item.stagingId ?? '') : ownRecords[0];
    const written = ownRecords.find(({ syncRunId }) => syncRunId === item.runId);
    if (written !== undefined) {
      settled.push(acceptedEarlier(item, written));
      continue;
    }
    const reason =
      item.operation === 'update' ? movedReason(item, record, fieldMap) : createdReason(ownRecords);
    if (reason !== null) {
      settled.push({ rdsPropertyId, state: 'skipped', error: { class: 'moved', ...reason } });
      continue;
    }
    send.push(item);
    intents.push({
      rdsPropertyId,
      ...(record === undefined ? {} : { stagingId: record.id }),
      // The first image is the one to go back to: a later attempt may see what an earlier one has written.
      ...(item.attempts > 0
        ? {}
        : { before: record?.values ?? null, systemModstampBefore: record?.systemModstamp ?? null }),
    });
  }
  return { send, intents, settled };
}

/** What an item becomes whose record carries the stamp of its run. */
export function acceptedEarlier(
  { rdsPropertyId, operation, before }: RunItem,
  record: StagingRecord,
): ItemUpdate {
  const wasCreated = operation === 'create' && before === null;
  return { rdsPropertyId, state: 'accepted', stagingId: record.id, wasCreated, error: null };
}

interface Reason {
  readonly code: string;
  readonly message: string;
  readonly fields: string[];
}

function createdReason(records: readonly StagingRecord[]): Reason | null {
  const writer = records.length === 1 ? records[0]?.syncRunId : null;
  if (writer != null) {
    return { code: 'RESYNCED', message: `Run ${writer} has created the record since the plan.`, fields: [] };
  }
  if (records.length < 2) return null;
  return {
    code: 'SEVERAL_RECORDS',
    message: `${String(records.length)} records carry this key now.`,
    fields: [],
  };
}

function movedReason(
  item: RunItem,
  record: StagingRecord | undefined,
  fieldMap: readonly FieldMapping[],
): Reason | null {
  if (record === undefined)
    return { code: 'RECORD_GONE', message: 'The record was deleted after the plan was made.', fields: [] };
  if (record.key?.toLowerCase() !== item.rdsPropertyId) {
    return { code: 'KEY_CHANGED', message: 'The record belongs to another property now.', fields: [] };
  }
  const current = normalizeCurrent(record.values, fieldMap);
  const moved = item.changes
    .filter(({ field, from }) => (current[field] ?? null) !== from)
    .map(({ field }) => field);
  if (moved.length === 0) return null;
  return {
    code: 'RECORD_MOVED',
    message: `Somebody changed ${moved.join(', ')} after the plan was made.`,
    fields: moved,
  };
}
