import fc from 'fast-check';
import { defaultEvaluationSettings } from '../../middleware/src/planning/evaluationSettings.ts';
import { buildWorlds, worldRecipe, type World } from '../../test/fixtures/arbitraries.ts';
import { edgeWorld, januaryWorld } from '../../test/fixtures/baselineWorlds.ts';
import { textTraps } from './textTraps.ts';

/**
 * The January baseline, the edge pack, the text traps and generated data sets side by side as one. No two of them share the id of a
 * property, of a company or of a staging row, so that none changes what the rules say of another; throws if they do.
 */
export function testWorld({ seed, dataSets }: { seed: number; dataSets: number }): World {
  const recipes = fc.sample(worldRecipe, { seed, numRuns: dataSets });
  const worlds = [januaryWorld(), edgeWorld(), textTraps(), buildWorlds(recipes, defaultEvaluationSettings)];
  assertDisjoint(worlds, ({ properties }) => properties);
  assertDisjoint(worlds, ({ companies }) => companies);
  assertDisjoint(worlds, ({ stagingRows }) => stagingRows);
  return {
    properties: worlds.flatMap(({ properties }) => properties),
    companies: worlds.flatMap(({ companies }) => companies),
    featureRows: worlds.flatMap(({ featureRows }) => featureRows),
    stagingRows: worlds.flatMap(({ stagingRows }) => stagingRows),
  };
}

function assertDisjoint(worlds: readonly World[], rowsOf: (world: World) => readonly { id: string }[]): void {
  const seen = new Set<string>();
  for (const world of worlds) {
    const ids = new Set(rowsOf(world).map(({ id }) => id.trim().toLowerCase()));
    for (const id of ids) if (seen.has(id)) throw new Error(`Two data sets hold the id ${id}.`);
    for (const id of ids) seen.add(id);
  }
}
