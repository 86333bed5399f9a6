import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { uuidv7 } from 'uuidv7';
import type { Tick } from '../../middleware/src/contracts/index.ts';
import { runTick } from '../../middleware/src/delivery/runTick.ts';
import { setSyncPause } from '../../middleware/src/delivery/setSyncPause.ts';
import { stopRun } from '../../middleware/src/delivery/stopRun.ts';
import { SyncError } from '../../middleware/src/errors.ts';
import type { PlanItem } from '../../middleware/src/ports/runStore.ts';
import { defaultGuardSettings } from '../../middleware/src/planning/guards.ts';
import { openBench, openEngine, type Bench, type Engine } from './engine.ts';

const quarterHourMs = 15 * 60_000;
const asker = { by: 'operator', reason: 'Maintenance of the org' };

let bench: Bench;
let engine: Engine;

beforeAll(async () => {
  bench = await openBench();
  await bench.scheduleStore.schedule('A', quarterHourMs);
  engine = await openEngine(bench, {
    settings: {
      guards: { ...defaultGuardSettings, maxUnattendedCreates: 10_000, maxUnattendedUpdates: 10_000 },
    },
  });
});
afterEach(async () => {
  const open = await bench.runStore.openRunOf('A');
  if (open !== undefined) await bench.runStore.endRun(open.runId, { state: 'canceled' });
  await setSyncPause('A', false, asker, { ...engine.deps, scheduleStore: bench.scheduleStore });
  await engine.control('DELETE', 'faults');
});
afterAll(async () => {
  await engine.close();
  await bench.close();
});

const tick = async (jobId: string = uuidv7(), deps: Partial<Engine['deps']> = {}): Promise<Tick | null> => {
  await runTick('A', jobId, {
    ...engine.deps,
    ...deps,
    scheduleStore: bench.scheduleStore,
    newId: uuidv7,
  });
  return (await bench.scheduleStore.readSchedules())[0]?.lastTick ?? null;
};
const planItems = async (planId: string): Promise<PlanItem[]> => {
  const items: PlanItem[] = [];
  for await (const page of bench.runStore.streamPlanItems(planId, 'create')) items.push(...page);
  return items;
};
const openRunId = async (): Promise<string | undefined> => (await bench.runStore.openRunOf('A'))?.runId;

