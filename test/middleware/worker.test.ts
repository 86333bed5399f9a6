import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { pino } from 'pino';
import { uuidv7 } from 'uuidv7';
import type { RunItemState } from '../../middleware/src/contracts/index.ts';
import type { QueuedWork, RunQueue } from '../../middleware/src/ports/runQueue.ts';
import { startResync } from '../../middleware/src/properties/startResync.ts';
import { startWorker } from '../../middleware/src/worker.ts';
import { openBench, openEngine, type Bench, type Engine } from '../integration/engine.ts';
import { aPlan, aRequest } from './ports/ledger.ts';

/** A queue whose pieces are given out, and given up, when the test says so. */
class GivenQueue implements RunQueue {
  give: (work: QueuedWork, jobId?: string) => Promise<void> = () =>
    Promise.reject(new Error('Nobody works.'));
  giveUp: (work: QueuedWork) => Promise<void> = this.give;

  work(...[handler, giveUp = this.giveUp]: Parameters<RunQueue['work']>): Promise<void> {
    this.give = (work, jobId = uuidv7()) => handler(work, jobId);
    this.giveUp = giveUp;
    return Promise.resolve();
  }

  stop(): Promise<void> {
    return Promise.resolve();
  }
}

const openStates: readonly RunItemState[] = ['planned', 'sent', 'unknown'];
const any = { match: { path: '/services/data' } };
const writes = { match: { method: 'PATCH', path: '/composite/sobjects' } };

const deleted = { idempotency: 0, planItem: 0, plan: 0, runItem: 0 };

let bench: Bench;
let engine: Engine;
let queue: GivenQueue;
let onPause: () => Promise<unknown>;

beforeAll(async () => {
  bench = await openBench();
  engine = await openEngine(bench);
});
beforeEach(async () => {
  queue = new GivenQueue();
  onPause = () => Promise.resolve();
  await engine.control('DELETE', 'faults');
  await startWorker({
    ...engine.deps,
    pause: { wait: () => onPause(), jitter: () => 0.5 },
    resyncStore: bench.resyncStore,
    scheduleStore: bench.scheduleStore,
    retention: { deleteExpired: () => Promise.resolve(deleted) },
    newId: uuidv7,
    runQueue: queue,
    logger: pino({ level: 'silent' }),
    codeVersion: 'test',
  });
});
afterAll(async () => {
  await engine.close();
  await bench.close();
});

const fail = (rule: object): Promise<unknown> => engine.control('PUT', 'faults', { rules: [rule] });
const givenPlan = async (): Promise<QueuedWork> => {
  const { plan } = await bench.runStore.createPlan(aPlan(), aRequest());
  return { kind: 'plan', id: plan.planId };
};
const givenResync = async (): Promise<QueuedWork> => {
  const [row] = await engine.deps.warehouse.query(
    `select id from rds.pg_rds_public.properties where status = 'ACTIVE' and sfdc_id is not null limit 1`,
  );
  const context = { resyncId: uuidv7(), requestedBy: 'record page', idempotency: aRequest() };
  const { resync } = await startResync(
    String(row?.['id']),
    { actingUser: null, urgency: 'urgent' },
    context,
    { ...engine.deps, resyncStore: bench.resyncStore, scheduleStore: bench.scheduleStore },
  );
  return { kind: 'resync', id: resync.resyncId };
};
const givenRun = async (): Promise<QueuedWork> => {
  const { planId } = await engine.plan();
  return { kind: 'run', id: (await engine.queueRun(planId, 'A')).runId };
};

