import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { openCrashBench, openScenario, type CrashBench, type Scenario } from './crash/crashBench.ts';
import type { CrashStageName } from './crash/crashStages.ts';
import { rollOut } from './crash/rollOut.ts';

const timeoutMs = 900_000;

let bench: CrashBench;
let scenario: Scenario;

beforeAll(async () => {
  bench = await openCrashBench();
});
afterEach(() => scenario.close());
afterAll(() => bench.close());

describe('a rollout on the embedded store whose process is killed, and started again each time', () => {
  it(
    'ends as one that nobody disturbed',
    async () => {
      scenario = await openScenario(bench, 'collections', []);
      await rollOut(scenario);
      const { records, items } = await scenario.conclude();
      await scenario.close();

      // Fewer than on a server: each start costs more, and work that has died several times waits longer each time.
      const stages: readonly CrashStageName[] = [
        'planReady',
        'resyncStored',
        'resyncPlanStored',
        'written',
        'auditItemsCarried',
      ];
      const incarnations = stages.map((stage) => ({ environment: { CRASH_STAGE: stage } }));
      scenario = await openScenario(bench, 'collections', incarnations);
      await rollOut(scenario);
      expect(await scenario.conclude()).toMatchObject({ records, items });
    },
    timeoutMs,
  );
});