describe('a tick of the schedule', () => {
  it('makes nothing twice when it is given out again', async () => {
    const jobId = uuidv7();
    const first = await tick(jobId);
    expect(await tick(jobId)).toMatchObject({ outcome: 'skippedRunning', runId: first?.runId });
    await bench.runStore.endRun(first?.runId ?? '', { state: 'canceled' });
    expect(await tick(jobId)).toMatchObject({ outcome: 'ran', planId: first?.planId, runId: first?.runId });
    expect(await tick()).not.toMatchObject({ planId: first?.planId });
  });

  it('notes the run that it started before it was interrupted', async () => {
    const before = await tick();
    await bench.runStore.endRun(before?.runId ?? '', { state: 'canceled' });
    const jobId = uuidv7();
    const interrupted = new Error('The process ended.');
    await expect(
      runTick('A', jobId, {
        ...engine.deps,
        scheduleStore: { ...bench.scheduleStore, saveTick: () => Promise.reject(interrupted) },
        newId: uuidv7,
      }),
    ).rejects.toBe(interrupted);
    expect(await tick(jobId)).toMatchObject({ outcome: 'ran', runId: await openRunId() });
  });

  it('comes to nothing while the sync is paused', async () => {
    const deps = { ...engine.deps, scheduleStore: bench.scheduleStore };
    await setSyncPause('A', true, asker, deps);
    expect(await tick()).toMatchObject({
      outcome: 'skippedPaused',
      planId: null,
      detail: 'Paused by operator: Maintenance of the org',
    });
    await setSyncPause('A', false, asker, deps);
    expect(await tick()).toMatchObject({ outcome: 'ran' });
  });

  it('starts nothing when the sync is paused while its plan is built', async () => {
    let looks = 0;
    const scheduleStore = {
      ...bench.scheduleStore,
      readSchedules: async () => {
        looks += 1;
        if (looks === 2)
          await setSyncPause('A', true, asker, { ...engine.deps, scheduleStore: bench.scheduleStore });
        return bench.scheduleStore.readSchedules();
      },
    };
    await runTick('A', uuidv7(), { ...engine.deps, scheduleStore, newId: uuidv7 });
    expect((await bench.scheduleStore.readSchedules())[0]?.lastTick).toMatchObject({
      outcome: 'skippedPaused',
    });
    expect(await openRunId()).toBeUndefined();
  });

  it('starts no second run beside one that has not ended', async () => {
    const { planId } = await engine.plan();
    const { runId } = await engine.queueRun(planId, 'A');
    expect(await tick()).toEqual({
      at: expect.any(String),
      outcome: 'skippedRunning',
      planId: null,
      runId,
      detail: `Run ${runId} is queued.`,
    });
  });

  it('lets a run that waits for API calls go on once they are free', async () => {
    const { runId = '' } = (await tick()) ?? {};
    await bench.runStore.updateRun(runId ?? '', { state: 'running' });
    const error = new SyncError('SALESFORCE_API_LIMIT', 'The calls of the day are used.');
    await stopRun(runId ?? '', { cause: 'budget', error }, engine.deps);
    await engine.control('PUT', 'faults', { rules: [{ match: { path: '/limits' }, kind: 'unavailable' }] });
    expect(await tick()).toMatchObject({ outcome: 'skippedRunning', runId });
    expect(await bench.runStore.readRun(runId ?? '')).toMatchObject({ state: 'paused' });
    await engine.control('DELETE', 'faults');
    expect(await tick(uuidv7(), { settings: { ...engine.deps.settings, apiReserveShare: 1 } })).toMatchObject(
      {
        outcome: 'skippedRunning',
      },
    );
    expect(await bench.runStore.readRun(runId ?? '')).toMatchObject({ state: 'paused' });
    expect(await tick()).toMatchObject({ outcome: 'skippedRunning', runId });
    expect(await bench.runStore.readRun(runId ?? '')).toMatchObject({ state: 'queued', pause: null });
  });

  it('leaves a run that somebody paused alone', async () => {
    const { runId } = (await tick()) ?? {};
    await bench.runStore.updateRun(runId ?? '', {
      state: 'paused',
      pause: { cause: 'asked', at: new Date().toISOString(), by: 'operator', reason: 'Let me look.' },
    });
    expect(await tick()).toMatchObject({
      outcome: 'skippedRunning',
      detail: `Run ${runId ?? ''} is paused.`,
    });
    expect(await bench.runStore.readRun(runId ?? '')).toMatchObject({ state: 'paused' });
  });

  it('is blocked by the volume guard, which names itself', async () => {
    const settings = {
      ...engine.deps.settings,
      guards: { ...defaultGuardSettings, maxUnattendedCreates: 0 },
    };
    expect(await tick(uuidv7(), { settings })).toMatchObject({
      outcome: 'blocked',
      runId: null,
      detail: 'The plan is blocked by volume.',
    });
    expect(await openRunId()).toBeUndefined();
  });

  it('keeps the rows of the plan blocked last, and of no earlier one', async () => {
    const settings = {
      ...engine.deps.settings,
      guards: { ...defaultGuardSettings, maxUnattendedCreates: 0 },
    };
    const first = await tick(uuidv7(), { settings });
    const second = await tick(uuidv7(), { settings });
    expect(await planItems(first?.planId ?? '')).toEqual([]);
    expect((await planItems(second?.planId ?? '')).length).toBeGreaterThan(0);
  });

  it('fails, rather than being tried again, when the source is stale or its plan fails', async () => {
    const stale = { ...engine.deps.settings, sourceMaxAgeMs: 0 };
    expect(await tick(uuidv7(), { settings: stale })).toMatchObject({
      outcome: 'failed',
      detail: expect.stringContaining('last ingested'),
    });
    const missing = {
      ...engine.deps.settings,
      fieldMap: [{ ...engine.deps.settings.fieldMap[0], field: 'Missing__c' }],
    };
    expect(await tick(uuidv7(), { settings: missing as Engine['deps']['settings'] })).toMatchObject({
      outcome: 'failed',
      detail: expect.stringContaining('Missing__c'),
    });
  });

  it('comes to nothing once the schedule is off', async () => {
    const before = await tick();
    await bench.scheduleStore.schedule('A', null);
    expect(await tick()).toEqual(before);
    await bench.scheduleStore.schedule('A', quarterHourMs);
  });

  it('makes an unattended plan and starts its run, and the next one a run that has nothing to write', async () => {
    const first = await tick();
    expect(first).toMatchObject({ outcome: 'ran', detail: null });
    const run = await engine.execute(first?.runId ?? '');
    expect(run).toMatchObject({ trigger: 'schedule', actor: 'middleware', planId: first?.planId });
    expect(run.counts.verified).toBeGreaterThan(0);
    expect(await bench.runStore.readPlan(run.planId)).toMatchObject({ isAttended: false });

    const second = await tick();
    expect(second).toMatchObject({ outcome: 'ran' });
    const nothing = await engine.execute(second?.runId ?? '');
    expect(nothing).toMatchObject({ state: 'succeeded', counts: { planned: run.counts.failed } });
  });
});

describe('what Salesforce has refused for good', () => {
  // The rollout above has used up what was to be created.
  beforeAll(async () => {
    await engine.control('POST', 'reset');
    await engine.deps.warehouse.execute(`delete from ${engine.deps.warehouse.name('mirror_state')}`);
  });

  it('does not send again what Salesforce has refused for good, until it would be written otherwise', async () => {
    const { planId } = await engine.plan();
    const [refused] = await planItems(planId);
    const { rdsPropertyId = '' } = refused ?? {};
    await engine.control('PUT', 'automation', {
      rejections: [{ keys: [rdsPropertyId], on: 'insert', error: 'flowPicklist' }],
    });
    const run = await engine.run(planId, 'A');
    expect(run.counts).toMatchObject({ quarantined: 1 });
    await engine.control('PUT', 'automation', { rejections: [] });

    const quiet = await tick();
    expect((await planItems(quiet?.planId ?? '')).map((item) => item.rdsPropertyId)).not.toContain(
      rdsPropertyId,
    );
    await bench.runStore.endRun(quiet?.runId ?? '', { state: 'canceled' });
    // A person's plan takes it along.
    const attended = await engine.plan();
    expect((await planItems(attended.planId)).map((item) => item.rdsPropertyId)).toEqual([rdsPropertyId]);

    await engine.deps.warehouse.execute(
      `update rds.pg_rds_public.properties set name = 'Renamed Court' where id = '${rdsPropertyId}'`,
    );
    const changed = await tick();
    expect((await planItems(changed?.planId ?? '')).map((item) => item.rdsPropertyId)).toEqual([
      rdsPropertyId,
    ]);
  });
});