describe('the worker', () => {
  it('builds a plan that is given out again after a failure', async () => {
    const work = await givenPlan();
    await fail({ ...any, kind: 'apiLimit' });
    await expect(queue.give(work)).rejects.toMatchObject({ code: 'SALESFORCE_API_LIMIT' });
    expect(await bench.runStore.readPlan(work.id)).toMatchObject({ state: 'building' });
    await engine.control('DELETE', 'faults');
    await queue.give(work);
    expect(await bench.runStore.readPlan(work.id)).toMatchObject({ state: 'ready', error: null });
  });

  it('ends a plan that is given up as failed, with the last error', async () => {
    const work = await givenPlan();
    await fail({ ...any, kind: 'unavailable' });
    await expect(queue.give(work)).rejects.toMatchObject({ code: 'SALESFORCE_UNAVAILABLE' });
    await fail({ ...any, kind: 'apiLimit' });
    await expect(queue.give(work)).rejects.toMatchObject({ code: 'SALESFORCE_API_LIMIT' });
    await queue.giveUp(work);
    expect(await bench.runStore.readPlan(work.id)).toMatchObject({
      state: 'failed',
      stage: null,
      error: { code: 'SALESFORCE_API_LIMIT' },
    });
  });

  it.each([
    ['before anything was sent', { ...any, kind: 'unavailable' }],
    ['with a batch on its way', { ...writes, kind: 'unavailable' }],
  ])('ends a run that is given up %s as failed, and none of its items is left open', async (_title, rule) => {
    const work = await givenRun();
    await fail(rule);
    // After a write whose answer is lost, before the org is asked what became of it.
    onPause = () => fail({ ...any, kind: 'unavailable' });
    await expect(queue.give(work)).rejects.toMatchObject({ code: 'SALESFORCE_UNAVAILABLE' });
    expect(await bench.runStore.readRun(work.id)).toMatchObject({ state: 'running' });
    await fail({ ...any, kind: 'unavailable' });
    await expect(queue.give(work)).rejects.toMatchObject({ code: 'SALESFORCE_UNAVAILABLE' });

    await queue.giveUp(work);
    expect(await bench.runStore.readRun(work.id)).toMatchObject({
      state: 'failed',
      error: { code: 'SALESFORCE_UNAVAILABLE' },
    });
    expect(await bench.runStore.readItems(work.id, { states: openStates, limit: 1 })).toEqual([]);
    expect(await bench.runStore.pendingAudits(10)).toEqual([]);
  });

  it('carries out a resync, and ends one that is given up as failed', async () => {
    const done = await givenResync();
    await queue.give(done);
    expect(await bench.resyncStore.readResync(done.id)).toMatchObject({ state: 'succeeded', error: null });
    const hopeless = await givenResync();
    await fail({ ...any, kind: 'unavailable' });
    await expect(queue.give(hopeless)).rejects.toMatchObject({ code: 'SALESFORCE_UNAVAILABLE' });
    await queue.giveUp(hopeless);
    expect(await bench.resyncStore.readResync(hopeless.id)).toMatchObject({
      state: 'failed',
      error: { code: 'SALESFORCE_UNAVAILABLE' },
    });
  });

  it('carries out a tick, and notes one that is given up as failed', async () => {
    await bench.scheduleStore.schedule('A', 15 * 60_000);
    const tick = { kind: 'tick', id: 'A' } as const;
    await queue.give(tick);
    const [{ lastTick } = { lastTick: null }] = await bench.scheduleStore.readSchedules();
    expect(lastTick).toMatchObject({ outcome: 'ran' });
    await bench.runStore.endRun(lastTick?.runId ?? '', { state: 'canceled' });
    await fail({ ...any, kind: 'unavailable' });
    await expect(queue.give(tick)).rejects.toMatchObject({ code: 'SALESFORCE_UNAVAILABLE' });
    await queue.giveUp(tick);
    expect((await bench.scheduleStore.readSchedules())[0]?.lastTick).toMatchObject({ outcome: 'failed' });
  });

  it('names the fault as one of its own when what was given up met no known failure', async () => {
    const work = await givenPlan();
    await queue.giveUp(work);
    expect(await bench.runStore.readPlan(work.id)).toMatchObject({
      state: 'failed',
      error: { code: 'INTERNAL' },
    });
  });
});
