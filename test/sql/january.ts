import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DuckDbWarehouse } from '../../middleware/src/adapters/duckdb/duckdbWarehouse.ts';
import { features } from '../../middleware/src/contracts/fieldMap.ts';
import type { SqlValue } from '../../middleware/src/ports/warehouse.ts';
import { writeBaseline, type BaselineManifest } from '../../scripts/baseline/writeBaseline.ts';
import { loadBaseline } from './loadBaseline.ts';
import { openTestWarehouse } from './testWarehouse.ts';

/** Enough to generate and load the baseline on a machine that is busy with other tests. */
export const generationTimeoutMs = 300_000;

/** A warehouse that holds the January baseline (docs/domain.md §18), and the manifest of its generator. */
export async function openJanuary(): Promise<{ warehouse: DuckDbWarehouse; manifest: BaselineManifest }> {
  const directory = await mkdtemp(join(tmpdir(), 'january-'));
  try {
    const manifest = await writeBaseline({ outDir: join(directory, 'baseline') });
    const warehouse = await openTestWarehouse({ readableDirectories: [directory] });
    await loadBaseline(warehouse, join(directory, 'baseline'));
    return { warehouse, manifest };
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

/** Writes `@name` for an object of the product's schema; the rows come back as arrays, counts as numbers. */
export async function readRows(warehouse: DuckDbWarehouse, sql: string): Promise<SqlValue[][]> {
  const rows = await warehouse.query(sql.replace(/@(\w+)/g, (_, name: string) => warehouse.name(name)));
  return rows.map((row) =>
    Object.values(row).map((value) => (typeof value === 'bigint' ? Number(value) : value)),
  );
}

/** The first column as text → the second. */
async function readCounts(warehouse: DuckDbWarehouse, sql: string): Promise<Record<string, SqlValue>> {
  const rows = await readRows(warehouse, sql);
  return Object.fromEntries(rows.map(([key, value]) => [String(key), value ?? null]));
}

async function readNumber(warehouse: DuckDbWarehouse, sql: string): Promise<SqlValue | undefined> {
  return (await readRows(warehouse, sql))[0]?.[0];
}

/** Live properties whose valid id another live property carries too. */
const sharedIds = `shared_ids as (
  select sfdc_id_18 from @property_snapshot
  where not is_deleted and has_valid_sfdc_id group by sfdc_id_18 having count(*) > 1
)`;

const flagDiffers = (feature: string): string => `${feature}_enabled <> sf_${feature}_enabled`;
const oneRowEligible = `(
  select comparisons.* from @property_comparison as comparisons
  inner join @property_snapshot as properties on properties.rds_property_id = comparisons.rds_property_id
  where properties.is_eligible and comparisons.own_row_count = 1
)`;

/** What the views say, in the words of docs/domain.md §18.1 to §18.4. */
export async function measure(warehouse: DuckDbWarehouse): Promise<Record<string, unknown>> {
  const counts = (sql: string): Promise<Record<string, SqlValue>> => readCounts(warehouse, sql);
  const number = (sql: string): Promise<SqlValue | undefined> => readNumber(warehouse, sql);
  const rows = (sql: string): Promise<SqlValue[][]> => readRows(warehouse, sql);
  return {
    tableRows: await number('select count(*) from @property_classification'),
    live: await number('select count(*) from @property_snapshot where not is_deleted'),
    active: await number('select count(*) from @property_snapshot where is_active'),
    eligible: await number('select count(*) from @property_snapshot where is_eligible'),
    eligibleWithId: await number(
      'select count(*) from @property_snapshot where is_eligible and has_valid_sfdc_id',
    ),
    validIds: await number('select count(distinct sfdc_id_18) from @property_snapshot where not is_deleted'),
    groups: await number('select count(*) from @property_group_features'),
    groupsWithId: await number('select count(*) from @properties_aggregated_by_sfdc_id'),
    multiGroups: await rows(
      `select count(*), sum(active_property_count), max(active_property_count),
         count(case when has_paid_features then 1 end), count(case when do_features_differ then 1 end)
       from @property_group_features where is_multi_property`,
    ),
    groupSizes: await counts(
      `select active_property_count, count(*) from @property_group_features where is_multi_property group by all`,
    ),
    classes: await counts('select class, count(*) from @property_classification group by all'),
    reasons: await counts(
      'select reason_code, count(*) from @property_classification where reason_code is not null group by all',
    ),
    testNames: await counts(
      `select property_status, count(*) from @property_classification inner join @property_snapshot using (rds_property_id)
       where reason_code = 'TEST_NAME' group by all`,
    ),
    conflicts: await counts(
      `select population, count(*) from @property_classification where class = 'CONFLICT' group by all`,
    ),
    conflictRows: await number(
      `select sum(own_row_count) from @property_classification where class = 'CONFLICT'`,
    ),
    priorities: await counts('select priority, count(*) from @properties_to_create group by all'),
    createInSharedIds: await counts(
      `with ${sharedIds} select priority, count(*) from @properties_to_create
       inner join shared_ids using (sfdc_id_18) group by all`,
    ),
    createInMultiGroups: await number('select count(*) from @properties_to_create where is_multi_property'),
    createIds: await number(
      `select count(distinct group_key) from @property_classification where class = 'CREATE'`,
    ),
    createByFlag: await rows(
      `select ${features.map((feature) => `count(case when ${feature}_enabled then 1 end)`).join(', ')}
       from @properties_to_create`,
    ),
    existing: await counts('select population, count(*) from @properties_to_update group by all'),
    withChanges: await counts(
      'select population, count(*) from @properties_to_update where has_changes group by all',
    ),
    fieldChanges: await counts('select field, count(*) from @property_field_changes group by all'),
    clearedValues: await counts(
      `select field, count(*) from @property_field_changes where to_value is null group by all`,
    ),
    idvTrueOverFalse: await number(
      `select count(*) from @property_field_changes
       where field = 'ID_Verification_Enabled__c' and from_value = 'false' and to_value = 'true'`,
    ),
    flagRows: await rows(
      `select count(*), count(case when ${features.map(flagDiffers).join(' or ')} then 1 end) from ${oneRowEligible}`,
    ),
    flagDifferences: await rows(
      `select ${features.map((feature) => `count(case when ${flagDiffers(feature)} then 1 end)`).join(', ')}
       from ${oneRowEligible}`,
    ),
    awaitingLink: await number(
      `select count(*) from ${oneRowEligible} as one_row where sfdc_id_18 is not null and production_id is null`,
    ),
    activeInSharedIds: await rows(
      `with ${sharedIds} select count(*), count(case when own_row_count > 0 then 1 end)
       from @property_comparison inner join shared_ids using (sfdc_id_18)
       where property_status = 'ACTIVE' and not is_deleted`,
    ),
    prioritiesInSharedIds: await counts(
      `with ${sharedIds}
       select concat(case when has_paid_features then 'paid' else 'unpaid' end, case when own_row_count > 0 then ', row' else ', none' end),
         count(*)
       from @property_comparison inner join shared_ids using (sfdc_id_18)
       where property_status = 'ACTIVE' and not is_deleted group by all`,
    ),
    eligibleByFlag: await rows(
      `select ${features.map((feature) => `sum(case when ${feature}_enabled then active_property_count else 0 end)`).join(', ')},
         sum(case when has_paid_features then active_property_count else 0 end)
       from @property_group_features`,
    ),
    warnings: await counts(
      `select warning, count(*) from (
         select unnest(string_split(warnings, ';')) as warning from @property_classification where warnings <> ''
       ) as named group by all`,
    ),
    dashboard: await rows('select stage, "count", with_features from @sync_monitoring_dashboard'),
  };
}

/** docs/domain.md §18.1 to §18.4 before the rollout. */
export const januaryBefore: Readonly<Record<string, unknown>> = {
  tableRows: 20_186,
  live: 20_174,
  active: 12_272,
  eligible: 12_011,
  eligibleWithId: 9_061,
  validIds: 13_615,
  groups: 11_579,
  groupsWithId: 8_629,
  multiGroups: [[316, 748, 67, 236, 182]],
  groupSizes: { 2: 280, 3: 32, 6: 1, 9: 1, 10: 1, 67: 1 },
  classes: { CREATE: 1_081, UPDATE: 1_843, IN_SYNC: 15_619, CONFLICT: 258, EXCLUDED: 1_385 },
  reasons: { DISABLED: 1_061, PLACEHOLDER_SFDC: 267, TEST_NAME: 40, NO_COMPANY: 5, SOURCE_DELETED: 12 },
  testNames: { ACTIVE: 36, DISABLED: 4 },
  conflicts: { active_without_sfdc: 96, disabled: 162 },
  conflictRows: 528,
  priorities: { P1: 507, P3: 574 },
  createInSharedIds: { P1: 507, P3: 136 },
  createInMultiGroups: 213,
  createIds: 1_029,
  existing: { active_with_sfdc: 7_980, active_without_sfdc: 2_854, disabled: 6_628 },
  withChanges: { active_with_sfdc: 1_471, active_without_sfdc: 60, disabled: 312 },
  fieldChanges: {
    ID_Verification_Enabled__c: 799,
    Bank_Linking_Enabled__c: 140,
    Bank_Linking_Start_Date__c: 140,
    Connected_Payroll_Enabled__c: 83,
    Connected_Payroll_Start_Date__c: 83,
    Income_Verification_Enabled__c: 255,
    Income_Verification_Start_Date__c: 255,
    Fraud_Detection_Enabled__c: 205,
    Fraud_Detection_Start_Date__c: 205,
    Name: 299,
    State_Code__c: 160,
    Status__c: 312,
    Active_Property_Count__c: 312,
    Contributing_Property_IDs__c: 312,
  },
  clearedValues: {
    Income_Verification_Start_Date__c: 255,
    Fraud_Detection_Start_Date__c: 205,
    Contributing_Property_IDs__c: 312,
  },
  idvTrueOverFalse: 799,
  flagRows: [[10_834, 1_072]],
  flagDifferences: [[799, 140, 83, 50, 0]],
  awaitingLink: 196,
  activeInSharedIds: [[2_410, 1_767]],
  prioritiesInSharedIds: { 'paid, none': 507, 'paid, row': 1_551, 'unpaid, none': 136, 'unpaid, row': 216 },
  eligibleByFlag: [[3_651, 2_078, 4_552, 7_519, 11_807, 8_557]],
};
