import { stampFields, type FieldMapping, type MappedValue, type MappedValues } from '../contracts/index.ts';
import type { RecordWrite } from '../ports/crm.ts';

/** What of a plan item or run item decides its payload. */
export interface Writable {
  readonly rdsPropertyId: string;
  readonly operation: 'create' | 'update';
  readonly stagingId: string | null;
  readonly expected: MappedValues;
  readonly changes: readonly { readonly field: string; readonly to: MappedValue }[];
}

/** The two stamps of a batch: written whenever a row is written, compared never (docs/domain.md §4.1). */
export interface Stamp {
  readonly sentAt: string;
  readonly runId: string;
}

/**
 * The record to send. A create carries every mapped field, and its key, so that no record ever comes to be without one;
 * a field whose empty source keeps Salesforce's value is left out, should the row exist after all. An update carries the
 * changed fields only, and an emptied one as an explicit null.
 */
export function toRecordWrite(item: Writable, stamp: Stamp, fieldMap: readonly FieldMapping[]): RecordWrite {
  const values: Record<string, MappedValue> = {};
  if (item.operation === 'create') {
    for (const { field, nullPolicy } of fieldMap) {
      const value = item.expected[field] ?? null;
      if (value !== null || nullPolicy === 'write') values[field] = value;
    }
  } else {
    for (const { field, to } of item.changes) values[field] = to;
  }
  return {
    key: item.rdsPropertyId,
    id: item.operation === 'update' ? item.stagingId : null,
    fields: { ...values, [stampFields.lastSyncedAt]: stamp.sentAt, [stampFields.syncRunId]: stamp.runId },
  };
}
