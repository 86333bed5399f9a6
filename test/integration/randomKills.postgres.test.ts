/**
 * Kills at 200 random moments: a plan, both syncs and resyncs beside them, while the process is killed again and again,
 * also while it starts. Moments are drawn from a seed as parts of the time that a start and an undisturbed rollout take
 * here, and a failure names the seed, the scenario and the moments in ms. To go through one again, and to try others:
 *
 *     RANDOM_KILLS=7:12 npm run jest -- test/integration/randomKills                # scenario 12 of seed 7
 *     RANDOM_KILLS=7:12:840,1310,95 npm run jest -- test/integration/randomKills    # with these moments
 *     RANDOM_KILLS=8 npm run jest -- test/integration/randomKills                   # all scenarios of another seed
 */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createRandom, shuffle } from '../../local-org/src/random.ts';
import type { Page, Resync } from '../../middleware/src/contracts/index.ts';
import type { PlanItem } from '../../middleware/src/ports/runStore.ts';
import {
  openCrashBench,
  openScenario,
  type Channel,
  type CrashBench,
  type Outcome,
  type Scenario,
} from './crash/crashBench.ts';

const killCount = 200;
const killsOfScenario = 10;
/** Side by side, so that one works while another waits. */
const lanes = 3;
const timeoutMs = 3_600_000;

const [askedSeed = '', askedScenario, askedMoments] = (process.env['RANDOM_KILLS'] ?? '').split(':');
const seed = askedSeed === '' ? 20260105 : Number(askedSeed);
const scenarios =
  askedScenario === undefined
    ? Array.from({ length: killCount / killsOfScenario }, (_, index) => index + 1)
    : [Number(askedScenario)];

let bench: CrashBench;
let records: readonly string[];
/** How long a start and a rollout take on this machine when nothing disturbs them. */
const usualMs = { start: 0, rollOut: 0 };

beforeAll(async () => {
  bench = await openCrashBench();
  // The first start compiles; the second one is what the others will be.
  for (const incarnations of [[{ environment: {}, killAfterMs: 60_000 }], []]) {
    const scenario = await openScenario(bench, 'collections', incarnations);
    try {
      await scenario.life.url();
      if (incarnations.length > 0) continue;
      await scenario.org.setFaults([writesTakeTime]);
      const startedAt = performance.now();
      await round(scenario, createRandom(1));
      usualMs.rollOut = performance.now() - startedAt;
      usualMs.start = scenario.life.startMs[0] ?? 0;
      ({ records } = await scenario.conclude());
    } finally {
      await scenario.close();
    }
  }
}, timeoutMs);
afterAll(() => bench.close());

/** A plan and both its syncs, with resyncs that are asked for meanwhile. */
async function round({ api }: Scenario, random: () => number): Promise<void> {
  const { planId } = await api.plan();
  const ids: string[] = [];
  for (const operation of ['create', 'update'] as const) {
    const path = `/v1/plans/${planId}/items?operation=${operation}&limit=100`;
    const { items } = await api.read<Page<PlanItem>>(path);
    ids.push(
      ...shuffle(items, random)
        .slice(0, 2)
        .map(({ rdsPropertyId }) => rdsPropertyId),
    );
  }
  const runs = async (): Promise<void> => {
    for (const sync of ['A', 'B'] as const) {
      const run = await api.run(planId, sync);
      expect(run).toMatchObject({
        error: null,
        counts: { failed: 0, quarantined: 0, waiting: 0, unknown: 0 },
      });
    }
  };
  const resyncs = async (): Promise<void> => {
    for (const id of ids) {
      const resync: Resync = await api.resync(id);
      expect(resync.error).toBeNull();
    }
  };
  await Promise.all([runs(), resyncs()]);
}

/** Goes on until the process has been killed as often as it was to be, and once more after that. */
async function live(scenario: Scenario, random: () => number): Promise<Outcome> {
  const { api, org, life } = scenario;
  for (;;) {
    const isLast = life.isSafe;
    await round(scenario, random);
    if (isLast) break;
    // Somebody spoils some rows, so that the next round has something to do.
    const rows = shuffle(await org.records('Product_Property__c', ['Id', 'Sync_Run_ID__c']), random);
    const written = rows.filter((row) => row['Sync_Run_ID__c'] !== null).slice(0, 5);
    for (const row of written) await scenario.editByHand(String(row['Id']), { City__c: 'Elsewhere' });
  }
  expect((await api.plan()).summary).toMatchObject({ toCreate: 0, withChanges: 0 });
  return scenario.conclude();
}

/** So that some of the deaths find a write on its way; it arrives before the next process asks for it. */
const writesTakeTime = { kind: 'slow', match: { method: 'PATCH' }, delayMs: 100 };

function drawMoments(random: () => number): number[] {
  if (askedMoments !== undefined) return askedMoments.split(',').map(Number);
  // One in five while it starts; the others while it works, rather early than late: each process goes on where the
  // one before it died, so that none of the work is spared.
  return Array.from({ length: killsOfScenario }, () => {
    const isEarly = random() < 0.2;
    const part = random();
    return Math.round(isEarly ? part * usualMs.start : usualMs.start + part * part * usualMs.rollOut);
  });
}

async function tryScenario(number: number): Promise<number> {
  const random = createRandom(seed * 1_000 + number);
  const channel: Channel = random() < 0.5 ? 'collections' : 'bulk';
  const moments = drawMoments(random);
  const incarnations = moments.map((killAfterMs) => ({ environment: {}, killAfterMs }));
  const scenario = await openScenario(bench, channel, incarnations);
  try {
    await scenario.org.setFaults([writesTakeTime]);
    const outcome = await live(scenario, random);
    expect(outcome.records).toEqual(records);
    for (const [key, state] of outcome.items) {
      // A row that a resync has written, or is writing, is left to it.
      expect([key, state]).toEqual([
        key,
        expect.stringMatching(/^verified|^skipped (RESYNCED|PLAN_STALE|RECORD_MOVED)$/),
      ]);
    }
    return scenario.life.deaths;
  } catch (error) {
    const replay = `RANDOM_KILLS=${String(seed)}:${String(number)}:${moments.join(',')}`;
    throw new Error(`Scenario ${String(number)} (${channel}) failed: ${replay}`, { cause: error });
  } finally {
    await scenario.close();
  }
}

describe('a process that is killed at random moments', () => {
  it(
    'loses nothing that was acknowledged, and writes nothing twice',
    async () => {
      const waiting = [...scenarios];
      let kills = 0;
      const lane = async (): Promise<void> => {
        for (let number = waiting.shift(); number !== undefined; number = waiting.shift()) {
          const deaths = await tryScenario(number);
          kills += deaths;
        }
      };
      await Promise.all(Array.from({ length: Math.min(lanes, scenarios.length) }, lane));
      if (askedScenario === undefined) expect(kills).toBe(killCount);
    },
    timeoutMs,
  );
});
