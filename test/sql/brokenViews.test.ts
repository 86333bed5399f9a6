import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { DuckDbWarehouse } from '../../middleware/src/adapters/duckdb/duckdbWarehouse.ts';
import { defaultEvaluationSettings } from '../../middleware/src/planning/evaluationSettings.ts';
import type { SqlFiles } from '../../middleware/src/planning/sqlFiles.ts';
import { buildWorlds, worldRecipe } from '../fixtures/arbitraries.ts';
import { expectedViewRows } from '../fixtures/viewRows.ts';
import { toWarehouseRows } from '../fixtures/warehouseRows.ts';
import { compareViews } from './compareViews.ts';
import {
  businessTime,
  loadRows,
  materializeAggregate,
  openTestWarehouse,
  readProductSql,
} from './testWarehouse.ts';

/** The SQL of one rule, and the same rule broken; it is broken in every view that has it. */
type Break = readonly [rule: string, from: string, to: string];

const breaks: readonly Break[] = [
  ['union of flags', 'bool_or(idv_enabled) as', 'bool_and(idv_enabled) as'],
  ['dates over TRUE members', 'case when payroll_enabled then payroll_enabled_at end', 'payroll_enabled_at'],
  ['total order', 'created_at desc nulls last, rds_property_id asc', 'rds_property_id asc'],
  ['eligible members', 'where is_eligible', 'where is_active'],
  ['soft deletes', 'coalesce(_fivetran_deleted, false) as is_deleted', 'false as is_deleted'],
  ['soft deletes of companies', 'where not coalesce(_fivetran_deleted, false)', ''],
  ['order of feature rows', 'newest_enabled_at desc,\n                product', 'product'],
  ['the cut of names', 'trim(substring(full_name, 1, 80))', 'substring(full_name, 1, 80)'],
  ['recycle bin', 'where not coalesce(is_deleted, false)', ''],
  ['the case of keys', 'lower(text_value(live_rows.rds_property_id))', 'live_rows.rds_property_id'],
  ['NULL policy', 'city is not null and city is distinct', 'city is distinct'],
  ['conflicts', 'own_row_count > 1', 'own_row_count > 2'],
  ['suspect postal codes', 'in (3, 4, 7)', 'in (3, 4)'],
  ['order of the queue', 'order by priority asc, ', 'order by '],
];

function breakRule(files: SqlFiles, [rule, from, to]: Break): SqlFiles {
  const breakTexts = (texts: Readonly<Record<string, string>>): Record<string, string> =>
    Object.fromEntries(Object.entries(texts).map(([object, text]) => [object, text.replaceAll(from, to)]));
  const broken = { ...files, views: breakTexts(files.views), snapshots: breakTexts(files.snapshots) };
  if (JSON.stringify(broken) === JSON.stringify(files))
    throw new Error(`No view holds the SQL of the ${rule}.`);
  return broken;
}

describe('the comparison of views and evaluator', () => {
  const settings = defaultEvaluationSettings;
  const world = buildWorlds(fc.sample(worldRecipe, { seed: 20260105, numRuns: 100 }), settings);
  const rows = toWarehouseRows(world);
  const expected = expectedViewRows(world, settings, businessTime);
  let files: SqlFiles;
  let warehouse: DuckDbWarehouse | undefined;
  beforeAll(async () => {
    files = await readProductSql();
  });
  afterAll(() => warehouse?.close());

  async function findDifferences(given: SqlFiles): Promise<string[]> {
    await warehouse?.close();
    warehouse = await openTestWarehouse({ files: given });
    await loadRows(warehouse, rows);
    await materializeAggregate(warehouse, given);
    return compareViews(warehouse, expected);
  }

  it('finds nothing when nothing is broken', async () => {
    expect(await findDifferences(files)).toEqual([]);
  });

  it.each(breaks)('finds a broken rule: %s', async (...broken) => {
    expect(await findDifferences(breakRule(files, broken))).not.toEqual([]);
  });
});
