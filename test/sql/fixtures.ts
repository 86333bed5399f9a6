import { features, wideTablePrefixes, type Feature } from '../../middleware/src/contracts/fieldMap.ts';
import type { Row } from '../../middleware/src/ports/warehouse.ts';

/** Valid ids by hand (suffixes after docs/domain.md §2.5), so that no code of the product says what is valid. */
export const idA = 'a01ZZ000001PKndYAG';
export const idB = 'a01000000000001AAA';

/** An id that shows its number. */
export const aPropertyId = (number: number): string =>
  `b0000000-0000-4000-8000-${String(number).padStart(12, '0')}`;
export const aStagingId = (number: number): string => `a13ZZ${String(number).padStart(13, '0')}`;

/** A row of `properties`: eligible, in company c1, without a Salesforce id; a higher number is newer. */
export function aProperty(number: number, values: Row = {}): Row {
  return {
    id: aPropertyId(number),
    name: `Maple Court ${number}`,
    address: '1 Maple Street',
    city: 'Springfield',
    state: 'IL',
    zip: '62701',
    status: 'ACTIVE',
    inserted_at: '2025-03-01T08:00:00Z',
    updated_at: new Date(Date.UTC(2025, 5, 1, 8, number)),
    company_id: 'c1',
    short_id: `s${number}`,
    sfdc_id: null,
    _fivetran_deleted: false,
    ...values,
  };
}

export const aCompany = (values: Row = {}): Row => ({ id: 'c1', name: 'Northwind Homes', ...values });

/** A row of the wide table: each named feature on since the given time, or on without a date for NULL. */
export function aFeatureRow(
  number: number,
  enabled: Partial<Record<Feature, string | null>>,
  values: Row = {},
): Row {
  const row: Record<string, Row[string]> = { property_id: aPropertyId(number) };
  for (const feature of features) {
    const prefix = wideTablePrefixes[feature];
    row[`${prefix}_enabled`] = feature in enabled;
    row[`${prefix}_enabled_at`] = enabled[feature] ?? null;
    row[`${prefix}_updated_at`] = '2025-06-01T08:00:00Z';
  }
  return { ...row, ...values };
}

/** A staging row of property `number` as Sync A would have written it for a group of one without features. */
export function aStagingRow(number: number, values: Row = {}): Row {
  return {
    staging_id: aStagingId(number),
    rds_property_id: aPropertyId(number),
    property_name: `Maple Court ${number}`,
    short_id: `s${number}`,
    company_id: 'c1',
    company_name: 'Northwind Homes',
    address: '1 Maple Street',
    city: 'Springfield',
    state: 'IL',
    postal_code: '62701',
    property_status: 'ACTIVE',
    idv_enabled: false,
    bank_linking_enabled: false,
    payroll_enabled: false,
    income_insights_enabled: false,
    document_fraud_enabled: false,
    active_property_count: 1,
    is_multi_property: false,
    contributing_property_ids: aPropertyId(number),
    is_deleted: false,
    ...values,
  };
}

/** What a staging row of a property outside every group holds. */
export const outsideGroups: Row = { active_property_count: 0, contributing_property_ids: null };
