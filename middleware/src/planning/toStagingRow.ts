import type { StagingRecord } from '../ports/crm.ts';
import type { StagingRow } from './sourceRows.ts';

/** A staging record read from Salesforce itself, as the reference evaluator takes it. */
export function toStagingRow(record: StagingRecord): StagingRow {
  return {
    id: record.id,
    key: record.key,
    lookup: record.lookupId,
    isDeleted: record.isDeleted,
    values: record.values,
    lastModifiedAt: new Date(record.lastModifiedAt),
    lastModifiedById: record.lastModifiedById,
    systemModstamp: new Date(record.systemModstamp),
  };
}
