import { features, type Classification, type FieldMapping } from '../contracts/index.ts';
import type { GroupStore, PlannedMember } from '../ports/groupStore.ts';
import type { Row, SqlValue, Warehouse } from '../ports/warehouse.ts';
import { mappedRow } from './mappedRow.ts';

export interface KeepGroupsDeps {
  readonly warehouse: Warehouse;
  readonly groupStore: Pick<GroupStore, 'openGroups' | 'appendMembers'>;
  readonly settings: { readonly fieldMap: readonly FieldMapping[] };
}

/** Streams every property, as the snapshots of this plan show it, from the warehouse into the store. */
export async function keepGroups(
  planId: string,
  mirroredAt: string,
  { warehouse, groupStore, settings }: KeepGroupsDeps,
): Promise<void> {
  await groupStore.openGroups(planId, { mirroredAt });
  for await (const rows of warehouse.stream(membersSql(warehouse))) {
    await groupStore.appendMembers(
      planId,
      rows.map((row) => toMember(row, settings.fieldMap)),
    );
  }
}

const membersSql = (warehouse: Warehouse): string => `
select comparison.*,
    classification.class, classification.reason_code, classification.warnings,
    properties.is_eligible, properties.updated_at,
    row_number() over (
        partition by properties.group_key
        order by properties.is_eligible desc,
            properties.updated_at desc nulls last, properties.created_at desc nulls last, properties.rds_property_id asc
    ) as group_ordinal,
    ${features.map((feature) => `properties.${feature}_enabled as own_${feature}_enabled, properties.${feature}_enabled_at as own_${feature}_enabled_at`).join(',\n    ')}
from ${warehouse.name('property_snapshot')} as properties
inner join ${warehouse.name('property_comparison')} as comparison
    on comparison.rds_property_id = properties.rds_property_id
inner join ${warehouse.name('property_classification')} as classification
    on classification.rds_property_id = properties.rds_property_id`;

function toMember(row: Row, fieldMap: readonly FieldMapping[]): PlannedMember {
  const rdsPropertyId = text(row['rds_property_id']) ?? '';
  const classification = text(row['class']) as Classification;
  const expected = mappedRow(row, fieldMap);
  const held = mappedRow(row, fieldMap, 'sf_');
  const changedFields = classification === 'UPDATE' ? list(row['changed_fields']) : [];
  return {
    rdsPropertyId,
    groupKey: text(row['group_key']) ?? rdsPropertyId,
    sfdcId: text(row['sfdc_id_18']),
    ordinal: Number(row['group_ordinal']),
    isContributor: row['is_eligible'] === true,
    classification,
    reasonCode: text(row['reason_code']),
    warnings: list(row['warnings']),
    stagingIds: list(row['staging_ids']),
    linkedId: text(row['production_id']),
    expected,
    changes: changedFields.map((field) => ({
      field,
      from: held[field] ?? null,
      to: expected[field] ?? null,
    })),
    ownFeatures: features.map((feature) => {
      const isEnabled = row[`own_${feature}_enabled`] === true;
      const enabledAt = isEnabled ? instant(row[`own_${feature}_enabled_at`]) : null;
      return { feature, isEnabled, startDate: enabledAt?.slice(0, 10) ?? null };
    }),
    hasPaidFeatures: row['has_paid_features'] === true,
    sourceUpdatedAt: instant(row['updated_at']),
    rowModifiedAt: instant(row['sf_last_modified_at']),
  };
}

const text = (value: SqlValue | undefined): string | null => (typeof value === 'string' ? value : null);
const instant = (value: SqlValue | undefined): string | null =>
  value instanceof Date ? value.toISOString() : null;
const list = (value: SqlValue | undefined): string[] =>
  (text(value) ?? '').split(';').filter((part) => part !== '');
