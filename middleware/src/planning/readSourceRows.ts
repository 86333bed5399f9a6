import { features, wideTablePrefixes, type Feature } from '../contracts/index.ts';
import type { Row, SqlValue, Warehouse } from '../ports/warehouse.ts';
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
  // One text in place of a long list of parameters; callers at the same time have nothing in common.
  const parameters = { ids: rdsPropertyIds.map((id) => id.toLowerCase()).join(';') };
  const withGroups = `
    with selection as (
        select explode(split(:ids, ';')) as rds_property_id
    ),
    selected as (
        select properties.id, substring(text_value(properties.sfdc_id), 1, 15) as sfdc_id_15
        from ${warehouse.name('source_properties')} as properties
        inner join selection
            on selection.rds_property_id = lower(text_value(properties.id))
    ),
    members as (
        select properties.*
        from ${warehouse.name('source_properties')} as properties
        where exists (select 1 from selected where selected.id = properties.id)
            or (exists (
                select 1 from selected where selected.sfdc_id_15 = substring(text_value(properties.sfdc_id), 1, 15)
            ))
    )`;
  const properties = await warehouse.query(`${withGroups} select * from members`, parameters);
  const companies = await warehouse.query(
    `${withGroups}
    select companies.* from ${warehouse.name('source_companies')} as companies
    where exists (select 1 from members where lower(text_value(members.company_id)) = lower(text_value(companies.id)))`,
    parameters,
  );
  const featureRows = await warehouse.query(
    `${withGroups}
    select feature_rows.* from ${warehouse.name('source_property_feature_rows')} as feature_rows
    where exists (select 1 from members where lower(text_value(members.id)) = lower(text_value(feature_rows.property_id)))`,
    parameters,
  );
  return {
    properties: properties.map(toProperty),
    companies: companies.map(toCompany),
    featureRows: featureRows.map(toFeatureRow),
  };
}

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
