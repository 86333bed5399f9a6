import type { FieldMapping, PlanSummary } from '../contracts/index.ts';
import type { Row, Warehouse } from '../ports/warehouse.ts';

/** Counts a plan from the views and snapshots as they are now (docs/domain.md §18.3). */
export async function summarizePlan(
  warehouse: Warehouse,
  fieldMap: readonly FieldMapping[],
): Promise<PlanSummary> {
  const name = (object: string): string => warehouse.name(object);
  const classification = name('property_classification');
  const one = async (sql: string): Promise<Row> => (await warehouse.query(sql))[0] ?? {};

  const table = await one(`
    select count(*) as table_rows, count_if(not is_deleted) as properties,
        count_if(not is_deleted and property_status = 'ACTIVE') as active
    from ${name('property_snapshot')}`);
  const classes = await warehouse.query(
    `select class, reason_code, count(*) as n from ${classification} group by class, reason_code`,
  );
  const creates = await one(`
    select count(*) as n, count_if(priority = 'P1') as p1 from ${name('properties_to_create')}`);
  const updates = await one(`
    select count(*) as existing, count_if(population = 'active_with_sfdc') as matched,
        count_if(has_changes) as with_changes
    from ${name('properties_to_update')}`);
  const changeSets = await warehouse.query(`
    select changed_fields, count(*) as n from ${name('properties_to_update')}
    where has_changes group by changed_fields`);
  const fields = await warehouse.query(`
    select field, count(*) as n, count_if(to_value is null) as cleared,
        count_if(field = 'ID_Verification_Enabled__c' and to_value = 'true') as idv_missing
    from ${name('property_field_changes')} group by field order by field`);
  const accuracy = await one(`
    with eligible as (
        select queue.rds_property_id
        from ${name('properties_to_update')} as queue
        inner join ${name('property_snapshot')} as snapshot
            on snapshot.rds_property_id = queue.rds_property_id
        where snapshot.is_eligible
    ),
    wrong as (
        select distinct rds_property_id from ${name('property_field_changes')} where field like '%_Enabled__c'
    )
    select count(*) as comparable, count_if(wrong.rds_property_id is null) as accurate
    from eligible
    left join wrong
        on wrong.rds_property_id = eligible.rds_property_id`);
  const blocked = await one(`
    with live as (
        select rds_property_id, sfdc_id_18, property_status
        from ${name('property_snapshot')} where not is_deleted and has_valid_sfdc_id
    ),
    shared as (
        select sfdc_id_18 from live group by sfdc_id_18 having count(*) > 1
    )
    select count(*) as n, count_if(property_classification.own_row_count > 0) as with_row
    from live
    inner join shared
        on shared.sfdc_id_18 = live.sfdc_id_18
    inner join ${classification} as property_classification
        on property_classification.rds_property_id = live.rds_property_id
    where live.property_status = 'ACTIVE'`);
  const groups = await one(`
    select count_if(active_property_count > 1) as multi, coalesce(max(active_property_count), 0) as largest
    from ${name('property_group_snapshot')}`);
  const mirror = await one(
    `select count(*) as n from ${name('product_property_mirror')} where not is_deleted`,
  );
  const warnings = await warehouse.query(
    `select warnings, count(*) as n from ${classification} where warnings <> '' group by warnings`,
  );

  const derivedFields = new Set(fieldMap.flatMap(({ field, isDerived }) => (isDerived ? field : [])));
  const isDerivedOnly = (row: Row): boolean =>
    String(row['changed_fields'])
      .split(';')
      .every((field) => derivedFields.has(field));

  const byClass = tally(classes, (row) => String(row['class']));
  return {
    tableRows: number(table['table_rows']),
    properties: number(table['properties']),
    active: number(table['active']),
    classes: byClass,
    excluded: tally(
      classes.filter((row) => row['class'] === 'EXCLUDED'),
      (row) => String(row['reason_code']),
    ),
    toCreate: number(creates['n']),
    toCreateP1: number(creates['p1']),
    existing: number(updates['existing']),
    matched: number(updates['matched']),
    withChanges: number(updates['with_changes']),
    derivedOnly: changeSets.filter(isDerivedOnly).reduce((sum, row) => sum + number(row['n']), 0),
    inSync: byClass['IN_SYNC'] ?? 0,
    conflicts: byClass['CONFLICT'] ?? 0,
    idvMismatches: fields.reduce((sum, row) => sum + number(row['idv_missing']), 0),
    featureAccurate: number(accuracy['accurate']),
    featureComparable: number(accuracy['comparable']),
    blocked: number(blocked['n']),
    blockedWithRow: number(blocked['with_row']),
    multiProperty: number(groups['multi']),
    largestGroup: number(groups['largest']),
    stagingRows: number(mirror['n']),
    fieldChanges: tally(fields, (row) => String(row['field'])),
    valuesCleared: fields.reduce((sum, row) => sum + number(row['cleared']), 0),
    warnings: tallyWarnings(warnings),
  };
}

function tally(rows: readonly Row[], keyOf: (row: Row) => string): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const row of rows) counts[keyOf(row)] = (counts[keyOf(row)] ?? 0) + number(row['n']);
  return counts;
}

function tallyWarnings(rows: readonly Row[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const row of rows) {
    for (const warning of String(row['warnings']).split(';')) {
      counts[warning] = (counts[warning] ?? 0) + number(row['n']);
    }
  }
  return counts;
}

/** A count that is read as anything else must not pass for zero: nothing is shown as right because nothing was counted. */
function number(value: unknown): number {
  // DuckDB's count_if of no rows is NULL.
  if (value === null) return 0;
  if (typeof value === 'bigint' || typeof value === 'number') return Number(value);
  throw new TypeError(`The warehouse counts in numbers, not in ${typeof value}.`);
}
