import type { ColumnType } from '../ports/warehouse.ts';

/** A table the product reads but does not own (docs/domain.md §3). */
export interface SourceTable {
  /** Name of its file in a baseline directory. */
  readonly file: string;
  /** Default qualified name; another one is configured in `SourceNames`. */
  readonly table: string;
  readonly columns: Readonly<Record<string, ColumnType>>;
}

const rds = 'rds.pg_rds_public';
const fivetran = { _fivetran_deleted: 'boolean', _fivetran_synced: 'timestamp' } as const;

const wideColumns = (prefix: string): Record<string, ColumnType> => ({
  [`${prefix}_enabled`]: 'boolean',
  [`${prefix}_enabled_at`]: 'timestamp',
  [`${prefix}_updated_at`]: 'timestamp',
});

/** Every source table with every column of docs/domain.md §3. */
export const sourceTables = {
  properties: {
    file: 'properties',
    table: `${rds}.properties`,
    columns: {
      id: 'string',
      name: 'string',
      entity_name: 'string',
      logo: 'string',
      phone: 'string',
      website: 'string',
      email: 'string',
      unit: 'integer',
      address: 'string',
      city: 'string',
      state: 'string',
      zip: 'string',
      status: 'string',
      inserted_at: 'timestamp',
      updated_at: 'timestamp',
      company_id: 'string',
      company_short_id: 'string',
      short_id: 'string',
      pmc_name: 'string',
      bank_statement: 'integer',
      paystub: 'integer',
      unit_is_required: 'boolean',
      phone_is_required: 'boolean',
      identity_verification_enabled: 'boolean',
      identity_verification_provider: 'string',
      identity_verification_flow_types: 'string',
      identity_verification_report_image_types: 'string',
      supported_doctypes: 'string',
      textsearchable_index_col: 'string',
      sfdc_id: 'string',
      ...fivetran,
    },
  },
  companies: {
    file: 'companies',
    table: `${rds}.companies`,
    columns: {
      id: 'string',
      name: 'string',
      address: 'string',
      city: 'string',
      state: 'string',
      zip: 'string',
      phone: 'string',
      website: 'string',
      logo: 'string',
      short_id: 'string',
      salesforce_account_id: 'string',
      inserted_at: 'timestamp',
      updated_at: 'timestamp',
      ...fivetran,
    },
  },
  features: {
    file: 'features',
    table: `${rds}.features`,
    columns: { id: 'string', name: 'string', code: 'string' },
  },
  propertyFeatures: {
    file: 'property_features',
    table: `${rds}.property_features`,
    columns: {
      id: 'string',
      feature_code: 'string',
      property_id: 'string',
      state: 'string',
      inserted_at: 'timestamp',
      updated_at: 'timestamp',
      _fivetran_deleted: 'boolean',
    },
  },
  propertyFeatureEvents: {
    file: 'property_feature_events',
    table: `${rds}.property_feature_events`,
    columns: {
      id: 'string',
      feature_code: 'string',
      property_id: 'string',
      event_type: 'string',
      inserted_at: 'timestamp',
      _fivetran_deleted: 'boolean',
    },
  },
  wideFeatures: {
    file: 'product_property_w_features',
    table: 'crm.sfdc_dbx.product_property_w_features',
    columns: {
      property_id: 'string',
      sfdc_id: 'string',
      product_property_id: 'string',
      ...wideColumns('idv'),
      ...wideColumns('bank_linking'),
      ...wideColumns('payroll_linking'),
      ...wideColumns('iv'),
      ...wideColumns('fraud'),
    },
  },
} as const satisfies Record<string, SourceTable>;

/** The tables that the views read: through the wide feature adapter, the tall tables are not needed. */
export type SourceName = 'properties' | 'companies' | 'wideFeatures';

/** Where an installation keeps a source: its qualified name, and columns that are called otherwise there. */
export interface SourceLocation {
  readonly table: string;
  readonly columns?: Readonly<Record<string, string>>;
}

export type SourceNames = Readonly<Record<SourceName, SourceLocation>>;

export const defaultSourceNames: SourceNames = {
  properties: { table: sourceTables.properties.table },
  companies: { table: sourceTables.companies.table },
  wideFeatures: { table: sourceTables.wideFeatures.table },
};
