import {
  keyMapping,
  lookupField,
  stampFields,
  type FieldMapping,
  type MappedValue,
} from '../../contracts/index.ts';
import type { StagingRecord } from '../../ports/crm.ts';

/** A record as REST answers it, or a row of a result file: there every value is text and empty is null. */
export type RawRecord = Readonly<Record<string, unknown>>;

/** The fields every read asks for, in the order of the field map. */
export function readFields(fieldMap: readonly FieldMapping[]): string[] {
  return [
    'Id',
    'IsDeleted',
    keyMapping.field,
    ...fieldMap.map(({ field }) => field),
    lookupField,
    stampFields.lastSyncedAt,
    stampFields.syncRunId,
    'CreatedDate',
    'LastModifiedDate',
    'LastModifiedById',
    'SystemModstamp',
  ];
}

/** Turns a record or a result row into a staging record; text becomes boolean or number where the field is one. */
export function toStagingRecord(raw: RawRecord, fieldMap: readonly FieldMapping[]): StagingRecord {
  const values: Record<string, MappedValue> = {};
  for (const { field, normalizer } of fieldMap) values[field] = toValue(raw[field], normalizer);
  return {
    id: requiredText(raw['Id']),
    key: optionalText(raw[keyMapping.field]),
    isDeleted: toValue(raw['IsDeleted'], 'boolean') === true,
    values,
    lookupId: optionalText(raw[lookupField]),
    syncRunId: optionalText(raw[stampFields.syncRunId]),
    lastSyncedAt: optionalText(raw[stampFields.lastSyncedAt]),
    createdAt: requiredText(raw['CreatedDate']),
    lastModifiedAt: requiredText(raw['LastModifiedDate']),
    lastModifiedById: requiredText(raw['LastModifiedById']),
    systemModstamp: requiredText(raw['SystemModstamp']),
  };
}

/** The value in a Bulk API 2.0 file: `#N/A` clears the field (Bulk API 2.0 Developer Guide, "Valid Record Rows"). */
export function toCell(value: MappedValue | undefined): string {
  if (value === undefined) return '';
  return value === null ? '#N/A' : String(value);
}

function toValue(value: unknown, normalizer: FieldMapping['normalizer']): MappedValue {
  if (value === null || value === undefined || value === '') return null;
  if (normalizer === 'boolean') return typeof value === 'boolean' ? value : value === 'true';
  if (normalizer === 'integer') return Number(value);
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
    ? String(value)
    : null;
}

function optionalText(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}

function requiredText(value: unknown): string {
  if (typeof value !== 'string' || value === '') throw new TypeError('Salesforce left out a system field.');
  return value;
}
