import type { FieldMapping, RunItem } from '../contracts/index.ts';
import { normalizeCurrent } from '../planning/diffFields.ts';
import type { StagingRecord } from '../ports/crm.ts';
import type { ItemUpdate } from '../ports/runStore.ts';

/** Items that may be sent, with their before-images; and items that have moved since the plan, which are not sent. */
export interface PreparedBatch {
  readonly send: readonly RunItem[];
  readonly intents: readonly ItemUpdate[];
  readonly skipped: readonly ItemUpdate[];
}

/**
 * Compares a batch with the records read fresh from Salesforce. An update whose record is gone, has another key, or no
 * longer holds the planned `from` values is not written, and neither is a create whose key has several records
 * (docs/domain.md §9: the item ends as `skipped` with the reason, and the next plan sees it afresh).
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
  const skipped: ItemUpdate[] = [];
  for (const item of items) {
    const ownRecords = byKey.get(item.rdsPropertyId) ?? [];
    const record = item.operation === 'update' ? byId.get(item.stagingId ?? '') : ownRecords[0];
    const reason =
      item.operation === 'update' ? movedReason(item, record, fieldMap) : ambiguousReason(ownRecords);
    if (reason !== null) {
      skipped.push({
        rdsPropertyId: item.rdsPropertyId,
        state: 'skipped',
        error: { class: 'moved', code: reason.code, message: reason.message, fields: reason.fields },
      });
      continue;
    }
    send.push(item);
    intents.push({
      rdsPropertyId: item.rdsPropertyId,
      before: record === undefined ? null : record.values,
      systemModstampBefore: record?.systemModstamp ?? null,
      ...(record === undefined ? {} : { stagingId: record.id }),
    });
  }
  return { send, intents, skipped };
}

interface Reason {
  readonly code: string;
  readonly message: string;
  readonly fields: string[];
}

function ambiguousReason(records: readonly StagingRecord[]): Reason | null {
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
