import {
  features,
  type Classification,
  type DataAsOf,
  type FeatureState,
  type FieldChange,
  type FieldMapping,
  type MappedValues,
} from '../contracts/index.ts';
import { SyncError } from '../errors.ts';
import { mappedRow } from '../planning/mappedRow.ts';
import type { RunStore } from '../ports/runStore.ts';
import type { Row, SqlValue, Warehouse } from '../ports/warehouse.ts';

export interface PlannedGroupDeps {
  readonly warehouse: Warehouse;
  readonly runStore: Pick<RunStore, 'latestBuiltPlan'>;
  readonly settings: { readonly fieldMap: readonly FieldMapping[] };
}

/** One property as the last plan saw it. */
export interface PlannedMember {
  readonly rdsPropertyId: string;
  readonly isContributor: boolean;
  readonly classification: Classification;
  readonly reasonCode: string | null;
  readonly warnings: readonly string[];
  readonly stagingIds: readonly string[];
  /** The lookup of its one staging row. */
  readonly linkedId: string | null;
  /** What the views say Salesforce should hold, by field. */
  readonly expected: MappedValues;
  /** What an UPDATE changes. */
  readonly changes: readonly FieldChange[];
  /** Its own, before the union; the date is that of a feature that is on. */
  readonly ownFeatures: readonly FeatureState[];
  readonly hasPaidFeatures: boolean;
  readonly sourceUpdatedAt: Date | null;
  /** When anybody last wrote its one staging row, by Salesforce's clock. */
  readonly rowModifiedAt: Date | null;
}

/** A group as the last plan saw it. */
export interface PlannedGroup {
  /** Contributors first, in the total order of docs/domain.md §7; then the others. */
  readonly members: readonly PlannedMember[];
  readonly dataAsOf: DataAsOf;
  /** Salesforce was read no earlier than this: what the ledger has verified later is newer than this answer. */
  readonly mirroredAt: string;
}

/**
 * Reads a group from the snapshots that the last plan left, in one query. No members means that the group is newer than
 * they are. Throws PLAN_MISSING before any plan was built.
 */
export async function readPlannedGroup(
  groupKey: string,
  { warehouse, runStore, settings }: PlannedGroupDeps,
): Promise<PlannedGroup> {
  const [plan, rows] = await Promise.all([
    runStore.latestBuiltPlan(),
    warehouse.query(groupSql(warehouse), { groupKey }),
  ]);
  if (plan === undefined) throw new SyncError('PLAN_MISSING', 'No plan has been built yet.');
  const plannedAt = plan.businessTime ?? plan.createdAt;
  const businessTime = instant(rows[0]?.['business_time'])?.toISOString() ?? plannedAt;
  const refreshedAt = instant(rows[0]?.['refreshed_at'])?.toISOString() ?? businessTime;
  return {
    members: rows.map((row) => toMember(row, settings.fieldMap)),
    dataAsOf: { planId: plan.planId, businessTime, sourceFreshAt: plan.sourceFreshAt },
    mirroredAt: refreshedAt < businessTime ? refreshedAt : businessTime,
  };
}

/** What is said of a group that has appeared since the last plan. */
export function notPlannedYet(groupKey: string): SyncError {
  return new SyncError('PLAN_MISSING', `The last plan does not hold the group ${groupKey}.`);
}

// Each relation is narrowed by itself, so that no engine classifies every property to answer for one group.
const groupSql = (warehouse: Warehouse): string => `
select comparison.*,
    classification.class, classification.reason_code, classification.warnings,
    properties.is_eligible, properties.updated_at,
    ${features.map((feature) => `properties.${feature}_enabled as own_${feature}_enabled, properties.${feature}_enabled_at as own_${feature}_enabled_at`).join(',\n    ')},
    context.business_time, mirror_state.refreshed_at
from ${warehouse.name('property_snapshot')} as properties
inner join ${warehouse.name('property_comparison')} as comparison
    on comparison.rds_property_id = properties.rds_property_id
inner join ${warehouse.name('property_classification')} as classification
    on classification.rds_property_id = properties.rds_property_id
cross join ${warehouse.name('sync_context')} as context
cross join ${warehouse.name('mirror_state')} as mirror_state
where properties.group_key = :groupKey and comparison.group_key = :groupKey and classification.group_key = :groupKey
order by properties.is_eligible desc,
    properties.updated_at desc nulls last, properties.created_at desc nulls last, properties.rds_property_id asc`;

function toMember(row: Row, fieldMap: readonly FieldMapping[]): PlannedMember {
  const classification = text(row['class']) as Classification;
  const expected = mappedRow(row, fieldMap);
  const held = mappedRow(row, fieldMap, 'sf_');
  const changedFields = classification === 'UPDATE' ? list(row['changed_fields']) : [];
  return {
    rdsPropertyId: text(row['rds_property_id']) ?? '',
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
      return { feature, isEnabled, startDate: enabledAt?.toISOString().slice(0, 10) ?? null };
    }),
    hasPaidFeatures: row['has_paid_features'] === true,
    sourceUpdatedAt: instant(row['updated_at']),
    rowModifiedAt: instant(row['sf_last_modified_at']),
  };
}

const text = (value: SqlValue | undefined): string | null => (typeof value === 'string' ? value : null);
const instant = (value: SqlValue | undefined): Date | null => (value instanceof Date ? value : null);
const list = (value: SqlValue | undefined): string[] =>
  (text(value) ?? '').split(';').filter((part) => part !== '');
