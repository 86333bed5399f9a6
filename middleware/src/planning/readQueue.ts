import { keyMapping, type FieldMapping, type MappedValues, type Operation } from '../contracts/index.ts';
import type { PlanItem } from '../ports/runStore.ts';
import type { Row, Warehouse } from '../ports/warehouse.ts';
import type { GuardRow } from './guardTally.ts';
import { rowHash } from './hashPlan.ts';
import { mappedRow } from './mappedRow.ts';
import { normalizeCurrent } from './diffFields.ts';

/** A row of a queue view: what the plan would write, and what its guards look at. */
export interface QueueRow {
  readonly item: PlanItem;
  readonly guardRow: GuardRow;
  readonly hasChanges: boolean;
}

/**
 * Streams a queue view in the order of delivery. The create queue is all of `properties_to_create`; the update queue is
 * all of `properties_to_update`, unchanged rows included, since the guards measure shares of them. With
 * `changesOnly` the unchanged rows stay in the warehouse.
 */
export async function* readQueue(
  warehouse: Warehouse,
  operation: Operation,
  fieldMap: readonly FieldMapping[],
  { changesOnly }: { changesOnly: boolean } = { changesOnly: false },
): AsyncIterable<QueueRow[]> {
  let ordinal = 0;
  const sql =
    operation === 'create' ? createQueueSql(warehouse) : updateQueueSql(warehouse, fieldMap, changesOnly);
  for await (const rows of warehouse.stream(sql)) {
    yield rows.map((row) => {
      const hasChanges = operation === 'create' || row['has_changes'] === true;
      const queueRow = toQueueRow(row, operation, fieldMap, hasChanges ? ordinal : -1);
      if (hasChanges) ordinal += 1;
      return { ...queueRow, hasChanges };
    });
  }
}

// The raw columns come from the source itself: a guard that read the views would compare them with themselves.
const rawColumns = `
    source_properties.name as raw_property_name,
    source_companies.name as raw_company_name,
    coalesce(text_value(source_companies.name) is not null and not coalesce(source_companies._fivetran_deleted, false), false)
        as does_company_resolve`;

const sharedJoins = (warehouse: Warehouse): string => `
inner join ${warehouse.name('property_classification')} as property_classification
    on property_classification.rds_property_id = queue.rds_property_id
left join ${warehouse.name('source_properties')} as source_properties
    on lower(text_value(source_properties.id)) = queue.rds_property_id
left join ${warehouse.name('source_companies')} as source_companies
    on lower(text_value(source_companies.id)) = lower(text_value(source_properties.company_id))`;

const createQueueSql = (warehouse: Warehouse): string => `
select queue.*, property_classification.group_key, property_classification.warnings,${rawColumns}
from ${warehouse.name('properties_to_create')} as queue${sharedJoins(warehouse)}
order by queue.priority asc, queue.created_at desc, queue.rds_property_id asc`;

// Most rows have nothing to change, and then Salesforce holds what is expected: its values are not read a second time.
const updateQueueSql = (
  warehouse: Warehouse,
  fieldMap: readonly FieldMapping[],
  changesOnly: boolean,
): string => `
select queue.*, property_classification.group_key, property_classification.warnings,${rawColumns},
    ${differsFromExpected} as differs_from_expected,
    ${fieldMap.map(({ column }) => `case when ${differsFromExpected} then mirror.${column} end as current_${column}`).join(',\n    ')}
from ${warehouse.name('properties_to_update')} as queue${sharedJoins(warehouse)}
inner join ${warehouse.name('product_property_mirror')} as mirror
    on mirror.staging_id = queue.staging_id
${changesOnly ? 'where queue.has_changes' : ''}
order by queue.rds_property_id asc`;

const differsFromExpected =
  "(queue.has_changes or property_classification.warnings like '%NULL_SOURCE_KEPT%')";

function toQueueRow(
  row: Row,
  operation: Operation,
  fieldMap: readonly FieldMapping[],
  ordinal: number,
): Omit<QueueRow, 'hasChanges'> {
  const rdsPropertyId = text(row[keyMapping.column]) ?? '';
  const stagingId = text(row['staging_id']);
  const expected = mappedRow(row, fieldMap);
  const current =
    operation === 'create'
      ? null
      : row['differs_from_expected'] === true
        ? normalizeCurrent(mappedRow(row, fieldMap, 'current_'), fieldMap)
        : expected;
  const changes = changesOf(text(row['changed_fields']), expected, current);
  return {
    item: {
      rdsPropertyId,
      operation,
      ordinal,
      stagingId,
      groupKey: text(row['group_key']) ?? rdsPropertyId,
      priority: text(row['priority']),
      expected,
      changes,
      warnings: (text(row['warnings']) ?? '').split(';').filter((warning) => warning !== ''),
      // Only rows that are written are hashed: most of the update queue has nothing to change.
      rowHash: ordinal < 0 ? '' : rowHash({ rdsPropertyId, stagingId, expected, changes }),
    },
    guardRow: {
      operation,
      rdsPropertyId,
      expected,
      current,
      changes,
      raw: {
        propertyName: text(row['raw_property_name']),
        companyName: text(row['raw_company_name']),
        companyResolves: row['does_company_resolve'] === true,
      },
    },
  };
}

function changesOf(
  changedFields: string | null,
  expected: MappedValues,
  current: MappedValues | null,
): PlanItem['changes'] {
  if (current === null || changedFields === null || changedFields === '') return [];
  return changedFields
    .split(';')
    .map((field) => ({ field, from: current[field] ?? null, to: expected[field] ?? null }));
}

function text(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}
