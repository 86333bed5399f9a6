import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { DuckDbWarehouse } from '../../middleware/src/adapters/duckdb/duckdbWarehouse.ts';
import { applyViews } from '../../middleware/src/planning/applyViews.ts';
import { runChecks } from '../../middleware/src/planning/runChecks.ts';
import type { SqlFiles } from '../../middleware/src/planning/sqlFiles.ts';
import { writeSyncContext } from '../../middleware/src/planning/writeSyncContext.ts';
import { aCompany, aFeatureRow, aProperty, aPropertyId, aStagingRow, idA } from './fixtures.ts';
import {
  businessTime,
  loadRows,
  materializeAggregate,
  openTestWarehouse,
  readProductSql,
} from './testWarehouse.ts';

/** Per check, statements that break its rule and no other rule's promise to be looked at; `@name` is an object. */
const planted: Readonly<Record<string, readonly string[]>> = {
  sync_context_has_one_row: ['delete from @sync_context'],
  enriched_holds_every_source_row: [
    `insert into rds.pg_rds_public.companies (id, name) values ('c1', 'Twice')`,
  ],
  every_row_has_one_class: [`delete from @property_comparison where rds_property_id = '${aPropertyId(1)}'`],
  queues_are_their_classes: [
    `create or replace view @properties_to_create as
     select * from @property_comparison cross join (select 'P1' as priority) as priorities`,
  ],
  created_properties_are_eligible: ['update @property_snapshot set company_id = null'],
  created_properties_have_no_row: [
    `update @product_property_mirror set rds_property_id = upper('${aPropertyId(2)}')`,
  ],
  updated_rows_are_single_and_own: [
    `insert into @product_property_mirror by name select * replace ('b' as staging_id) from @product_property_mirror`,
  ],
  one_row_per_key: ['insert into @property_group_snapshot select * from @property_group_snapshot limit 1'],
  group_counts_add_up: [`delete from @property_group_snapshot where group_key = '${idA}'`],
  no_date_without_flag: [
    `update @property_comparison set idv_enabled = false, idv_start_date = date '2025-01-01'`,
  ],
  rows_of_a_group_are_equal: [
    `update @property_comparison set payroll_enabled = true where rds_property_id = '${aPropertyId(1)}'`,
  ],
  identity_is_the_propertys_own: [
    `update @property_comparison set property_name = 'Maple Court 2' where rds_property_id = '${aPropertyId(1)}'`,
  ],
  only_members_contribute: [
    `update @property_comparison set contributing_property_ids = '${aPropertyId(9)}'`,
  ],
};

let warehouse: DuckDbWarehouse;
let files: SqlFiles;

beforeAll(async () => {
  files = await readProductSql();
  warehouse = await openTestWarehouse();
});
afterAll(() => warehouse.close());

// A group of two, one with a row and one without, and a disabled property with a row.
beforeEach(async () => {
  await applyViews(warehouse, files);
  await writeSyncContext(warehouse, businessTime);
  await loadRows(warehouse, {
    companies: [aCompany()],
    properties: [
      aProperty(1, { sfdc_id: idA }),
      aProperty(2, { sfdc_id: idA }),
      aProperty(3, { status: 'DISABLED' }),
    ],
    features: [aFeatureRow(2, { idv: '2025-01-01T00:00:00Z' })],
    stagingRows: [aStagingRow(1), aStagingRow(3)],
  });
  await materializeAggregate(warehouse, files);
});

describe('the checks', () => {
  it('all hold on rows that are right', async () => {
    await expect(runChecks(warehouse, files)).resolves.toBeUndefined();
  });

  it.each(Object.keys(planted))('%s refuses rows that break it', async (check) => {
    for (const sql of planted[check] ?? []) {
      await warehouse.execute(sql.replace(/@(\w+)/g, (_, name: string) => warehouse.name(name)));
    }
    await expect(
      runChecks(warehouse, { checks: { [check]: files.checks[check] ?? '' } }),
    ).rejects.toMatchObject({
      code: 'INVARIANT_VIOLATED',
      message: expect.stringContaining(check),
      details: expect.arrayContaining([expect.stringContaining(`${check}: {`)]),
    });
  });

  it('are all seen to fail here', () => {
    expect(Object.keys(planted).sort()).toEqual(Object.keys(files.checks).sort());
  });

  it('name every broken rule and only its first rows', async () => {
    await warehouse.execute(`delete from ${warehouse.name('property_comparison')}`);
    await warehouse.execute(`delete from ${warehouse.name('property_group_snapshot')}`);
    const rejected = await runChecks(warehouse, files).catch((error: unknown) => error);
    expect(rejected).toMatchObject({
      message: 'These rules do not hold: every_row_has_one_class, group_counts_add_up.',
    });
    expect((rejected as { details: string[] }).details).toContain(
      `every_row_has_one_class: {"rds_property_id":"${aPropertyId(1)}","source_rows":"1","class_rows":"0"}`,
    );
  });
});
