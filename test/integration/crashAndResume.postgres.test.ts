import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import {
  openCrashBench,
  openScenario,
  type Channel,
  type CrashBench,
  type Outcome,
  type Scenario,
} from './crash/crashBench.ts';
import type { CrashStageName } from './crash/crashStages.ts';
import type { Incarnation } from './crash/middlewareLife.ts';
import { rollOut } from './crash/rollOut.ts';

/** On a loaded machine each of the processes takes its time to start. */
const timeoutMs = 900_000;

let bench: CrashBench;
let scenario: Scenario;
const undisturbed: Partial<Record<Channel, Pick<Outcome, 'records' | 'items'>>> = {};

beforeAll(async () => {
  bench = await openCrashBench();
  for (const channel of ['collections', 'bulk'] as const) {
    await open(channel, []);
    await rollOut(scenario);
    const { records, items } = await scenario.conclude();
    undisturbed[channel] = { records, items };
    await scenario.close();
  }
}, timeoutMs);
afterEach(() => scenario.close());
afterAll(() => bench.close());

async function open(channel: Channel, incarnations: readonly Incarnation[]): Promise<Scenario> {
  return (scenario = await openScenario(bench, channel, incarnations));
}

const planStages: readonly CrashStageName[] = ['planStored', 'planItemsStored', 'planReady'];
const resyncStages: readonly CrashStageName[] = [
  ...(['resyncStored', 'resyncPlanDue', 'resyncPlanStored', 'intentStored', 'written'] as const),
  ...(['outcomesStored', 'verdictsStored', 'endStored', 'resyncEndDue', 'resyncEndStored'] as const),
];
const endStages: readonly CrashStageName[] = [
  ...(['outcomesDue', 'outcomesStored', 'verdictsDue', 'verdictsStored', 'endDue', 'endStored'] as const),
  ...(['auditItemsCarried', 'auditDue', 'auditStored'] as const),
];
const collectionStages: readonly CrashStageName[] = ['runStored', 'intentDue', 'intentStored', 'written'];
const jobStages: readonly CrashStageName[] = [
  ...([
    'runStored',
    'intentDue',
    'intentStored',
    'jobOpened',
    'jobStored',
    'jobUploaded',
    'jobRead',
  ] as const),
];

describe('a rollout whose process is killed at each crash line, and started again each time', () => {
  it.each<[string, Channel, readonly CrashStageName[]]>([
    ['of a plan and of resyncs', 'collections', [...planStages, ...resyncStages]],
    ['of runs by Collections', 'collections', [...collectionStages, ...endStages]],
    ['of runs by Bulk', 'bulk', [...jobStages, ...endStages]],
  ])(
    '%s, ends as one that nobody disturbed',
    async (_title, channel, stages) => {
      await open(
        channel,
        stages.map((stage) => ({ environment: { CRASH_STAGE: stage } })),
      );
      await rollOut(scenario);
      expect(await scenario.conclude()).toMatchObject(undisturbed[channel] ?? {});
    },
    timeoutMs,
  );
});

describe('a rollout whose process is killed while it waits for Salesforce', () => {
  /** Kills the process as soon as it is so, while it rolls out. */
  async function killWhen(isSo: () => Promise<boolean>): Promise<void> {
    const progress = { isOver: false };
    const done = rollOut(scenario).finally(() => (progress.isOver = true));
    while (!progress.isOver && !(await isSo())) await Promise.race([wait(20), done]);
    expect(progress.isOver).toBe(false);
    scenario.life.kill();
    await done;
  }

  it(
    'for the answer of a write, ends as one that nobody disturbed',
    async () => {
      await open('collections', [{ environment: {} }]);
      const match = { method: 'PATCH', path: '/composite/sobjects' };
      await scenario.org.setFaults([{ kind: 'stallBody', match, times: 1 }]);
      await killWhen(async () => (await scenario.org.faultCounts()).some(({ hits }) => hits > 0));
      expect(await scenario.conclude()).toMatchObject(undisturbed.collections ?? {});
    },
    timeoutMs,
  );

  it(
    'for a job, finds the job again',
    async () => {
      await open('bulk', [{ environment: {} }]);
      const { org } = scenario;
      await org.control('PUT', 'bulk', { chunkDelayMs: 1_000 });
      const jobs = async (): Promise<readonly { state: string }[]> =>
        (await org.control<{ jobs: { kind: string; state: string }[] }>('GET', 'jobs')).jobs.filter(
          ({ kind }) => kind === 'ingest',
        );
      await killWhen(async () => (await jobs()).some(({ state }) => state === 'InProgress'));
      expect(await scenario.conclude()).toMatchObject(undisturbed.bulk ?? {});
      // One each of A and B: nothing was uploaded twice.
      expect(await jobs()).toHaveLength(2);
    },
    timeoutMs,
  );
});
