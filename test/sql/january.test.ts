import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { countStrays, countSurplus } from '../../middleware/src/health/countMirror.ts';
import type { DuckDbWarehouse } from '../../middleware/src/adapters/duckdb/duckdbWarehouse.ts';
import { defaultFieldMap } from '../../middleware/src/contracts/fieldMap.ts';
import { productPropertyMirror } from '../../middleware/src/mirror/mirrorTables.ts';
import { runChecks } from '../../middleware/src/planning/runChecks.ts';
import type { BaselineManifest } from '../../scripts/baseline/writeBaseline.ts';
import { generationTimeoutMs, januaryBefore, measure, openJanuary, readRows } from './january.ts';
import { materializeAggregate, readProductSql } from './testWarehouse.ts';

let warehouse: DuckDbWarehouse;
let manifest: BaselineManifest;
let measured: Record<string, unknown>;

beforeAll(async () => {
  ({ warehouse, manifest } = await openJanuary());
  await materializeAggregate(warehouse);
  measured = await measure(warehouse);
}, generationTimeoutMs);
afterAll(() => warehouse.close());

describe('the January baseline before the rollout', () => {
  it.each(Object.entries(januaryBefore))('has the right %s', (name, expected) => {
    expect(measured[name]).toEqual(expected);
  });

  it('has the creates by flag and the paid updates that the generator drew', () => {
    const { byFlag } = manifest.counts.create;
    expect(measured['createByFlag']).toEqual([
      [byFlag.idv, byFlag.bankLinking, byFlag.payroll, byFlag.incomeInsights, byFlag.documentFraud],
    ]);
    expect(measured['dashboard']).toEqual([
      ['Properties to Create', 1_081, 507],
      ['Properties to Update', 1_843, manifest.counts.updatePaid],
      ['Properties Matched', 7_980, 6_200],
      ['Multi-Property Aggregations', 316, 236],
      ['Total in Product_Property__c', 18_022, null],
      ['Active RDS Properties', 12_272, null],
      ['Last 24 h Successful', 0, null],
      ['Last 24 h Failed', 0, null],
    ]);
  });

  it('warns where the data is dirty, and nowhere else', () => {
    expect(measured['warnings']).toEqual({
      COMPANY_UNRESOLVED: 25,
      EXCLUDED_WITH_ROW: 30,
      GROUP_FEATURES_DIFFER: expect.any(Number),
      GROUP_TIE: 6,
      LINK_MISMATCH: 6,
      POSTAL_SUSPECT: 24,
    });
  });

  it('has the surplus rows, the orphan and the keyless row that the doctor warns of', async () => {
    expect(await countSurplus(warehouse)).toEqual({ rows: 270, keys: 258 });
    expect(await countStrays(warehouse)).toEqual({ orphans: 1, keyless: 1 });
  });

  it('holds every invariant', async () => {
    await expect(runChecks(warehouse, await readProductSql())).resolves.toBeUndefined();
  });

  it('orders the create queue by priority, then newest, then id', async () => {
    const queue = await readRows(
      warehouse,
      'select priority, created_at, rds_property_id from @properties_to_create',
    );
    const sorted = [...queue].sort(
      ([priorityA, createdA, idA], [priorityB, createdB, idB]) =>
        String(priorityA).localeCompare(String(priorityB)) ||
        Number(createdB) - Number(createdA) ||
        (String(idA) < String(idB) ? -1 : 1),
    );
    expect(queue).toEqual(sorted);
  });

  it.each([
    ['a0000001-0000-4000-8000-000000000001', 'CREATE', 'ACTIVE'],
    ['a0000002-0000-4000-8000-000000000002', 'IN_SYNC', 'DISABLED'],
    ['a0000003-0000-4000-8000-000000000003', 'IN_SYNC', 'DISABLED'],
  ])('BC1: Park Kennedy %s is %s', async (id, expectedClass, status) => {
    expect(
      await readRows(
        warehouse,
        `select class, property_status from @property_classification
         inner join @property_snapshot using (rds_property_id) where rds_property_id = '${id}'`,
      ),
    ).toEqual([[expectedClass, status]]);
  });

  it('BC1: Park Kennedy is a group of one with five features and five dates, created as P1', async () => {
    const day = new Date('2025-11-10T00:00:00Z');
    const id = 'a0000001-0000-4000-8000-000000000001';
    const on = [true, true, true, true, true, day, day, day, day, day];
    const columns = defaultFieldMap
      .map(({ column }) => column)
      .filter((column) => /_(enabled|start_date)$/.test(column));
    expect(
      await readRows(
        warehouse,
        `select rds_property_id, active_property_count, is_multi_property, total_feature_count, rds_property_ids, ${columns.join(', ')}
         from @properties_aggregated_by_sfdc_id where sfdc_id = 'a01ZZ000001PKndYAG'`,
      ),
    ).toEqual([[id, 1, false, 5, id, ...on]]);
    expect(
      await readRows(
        warehouse,
        `select priority, property_status, active_property_count, contributing_property_ids, sfdc_id_18, ${columns.join(', ')}
         from @properties_to_create where rds_property_id = '${id}'`,
      ),
    ).toEqual([['P1', 'ACTIVE', 1, id, 'a01ZZ000001PKndYAG', ...on]]);
  });
});

