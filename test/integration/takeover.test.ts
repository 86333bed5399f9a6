import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { uuidv7 } from 'uuidv7';
import type { RunItem } from '../../middleware/src/contracts/index.ts';
import { executeRun } from '../../middleware/src/delivery/executeRun.ts';
import { buildPlan } from '../../middleware/src/planning/buildPlan.ts';
import { newPlan } from '../../middleware/src/planning/newPlan.ts';
import { executeResync, type ResyncDeps } from '../../middleware/src/properties/executeResync.ts';
import { startResync } from '../../middleware/src/properties/startResync.ts';
import { openBench, openEngine, repeatedKeys, type Bench, type Engine } from './engine.ts';

let bench: Bench;
let engine: Engine;

beforeAll(async () => {
  bench = await openBench();
});
afterEach(() => engine.close());
afterAll(() => bench.close());

type Port = 'crm' | 'runStore' | 'groupStore' | 'resyncStore';

const allDeps = (): ResyncDeps => ({
  ...engine.deps,
  resyncStore: bench.resyncStore,
  scheduleStore: bench.scheduleStore,
  newId: uuidv7,
  logger: { warn: () => undefined },
});

/** Where a worker stands still: at the first call of a method. */
type Point = readonly [port: Port, method: string, when: 'before' | 'after'];

/** A worker that stands still, like a process whose machine sleeps. */
interface Sleeper {
  /** Lets it go on, and says how its work ended and how many calls that write it still sent. */
  wake(): Promise<{ ended: unknown; sent: number }>;
}

/** What must come of a worker that wakes when somebody else has taken over. */
const tooLate = { ended: expect.objectContaining({ code: 'RUN_CONFLICT' }), sent: 0 };

/** Begins the work, and returns when it stands still. */
async function fallAsleep(
  [port, method, when]: Point,
  work: (deps: ResyncDeps) => Promise<void>,
): Promise<Sleeper> {
  const stands = Promise.withResolvers<undefined>();
  const goesOn = Promise.withResolvers<undefined>();
  let calls = 0;
  const rest = async (now: 'before' | 'after', call: number): Promise<void> => {
    if (call > 1 || now !== when) return;
    stands.resolve(undefined);
    await goesOn.promise;
  };
  const slow = new Proxy(allDeps()[port], {
    get(target, name) {
      const original: unknown = Reflect.get(target, name);
      if (typeof original !== 'function') return original;
      if (name !== method) return original.bind(target) as unknown;
      return async (...args: unknown[]) => {
        const call = (calls += 1);
        await rest('before', call);
        const answer = (await original.apply(target, args)) as unknown;
        await rest('after', call);
        return answer;
      };
    },
  });
  const deps: ResyncDeps = { ...allDeps(), [port]: slow };
  let isAwake = false;
  let sent = 0;
  const crm = new Proxy(deps.crm, {
    get(target, name) {
      const original: unknown = Reflect.get(target, name);
      if (typeof original !== 'function') return original;
      return (...args: unknown[]) => {
        if (isAwake && (name === 'writeRecords' || name === 'openJob')) sent += 1;
        return original.apply(target, args) as unknown;
      };
    },
  });
  const ended = work({ ...deps, crm }).then(
    () => 'ended',
    (error: unknown) => error,
  );
  await Promise.race([stands.promise, ended]);
  return {
    async wake() {
      isAwake = true;
      goesOn.resolve(undefined);
      return { ended: await ended, sent };
    },
  };
}

const items = async (runId: string): Promise<RunItem[]> =>
  bench.runStore.readItems(runId, {
    states: ['planned', 'sent', 'unknown', 'accepted', 'verified', 'failed', 'quarantined', 'skipped'],
    limit: 1_000,
  });

