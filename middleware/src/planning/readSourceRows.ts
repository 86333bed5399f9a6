import { features, wideTablePrefixes, type Feature } from '../contracts/index.ts';
import type { Row, SqlValue, Warehouse } from '../ports/warehouse.ts';
import { normalizeText } from './normalizeText.ts';
import type {
  RawValue,
  SourceCompany,
  SourceFeature,
  SourceFeatureRow,
  SourceProperty,
} from './sourceRows.ts';

/**
 * The raw source rows of these properties and of all that share a Salesforce id with them: what the reference evaluator
 * needs to say what Salesforce should hold. Reads the sources alone and none of the product's views; sharing is
 * judged by the first 15 characters, which are what a Salesforce id is whatever its form.
 */
export async function readSourceRows(
  warehouse: Warehouse,
  rdsPropertyIds: readonly string[],
): Promise<{ properties: SourceProperty[]; companies: SourceCompany[]; featureRows: SourceFeatureRow[] }> {
  const properties = await warehouse.query(
    `with selection as (
        ${idsOf(':ids')}
    ),
    selected as (
        select properties.id, substring(text_value(properties.sfdc_id), 1, 15) as sfdc_id_15
        from ${warehouse.name('source_properties')} as properties
        inner join selection
            on selection.id = lower(text_value(properties.id))
    )
    select properties.*
    from ${warehouse.name('source_properties')} as properties
    where exists (select 1 from selected where selected.id = properties.id)
        or exists (
            select 1 from selected where selected.sfdc_id_15 = substring(text_value(properties.sfdc_id), 1, 15)
        )`,
    { ids: inOneText(rdsPropertyIds) },
  );
  const [companies, featureRows] = await Promise.all([
    warehouse.query(
      `with selection as (
        ${idsOf(':ids')}
    )
    select companies.* from ${warehouse.name('source_companies')} as companies
    inner join selection
        on selection.id = lower(text_value(companies.id))`,
      { ids: inOneText(properties.map((row) => text(row['company_id']))) },
    ),
    warehouse.query(
      `with selection as (
        ${idsOf(':ids')}
    )
    select feature_rows.* from ${warehouse.name('source_property_feature_rows')} as feature_rows
    inner join selection
        on selection.id = lower(text_value(feature_rows.property_id))`,
      { ids: inOneText(properties.map((row) => text(row['id']))) },
    ),
  ]);
  return {
    properties: properties.map(toProperty),
    companies: companies.map(toCompany),
    featureRows: featureRows.map(toFeatureRow),
  };
}

/** One text in place of a long list of parameters; callers at the same time have nothing in common. */
const inOneText = (ids: readonly (string | null)[]): string =>
  [...new Set(ids.flatMap((id) => normalizeText(id)?.toLowerCase() ?? []))].join(';');
const idsOf = (parameter: string): string => `select explode(split(${parameter}, ';')) as id`;

const toProperty = (row: Row): SourceProperty => ({
  id: text(row['id']) ?? '',
  name: text(row['name']),
  address: text(row['address']),
  city: text(row['city']),
  state: text(row['state']),
  zip: text(row['zip']),
  status: text(row['status']),
  companyId: text(row['company_id']),
  shortId: text(row['short_id']),
  sfdcId: text(row['sfdc_id']),
  insertedAt: instant(row['inserted_at']),
  updatedAt: instant(row['updated_at']),
  isDeleted: flag(row['_fivetran_deleted']),
});

const toCompany = (row: Row): SourceCompany => ({
  id: text(row['id']) ?? '',
  name: text(row['name']),
  isDeleted: flag(row['_fivetran_deleted']),
});

const toFeatureRow = (row: Row): SourceFeatureRow => ({
  propertyId: text(row['property_id']),
  productPropertyId: text(row['product_property_id']),
  features: Object.fromEntries(
    features.map((feature): [Feature, SourceFeature] => {
      const prefix = wideTablePrefixes[feature];
      return [
        feature,
        {
          isEnabled: raw(row[`${prefix}_enabled`]),
          enabledAt: instant(row[`${prefix}_enabled_at`]),
          updatedAt: instant(row[`${prefix}_updated_at`]),
        },
      ];
    }),
  ) as Record<Feature, SourceFeature>,
});

const text = (value: SqlValue | undefined): string | null => (typeof value === 'string' ? value : null);
const flag = (value: SqlValue | undefined): boolean | null => (typeof value === 'boolean' ? value : null);
const instant = (value: SqlValue | undefined): Date | null => (value instanceof Date ? value : null);
const raw = (value: SqlValue | undefined): RawValue =>
  typeof value === 'object' && !(value instanceof Date) ? null : (value ?? null);
