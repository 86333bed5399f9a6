import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { DuckDbWarehouse } from '../../middleware/src/adapters/duckdb/duckdbWarehouse.ts';
import {
  defaultEvaluationSettings,
  type EvaluationSettings,
} from '../../middleware/src/planning/evaluationSettings.ts';
import type { PropertyId } from '../../middleware/src/planning/salesforceId.ts';
import { writeSyncContext } from '../../middleware/src/planning/writeSyncContext.ts';
import { edgeAllowList } from '../../scripts/baseline/edgePack.ts';
import { buildWorlds, settingsRecipe, type World, worldRecipe } from '../fixtures/arbitraries.ts';
import { edgeWorld, januaryWorld } from '../fixtures/baselineWorlds.ts';
import { expectedViewRows } from '../fixtures/viewRows.ts';
import { toWarehouseRows } from '../fixtures/warehouseRows.ts';
import { compareViews } from './compareViews.ts';
import { businessTime, loadRows, materializeAggregate, openTestWarehouse } from './testWarehouse.ts';

// Worlds share a load, since loading costs more than comparing; a failing load shrinks to the world that fails.
const worldsPerLoad = 25;
const loads = 32;
const minWorlds = 300;
// Another seed is another search: SEED=7 npm run -s jest -- test/sql/viewsAgainstEvaluator.test.ts
const seed = Number(process.env['SEED'] ?? 20260105);

let warehouse: DuckDbWarehouse;
beforeAll(async () => {
  warehouse = await openTestWarehouse();
});
afterAll(() => warehouse.close());

async function findDifferences(world: World, settings: EvaluationSettings): Promise<string[]> {
  await writeSyncContext(warehouse, businessTime, {
    productionKeyPrefix: settings.productionKeyPrefix,
    isPlaceholderExcluded: settings.excludePlaceholder,
    isTestNameExcluded: settings.excludeTestNames,
    testNameAllowList: [...settings.testAllowList],
    paidFeatures: settings.paidFeatures,
  });
  await loadRows(warehouse, toWarehouseRows(world));
  await materializeAggregate(warehouse);
  return compareViews(warehouse, expectedViewRows(world, settings, businessTime));
}

describe('the views and the reference evaluator', () => {
  it(`agree cell by cell on more than ${minWorlds} generated data sets`, async () => {
    let worldCount = 0;
    const recipes = fc.array(worldRecipe, { minLength: 1, maxLength: worldsPerLoad, size: 'max' });
    await fc.assert(
      fc.asyncProperty(recipes, settingsRecipe, async (worlds, settings) => {
        worldCount += worlds.length;
        expect(await findDifferences(buildWorlds(worlds, settings), settings)).toEqual([]);
      }),
      { seed, numRuns: loads },
    );
    expect(worldCount).toBeGreaterThan(minWorlds);
  }, 300_000);

  it('agree cell by cell on the edge pack', async () => {
    const testAllowList = new Set(edgeAllowList.map((id) => id as PropertyId));
    for (const settings of [defaultEvaluationSettings, { ...defaultEvaluationSettings, testAllowList }]) {
      expect(await findDifferences(edgeWorld(), settings)).toEqual([]);
    }
  });

  it('agree cell by cell on the January baseline', async () => {
    expect(await findDifferences(januaryWorld(), defaultEvaluationSettings)).toEqual([]);
  }, 300_000);
});
