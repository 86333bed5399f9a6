/** The tables of the baseline: columns in file order, each with its type (docs/domain.md §3, §4). */

export type ColumnType = 'text' | 'integer' | 'boolean' | 'timestamp' | 'date';

export type Columns = Readonly<Record<string, ColumnType>>;

/** NULL is null. Timestamps are `2026-01-05T12:00:00.000Z`, dates `2026-01-05`. */
export type Cell = string | number | boolean | null;

export type Row = readonly Cell[];

const fivetran = { _fivetran_deleted: 'boolean', _fivetran_synced: 'timestamp' } as const;

const properties: Columns = {
  id: 'text',
  name: 'text',
  entity_name: 'text',
  logo: 'text',
  phone: 'text',
  website: 'text',
  email: 'text',
  unit: 'integer',
  address: 'text',
  city: 'text',
  state: 'text',
  zip: 'text',
  status: 'text',
  inserted_at: 'timestamp',
  updated_at: 'timestamp',
  company_id: 'text',
  company_short_id: 'text',
  short_id: 'text',
  pmc_name: 'text',
  bank_statement: 'integer',
  paystub: 'integer',
  unit_is_required: 'boolean',
  phone_is_required: 'boolean',
  identity_verification_enabled: 'boolean',
  identity_verification_provider: 'text',
  identity_verification_flow_types: 'text',
  identity_verification_report_image_types: 'text',
  supported_doctypes: 'text',
  textsearchable_index_col: 'text',
  sfdc_id: 'text',
  ...fivetran,
};

const companies: Columns = {
  id: 'text',
  name: 'text',
  address: 'text',
  city: 'text',
  state: 'text',
  zip: 'text',
  phone: 'text',
  website: 'text',
  logo: 'text',
  short_id: 'text',
  salesforce_account_id: 'text',
  inserted_at: 'timestamp',
  updated_at: 'timestamp',
  ...fivetran,
};

const catalogue: Columns = { id: 'text', name: 'text', code: 'text', ...fivetran };

const propertyFeatures: Columns = {
  id: 'text',
  feature_code: 'text',
  property_id: 'text',
  state: 'text',
  inserted_at: 'timestamp',
  updated_at: 'timestamp',
  ...fivetran,
};

const propertyFeatureEvents: Columns = {
  id: 'text',
  feature_code: 'text',
  property_id: 'text',
  event_type: 'text',
  inserted_at: 'timestamp',
  ...fivetran,
};

/** Prefixes of the wide table: the five synced features in the order of `features`, then the two others. */
export const widePrefixes = [
  'idv',
  'bank_linking',
  'payroll_linking',
  'iv',
  'fraud',
  'idv_only',
  'vor',
] as const;

const wide: Columns = {
  property_id: 'text',
  sfdc_id: 'text',
  product_property_id: 'text',
  ...Object.fromEntries(
    widePrefixes.flatMap((prefix): [string, ColumnType][] => [
      [`${prefix}_enabled`, 'boolean'],
      [`${prefix}_enabled_at`, 'timestamp'],
      [`${prefix}_updated_at`, 'timestamp'],
    ]),
  ),
};

const salesforceFeatures: Columns = {
  ID_Verification_Enabled__c: 'boolean',
  Bank_Linking_Enabled__c: 'boolean',
  Connected_Payroll_Enabled__c: 'boolean',
  Income_Verification_Enabled__c: 'boolean',
  Fraud_Detection_Enabled__c: 'boolean',
  ID_Verification_Start_Date__c: 'date',
  Bank_Linking_Start_Date__c: 'date',
  Connected_Payroll_Start_Date__c: 'date',
  Income_Verification_Start_Date__c: 'date',
  Fraud_Detection_Start_Date__c: 'date',
};

const salesforceSystem: Columns = {
  CreatedDate: 'timestamp',
  CreatedById: 'text',
  LastModifiedDate: 'timestamp',
  LastModifiedById: 'text',
  SystemModstamp: 'timestamp',
};

const staging: Columns = {
  Id: 'text',
  IsDeleted: 'boolean',
  Name: 'text',
  RDS_Property_ID__c: 'text',
  Short_ID__c: 'text',
  Company_ID__c: 'text',
  Company_Name__c: 'text',
  Street__c: 'text',
  City__c: 'text',
  State_Code__c: 'text',
  Postal_Code__c: 'text',
  Status__c: 'text',
  ...salesforceFeatures,
  Active_Property_Count__c: 'integer',
  Is_Multi_Property__c: 'boolean',
  Contributing_Property_IDs__c: 'text',
  Source_Salesforce_ID__c: 'text',
  Property__c: 'text',
  Last_Synced_At__c: 'timestamp',
  Sync_Run_ID__c: 'text',
  ...salesforceSystem,
};

const production: Columns = {
  Id: 'text',
  IsDeleted: 'boolean',
  Name: 'text',
  Street__c: 'text',
  City__c: 'text',
  State_Code__c: 'text',
  Postal_Code__c: 'text',
  Company_Name__c: 'text',
  ...salesforceFeatures,
  ...salesforceSystem,
};

/** Table name, which is also the file name, to its columns. */
export const tables = {
  properties,
  companies,
  features: catalogue,
  property_features: propertyFeatures,
  property_feature_events: propertyFeatureEvents,
  product_property_w_features: wide,
  Product_Property__c: staging,
  Property__c: production,
} as const satisfies Record<string, Columns>;

export type TableName = keyof typeof tables;

export const tableNames = Object.keys(tables) as readonly TableName[];
