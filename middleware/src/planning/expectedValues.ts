import { features, type FieldMapping, type MappedValue, type MappedValues } from '../contracts/fieldMap.ts';
import type { EnrichedProperty } from './enrichProperty.ts';
import type { Group } from './groupProperties.ts';

// A property that left its group, being disabled, shows no features and no contributors.
function groupColumns(group: Group | null): Record<string, MappedValue> {
  const columns: Record<string, MappedValue> = {
    active_property_count: group?.activePropertyCount ?? 0,
    is_multi_property: group?.isMultiProperty ?? false,
    contributing_property_ids: group?.memberIds.join(';') ?? null,
  };
  for (const feature of features) {
    columns[`${feature}_enabled`] = group?.flags[feature] ?? false;
    columns[`${feature}_start_date`] = group?.startDates[feature] ?? null;
  }
  return columns;
}

const propertyColumns = (property: EnrichedProperty): Record<string, MappedValue> => ({
  property_name: property.name,
  short_id: property.shortId,
  company_id: property.companyId,
  company_name: property.companyName,
  address: property.address,
  city: property.city,
  state: property.state,
  postal_code: property.postalCode,
  property_status: property.status,
  sfdc_id_18: property.sfdcId18,
});

/**
 * What Salesforce should hold for a property: identity from the property itself, features from its group, which is
 * null for a disabled property (docs/domain.md §2.4, §5).
 */
export function expectedValues(
  property: EnrichedProperty,
  group: Group | null,
  fieldMap: readonly FieldMapping[],
): MappedValues {
  const columns = { ...propertyColumns(property), ...groupColumns(group) };
  const values: Record<string, MappedValue> = {};
  for (const { column, field } of fieldMap) {
    const value = columns[column];
    if (value === undefined)
      throw new Error(`The field map names the column ${column}, which does not exist.`);
    values[field] = value;
  }
  return values;
}
