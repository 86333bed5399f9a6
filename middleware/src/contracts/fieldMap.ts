/**
 * The field map (docs/domain.md §8.1): which column of the queue views is written to which Salesforce field of
 * `Product_Property__c`, and under which rules. `field` is the product's name for the field and the API name of the
 * shipped object; an org with another API name maps it once, at the crm adapter.
 */

/** What is done to a value on both sides before it is compared (docs/domain.md §8.2). */
export type Normalizer =
  | 'uuid'
  | 'name'
  | 'text'
  | 'state'
  | 'postalCode'
  | 'status'
  | 'boolean'
  | 'date'
  | 'integer'
  | 'salesforceId';

/** Who wins a difference (docs/domain.md §8.3). */
export type Owner = 'source' | 'salesforce' | 'setIfEmpty';

/** What an empty source value does: clears Salesforce, leaves it, or cannot happen (docs/domain.md §8.1). */
export type NullPolicy = 'write' | 'keep' | 'never';

export interface FieldMapping {
  /** Column of `properties_to_create`, `properties_to_update` and the mirror. */
  readonly column: string;
  readonly field: string;
  readonly normalizer: Normalizer;
  readonly owner: Owner;
  readonly nullPolicy: NullPolicy;
  /** Computed from the group rather than copied from the property. */
  readonly isDerived: boolean;
}

const mapping = (
  column: string,
  field: string,
  normalizer: Normalizer,
  nullPolicy: NullPolicy,
  isDerived = false,
): FieldMapping => ({ column, field, normalizer, nullPolicy, isDerived, owner: 'source' });

/** The external id: identifies a record, is written on create, and is never compared or changed. */
export const keyMapping = {
  column: 'rds_property_id',
  field: 'RDS_Property_ID__c',
  normalizer: 'uuid',
} as const;

/** The five features, in the order in which they are shown (docs/domain.md §1.1). */
export const features = ['idv', 'bank_linking', 'payroll', 'income_insights', 'document_fraud'] as const;
export type Feature = (typeof features)[number];

/** Salesforce's stem of a feature's two fields: `<stem>_Enabled__c` and `<stem>_Start_Date__c`. */
export const salesforceStems: Readonly<Record<Feature, string>> = {
  idv: 'ID_Verification',
  bank_linking: 'Bank_Linking',
  payroll: 'Connected_Payroll',
  income_insights: 'Income_Verification',
  document_fraud: 'Fraud_Detection',
};

/** Prefix of a feature's columns in the wide source table. */
export const wideTablePrefixes: Readonly<Record<Feature, string>> = {
  idv: 'idv',
  bank_linking: 'bank_linking',
  payroll: 'payroll_linking',
  income_insights: 'iv',
  document_fraud: 'fraud',
};

/** Every compared and written value field, in the order of docs/domain.md §8.1. */
export const defaultFieldMap: readonly FieldMapping[] = [
  mapping('property_name', 'Name', 'name', 'keep'),
  mapping('short_id', 'Short_ID__c', 'text', 'keep'),
  mapping('company_id', 'Company_ID__c', 'uuid', 'keep'),
  mapping('company_name', 'Company_Name__c', 'text', 'keep'),
  mapping('address', 'Street__c', 'text', 'keep'),
  mapping('city', 'City__c', 'text', 'keep'),
  mapping('state', 'State_Code__c', 'state', 'keep'),
  mapping('postal_code', 'Postal_Code__c', 'postalCode', 'keep'),
  mapping('property_status', 'Status__c', 'status', 'never'),
  ...features.map((feature) =>
    mapping(`${feature}_enabled`, `${salesforceStems[feature]}_Enabled__c`, 'boolean', 'never'),
  ),
  ...features.map((feature) =>
    mapping(`${feature}_start_date`, `${salesforceStems[feature]}_Start_Date__c`, 'date', 'write'),
  ),
  mapping('active_property_count', 'Active_Property_Count__c', 'integer', 'never', true),
  mapping('is_multi_property', 'Is_Multi_Property__c', 'boolean', 'never', true),
  mapping('contributing_property_ids', 'Contributing_Property_IDs__c', 'text', 'write', true),
  mapping('sfdc_id_18', 'Source_Salesforce_ID__c', 'salesforceId', 'write'),
];

/** Written whenever the row is written; outside diff, verification and rollback (docs/domain.md §4.1). */
export const stampFields = { lastSyncedAt: 'Last_Synced_At__c', syncRunId: 'Sync_Run_ID__c' } as const;

/** The lookup to the production record. Read for showing and tracking; never written, never a match key. */
export const lookupField = 'Property__c';

export const stagingObject = 'Product_Property__c';
export const productionObject = 'Property__c';

/** A normalised value: text, number, boolean, a date as `YYYY-MM-DD`, or null. */
export type MappedValue = string | number | boolean | null;

/** Normalised values by Salesforce field name. */
export type MappedValues = Readonly<Record<string, MappedValue>>;