describe('a worker that was thought dead', () => {
  it.each([
    ['before it reads what is there', 'crm', 'readByKeys', 'before'],
    ['before it stores what it is about to send', 'runStore', 'saveIntent', 'before'],
    ['before it sends what it has stored', 'runStore', 'saveIntent', 'after'],
    ['after its batch was written', 'crm', 'writeRecords', 'after'],
    ['before it stores what became of its batch', 'runStore', 'saveOutcomes', 'before'],
    ['before it reads back', 'crm', 'readByIds', 'before'],
    ['before it stores what it has verified', 'runStore', 'updateItems', 'before'],
    ['before it ends the run', 'runStore', 'endRun', 'before'],
  ] as const)('sends and stores nothing more: %s', async (_, port, method, when) => {
    engine = await openEngine(bench, {
      settings: { ramp: { sizes: { create: [40], update: [40] }, pauseMs: 0 } },
    });
    const { planId, summary } = await engine.plan();
    const { runId } = await engine.queueRun(planId, 'A');
    const sleeper = await fallAsleep([port, method, when], (deps) => executeRun(runId, deps));

    const run = await engine.execute(runId);
    expect(run).toMatchObject({ state: 'succeeded', counts: { verified: summary?.toCreate } });
    const [ledger, records] = [await items(runId), await engine.records('SystemModstamp', 'Sync_Run_ID__c')];

    expect(await sleeper.wake()).toEqual(tooLate);
    expect(await bench.runStore.readRun(runId)).toEqual(run);
    expect(await items(runId)).toEqual(ledger);
    expect(await engine.records('SystemModstamp', 'Sync_Run_ID__c')).toEqual(records);
    expect(repeatedKeys(records.filter(({ Sync_Run_ID__c: by }) => by === runId))).toEqual([]);
  });

  it('does not upload its job, nor end the run for its refusal', async () => {
    engine = await openEngine(bench, { settings: { maxCollectionRows: 10 } });
    const { planId, summary } = await engine.plan();
    const { runId } = await engine.queueRun(planId, 'A');
    const sleeper = await fallAsleep(['crm', 'openJob', 'after'], (deps) => executeRun(runId, deps));
    const run = await engine.execute(runId);
    expect(run).toMatchObject({ state: 'succeeded', counts: { verified: summary?.toCreate } });
    expect(await sleeper.wake()).toEqual(tooLate);
    expect(await bench.runStore.readRun(runId)).toEqual(run);
  });

  it('takes no job away from the worker that has the run now', async () => {
    engine = await openEngine(bench, { settings: { maxCollectionRows: 10 } });
    const { planId, summary } = await engine.plan();
    const { runId } = await engine.queueRun(planId, 'A');
    const first = await fallAsleep(['runStore', 'saveJob', 'after'], (deps) => executeRun(runId, deps));
    const second = await fallAsleep(['crm', 'uploadJob', 'before'], (deps) => executeRun(runId, deps));

    expect(await first.wake()).toEqual(tooLate);
    expect(await second.wake()).toMatchObject({ ended: 'ended' });
    expect(await bench.runStore.readRun(runId)).toMatchObject({
      state: 'succeeded',
      counts: { verified: summary?.toCreate },
    });
  });

  it.each([
    ['before it says that it has begun', 'resyncStore', 'updateResync', 'before'],
    ['before it stores its plan', 'resyncStore', 'savePlan', 'before'],
    ['after it has stored its plan', 'resyncStore', 'savePlan', 'after'],
    ['before it sends', 'runStore', 'saveIntent', 'before'],
    ['before it reads back', 'crm', 'readByIds', 'before'],
  ] as const)('stores nothing more of a resync: %s', async (_, port, method, when) => {
    engine = await openEngine(bench);
    const { planId } = await engine.plan();
    const [item] = await bench.runStore.listPlanItems(planId, { limit: 1, operation: 'create' });
    const resyncId = uuidv7();
    const context = { resyncId, requestedBy: 'tester', idempotency: { key: resyncId, bodyHash: 'resync' } };
    const request = { actingUser: null, urgency: 'urgent' } as const;
    await startResync(item?.rdsPropertyId ?? '', request, context, allDeps());
    const sleeper = await fallAsleep([port, method, when], (deps) => executeResync(resyncId, deps));

    await executeResync(resyncId, allDeps());
    const ended = await bench.resyncStore.readResync(resyncId);
    expect(ended).toMatchObject({ state: 'succeeded' });
    const runs = async (): Promise<unknown> =>
      Promise.all((ended?.runIds ?? []).map((runId) => bench.runStore.readRun(runId)));
    const [before, records] = [await runs(), await engine.records('SystemModstamp')];

    expect(await sleeper.wake()).toEqual(tooLate);
    expect(await bench.resyncStore.readResync(resyncId)).toEqual(ended);
    expect(await runs()).toEqual(before);
    expect(await engine.records('SystemModstamp')).toEqual(records);
  });

  it.each([
    ['before it clears what an earlier attempt has stored', 'runStore', 'clearPlanItems', 'before'],
    ['before it aggregates the source', 'crm', 'productionKeyPrefix', 'before'],
    ['before it stores its rows', 'runStore', 'appendPlanItems', 'before'],
    ['before it keeps the groups', 'groupStore', 'openGroups', 'before'],
    ['after it has kept some of them', 'groupStore', 'appendMembers', 'after'],
  ] as const)('stores nothing more of a plan: %s', async (_, port, method, when) => {
    engine = await openEngine(bench);
    const planId = uuidv7();
    const request = { key: planId, bodyHash: 'plan' };
    await bench.runStore.createPlan(newPlan(planId, { isAttended: true, now: bench.clock.now() }), request);
    const sleeper = await fallAsleep([port, method, when], (deps) => buildPlan(planId, deps));

    await buildPlan(planId, engine.deps);
    const plan = await bench.runStore.readPlan(planId);
    expect(plan).toMatchObject({ state: 'ready' });
    const all = async (): Promise<unknown> => {
      const rows = await bench.runStore.listPlanItems(planId, { limit: 1_000 });
      return [rows, await bench.groupStore.readGroupOf(rows[0]?.rdsPropertyId ?? '')];
    };
    const before = await all();

    expect(await sleeper.wake()).toEqual(tooLate);
    expect(await bench.runStore.readPlan(planId)).toEqual(plan);
    expect(await all()).toEqual(before);
  });
});
