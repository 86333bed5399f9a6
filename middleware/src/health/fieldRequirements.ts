import { keyMapping, stampFields, type FieldMapping, type Normalizer } from '../contracts/index.ts';

/** What a field of the staging object must be for the sync to write it. */
export interface FieldRequirement {
  readonly field: string;
  /** Types as describe names them (REST API Developer Guide, "sObject Describe"). */
  readonly types: readonly string[];
  /** Null where a length means nothing. */
  readonly minLength: number | null;
  /** The key is written with a create and never changed. */
  readonly isUpdated: boolean;
}

const texts = ['string', 'textarea'];

const typesOf: Readonly<Record<Normalizer, readonly string[]>> = {
  uuid: texts,
  name: texts,
  text: texts,
  // The state of a compound address is a picklist.
  state: [...texts, 'picklist'],
  postalCode: texts,
  salesforceId: texts,
  status: ['picklist', 'string'],
  boolean: ['boolean'],
  date: ['date'],
  integer: ['double', 'int'],
};

/** Lengths by column of the queues (docs/domain.md §4.1). */
const minLengths: Readonly<Record<string, number>> = {
  rds_property_id: 36,
  property_name: 80,
  short_id: 20,
  company_id: 36,
  company_name: 255,
  address: 255,
  city: 255,
  state: 2,
  postal_code: 20,
  contributing_property_ids: 32_768,
  sfdc_id_18: 18,
};

/** Everything the sync writes: the key, each mapped field, the stamps. */
export function fieldRequirements(fieldMap: readonly FieldMapping[]): FieldRequirement[] {
  return [
    {
      field: keyMapping.field,
      types: ['string'],
      minLength: minLengths[keyMapping.column] ?? null,
      isUpdated: false,
    },
    ...fieldMap.map(({ column, field, normalizer }) => ({
      field,
      types: typesOf[normalizer],
      minLength: minLengths[column] ?? null,
      isUpdated: true,
    })),
    { field: stampFields.lastSyncedAt, types: ['datetime'], minLength: null, isUpdated: true },
    { field: stampFields.syncRunId, types: ['string'], minLength: 36, isUpdated: true },
  ];
}