describe('the data quality checks of §17.2, over all groups and all features', () => {
  const none = async (sql: string): Promise<void> => {
    expect(await readRows(warehouse, sql)).toEqual([]);
  };

  it('DQ1, DQ4: the shares lie in their bands', async () => {
    const [[ids, matched, eligible] = []] = await readRows(
      warehouse,
      `select count(distinct properties.sfdc_id_18), count(case when own_row_count > 0 then 1 end), count(*)
       from @property_snapshot as properties inner join @property_comparison using (rds_property_id)
       where is_eligible and has_valid_sfdc_id`,
    );
    expect(Number(ids) / Number(eligible)).toBeCloseTo(0.952, 3);
    expect(Number(matched) / Number(eligible)).toBeCloseTo(0.881, 3);
  });

  it('DQ2, B1: the ids of the aggregate are the valid ids of the eligible properties', async () => {
    const aggregated = 'select sfdc_id from @properties_aggregated_by_sfdc_id';
    const eligible = 'select sfdc_id_18 from @property_snapshot where is_eligible and has_valid_sfdc_id';
    await none(`${aggregated} except ${eligible}`);
    await none(`${eligible} except ${aggregated}`);
  });

  it('DQ3, B2, DQ6, B5: each flag is the union and each date the earliest over the members that have it', async () => {
    // Counted from the raw rows by another road: every member against its group, and every group against its members.
    for (const feature of ['idv', 'bank_linking', 'payroll', 'income_insights', 'document_fraud']) {
      await none(
        `select groups.group_key from @property_group_features as groups
         where groups.${feature}_enabled <> exists (
           select 1 from @property_snapshot as members
           where members.is_eligible and members.group_key = groups.group_key and members.${feature}_enabled)`,
      );
      await none(
        `select groups.group_key from @property_group_features as groups
         where groups.${feature}_start_date is distinct from (
           select min(cast(members.${feature}_enabled_at as date)) from @property_snapshot as members
           where members.is_eligible and members.group_key = groups.group_key and members.${feature}_enabled)`,
      );
    }
  });

  it('DQ5: no DISABLED property is created, and none shows a feature', async () => {
    await none(`select rds_property_id from @properties_to_create where property_status <> 'ACTIVE'`);
    await none(
      `select rds_property_id from @properties_to_update where property_status = 'DISABLED'
       and (idv_enabled or bank_linking_enabled or payroll_enabled or income_insights_enabled or document_fraud_enabled)`,
    );
  });

  it('V1: names are not company names, and a company name lacks only where it does not resolve', async () => {
    const [[rows, same] = []] = await readRows(
      warehouse,
      'select count(*), count(case when property_name = company_name then 1 end) from @rds_properties_enriched',
    );
    expect(rows).toBe(20_186);
    expect(Number(same) / Number(rows)).toBeLessThan(0.05);
    await none(
      `select id from rds.pg_rds_public.properties as properties
       inner join @property_snapshot as enriched on enriched.rds_property_id = properties.id
       where enriched.company_name is null and exists (
         select 1 from rds.pg_rds_public.companies as companies
         where companies.id = properties.company_id and not companies._fivetran_deleted and trim(companies.name) <> '')`,
    );
  });
});

describe('the January baseline after both queues are written to the mirror', () => {
  it('leaves nothing to do but the conflicts', async () => {
    const values = defaultFieldMap.map(({ column }) => column);
    const others = Object.keys(productPropertyMirror.columns).filter(
      (column) => !values.includes(column) && column !== 'rds_property_id',
    );
    const desired = values.map((column) => `queued.${column}`).join(', ');
    await warehouse.replaceTable(
      productPropertyMirror.name,
      `with mirror as (select * from ${warehouse.name('product_property_mirror')}),
         to_update as (select * from ${warehouse.name('properties_to_update')} where has_changes)
       select * from mirror where not exists (select 1 from to_update where to_update.staging_id = mirror.staging_id)
       union all by name
       select queued.rds_property_id, ${desired}, ${others.map((column) => `mirror.${column}`).join(', ')}
       from to_update as queued inner join mirror on mirror.staging_id = queued.staging_id
       union all by name
       select concat('new ', queued.rds_property_id) as staging_id, queued.rds_property_id, ${desired}
       from ${warehouse.name('properties_to_create')} as queued`,
    );
    await materializeAggregate(warehouse);
    await runChecks(warehouse, await readProductSql());
    expect(await measure(warehouse)).toMatchObject({
      classes: { IN_SYNC: 18_543, CONFLICT: 258, EXCLUDED: 1_385 },
      priorities: {},
      existing: { active_with_sfdc: 9_061, active_without_sfdc: 2_854, disabled: 6_628 },
      withChanges: {},
      fieldChanges: {},
      idvTrueOverFalse: 0,
      flagRows: [[11_915, 0]],
      awaitingLink: 1_277,
      activeInSharedIds: [[2_410, 2_410]],
      prioritiesInSharedIds: { 'paid, row': 2_058, 'unpaid, row': 352 },
    });
    expect(
      await readRows(warehouse, `select "count" from @sync_monitoring_dashboard where stage like 'Total%'`),
    ).toEqual([[19_103]]);
  });
});
