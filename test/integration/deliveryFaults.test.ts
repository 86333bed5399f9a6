import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { Plan, Run, RunItemState, Sync } from '../../middleware/src/contracts/index.ts';
import { cancelRun } from '../../middleware/src/delivery/cancelRun.ts';
import { executeRun, refuseRun } from '../../middleware/src/delivery/executeRun.ts';
import { pauseRun } from '../../middleware/src/delivery/pauseRun.ts';
import { releaseRun } from '../../middleware/src/delivery/releaseRun.ts';
import { SyncError } from '../../middleware/src/errors.ts';
import type { PlanItem } from '../../middleware/src/ports/runStore.ts';
import {
  openBench,
  openEngine,
  repeatedKeys,
  type Bench,
  type Engine,
  type EngineOptions,
} from './engine.ts';

let bench: Bench;
let engine: Engine;

beforeAll(async () => {
  bench = await openBench();
});
afterAll(() => bench.close());
afterEach(() => engine.close());

/** Batches small enough that each sync makes several calls. */
const smallBatches: EngineOptions['settings'] = {
  ramp: { sizes: { create: [20], update: [20] }, pauseMs: 0 },
};
const open = async (options: EngineOptions = {}): Promise<Engine> =>
  (engine = await openEngine(bench, options));
const writes = { method: 'PATCH', path: '/composite/sobjects' };
/** Queries, and reads of records by their ids. */
const reads = { path: '/query|/sobjects/Product_Property__c$' };

interface RollOut {
  readonly plan: Plan;
  readonly a: Run;
  readonly b: Run;
  readonly after: Plan;
}

/** Plans, runs both syncs, each with the fault newly armed, and plans again. Says how often the fault struck. */
async function rollOut(rule?: object): Promise<RollOut & { hits: Record<Sync, number> }> {
  const plan = await engine.plan();
  const hits: Record<Sync, number> = { A: 0, B: 0 };
  const runWithFault = async (sync: Sync): Promise<Run> => {
    await engine.control('PUT', 'faults', { rules: rule === undefined ? [] : [rule] });
    const run = await engine.run(plan.planId, sync);
    const { rules } = (await engine.control('GET', 'faults')) as { rules: { hits: number }[] };
    hits[sync] = rules[0]?.hits ?? 0;
    return run;
  };
  const a = await runWithFault('A');
  const b = await runWithFault('B');
  await engine.control('DELETE', 'faults');
  return { plan, a, b, after: await engine.plan(), hits };
}

/** Both cohorts written and verified, and nothing left to do. */
function expectCleanEnd({ plan: { summary }, a, b, after }: RollOut): void {
  expect(summary?.toCreate).toBeGreaterThan(0);
  expect(summary?.withChanges).toBeGreaterThan(0);
  expect(a).toMatchObject({
    state: 'succeeded',
    counts: { planned: summary?.toCreate, created: summary?.toCreate, verified: summary?.toCreate },
  });
  expect(b).toMatchObject({
    state: 'succeeded',
    counts: { planned: summary?.withChanges, updated: summary?.withChanges, verified: summary?.withChanges },
  });
  expect(after.summary).toMatchObject({ toCreate: 0, withChanges: 0, conflicts: summary?.conflicts });
}

async function firstItems(plan: Plan, operation: 'create' | 'update'): Promise<PlanItem[]> {
  for await (const items of bench.runStore.streamPlanItems(plan.planId, operation)) return items;
  return [];
}

describe('the rollout of a small baseline', () => {
  it('leaves nothing to do, every item verified, no key twice, and a second run that writes nothing', async () => {
    await open();
    const before = repeatedKeys(await engine.records());
    const result = await rollOut();
    expectCleanEnd(result);
    expect(repeatedKeys(await engine.records())).toEqual(before);

    const again = await engine.run(result.after.planId, 'B');
    expect(again).toMatchObject({ state: 'succeeded', counts: { planned: 0, attempted: 0 } });
  });

  it('stores before-images and after-images that differ in exactly the planned fields', async () => {
    await open();
    const { b } = await rollOut();
    const items = await bench.runStore.readItems(b.runId, { states: ['verified'], limit: 1_000 });
    expect(items).toHaveLength(b.counts.planned);
    for (const { before, after, changes } of items) {
      const changed = Object.keys(after ?? {}).filter((field) => after?.[field] !== before?.[field]);
      expect(changed.sort()).toEqual(changes.map(({ field }) => field).sort());
    }
  });

  it.each([
    [
      'the answer of every second write is lost after it was committed',
      { kind: 'resetAfter', match: writes, every: 2 },
    ],
    [
      'the answer of every second write breaks off in the middle',
      { kind: 'cutBody', match: writes, every: 2 },
    ],
    ['every second write never arrives', { kind: 'resetBefore', match: writes, every: 2 }],
    ['every second write meets a busy org', { kind: 'unavailable', match: writes, every: 2 }],
    ['every second write is told to slow down', { kind: 'rateLimited', match: writes, every: 2 }],
    ['records are locked in the first two writes', { kind: 'rowLock', match: writes, times: 2 }],
    ['the session ends at every fourth call', { kind: 'expiredSession', match: {}, every: 4 }],
    ['three reads fail', { kind: 'unavailable', match: reads, times: 3 }],
    ['three reads break off in the middle', { kind: 'cutBody', match: reads, times: 3 }],
  ])('ends the same when %s', async (_title, rule) => {
    await open({ settings: smallBatches });
    const before = repeatedKeys(await engine.records());
    const result = await rollOut(rule);
    expect(result.hits.A).toBeGreaterThan(0);
    expect(result.hits.B).toBeGreaterThan(0);
    expectCleanEnd(result);
    expect(repeatedKeys(await engine.records())).toEqual(before);
  });

  it('ends the same when an answer stalls in the middle', async () => {
    await open({ settings: smallBatches, timeoutMs: 1_000 });
    const result = await rollOut({ kind: 'stallBody', match: writes, times: 1 });
    expect(result.hits).toEqual({ A: 1, B: 1 });
    expectCleanEnd(result);
  });

  it.each<Sync>(['A', 'B'])(
    'does not write twice what Sync %s sent and the org committed late',
    async (sync) => {
      await open();
      const plan = await engine.plan();
      const { crm } = engine.deps;
      let late: (() => Promise<unknown>) | null = null;
      let reads = 0;
      let writeCount = 0;
      const read = async <Result>(work: () => Promise<Result>): Promise<Result> => {
        // The first read after the lost answer finds nothing; the org commits before the next one.
        if (late !== null && (reads += 1) === 2) {
          const commit = late;
          late = null;
          await commit();
        }
        return work();
      };
      engine.override({
        writeRecords: (operation, records) => {
          writeCount += 1;
          if (writeCount > 1) return crm.writeRecords(operation, records);
          late = () => crm.writeRecords(operation, records);
          return Promise.reject(new SyncError('SALESFORCE_UNAVAILABLE', 'The answer was lost.'));
        },
        readByKeys: (keys) => read(() => crm.readByKeys(keys)),
        readByIds: (ids) => read(() => crm.readByIds(ids)),
      });
      const run = await engine.run(plan.planId, sync);
      expect(run).toMatchObject({ state: 'succeeded', counts: { verified: run.counts.planned, skipped: 0 } });
      expect(sync === 'A' ? run.counts.created : run.counts.updated).toBe(run.counts.planned);
      const items = await bench.runStore.readItems(run.runId, { states: ['verified'], limit: 1_000 });
      expect(Math.max(...items.map(({ attempts }) => attempts))).toBe(1);
      for (const { before, changes } of items) {
        for (const { field, from } of changes) expect(before?.[field] ?? null).toBe(from);
      }
    },
  );

  it('bisects when automation runs out of a limit, and creates everything', async () => {
    await open();
    await engine.control('PUT', 'automation', { insertLimit: { maxRecords: 10, when: 'always' } });
    const result = await rollOut();
    expectCleanEnd(result);
    expect(result.a.counts).toMatchObject({ failed: 0, quarantined: 0 });
  });

  it('quarantines what automation rejects for good, names the innermost cause, and writes the rest', async () => {
    await open();
    const plan = await engine.plan();
    const keys = (await firstItems(plan, 'create')).slice(0, 2).map(({ rdsPropertyId }) => rdsPropertyId);
    await engine.control('PUT', 'automation', {
      rejections: [{ keys, on: 'insert', error: 'flowPicklist' }],
    });
    const a = await engine.run(plan.planId, 'A');
    expect(a.state).toBe('partiallySucceeded');
    expect(a.counts).toMatchObject({
      quarantined: 2,
      verified: a.counts.planned - 2,
      failed: 0,
      waiting: 0,
      unknown: 0,
    });
    const quarantined = await bench.runStore.readItems(a.runId, { states: ['quarantined'], limit: 10 });
    expect(quarantined.map(({ rdsPropertyId }) => rdsPropertyId).sort()).toEqual(keys.sort());
    for (const { error } of quarantined) {
      expect(error).toMatchObject({
        class: 'permanentConfiguration',
        code: 'INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST',
      });
    }
    expect((await engine.plan()).summary?.toCreate).toBe(2);
  });

  it('does not call a record verified that somebody changed between the write and the read-back', async () => {
    await open();
    const plan = await engine.plan();
    const { crm } = engine.deps;
    let edited = '';
    engine.override({
      writeRecords: async (operation, records) => {
        const outcomes = await crm.writeRecords(operation, records);
        const [first] = outcomes;
        if (edited === '' && first?.kind === 'accepted') {
          edited = first.key;
          await engine.editByHand(first.id, { Company_Name__c: 'Somebody Else' });
        }
        return outcomes;
      },
    });
    const run = await engine.run(plan.planId, 'A');
    expect(run).toMatchObject({
      state: 'partiallySucceeded',
      counts: { verified: run.counts.planned - 1, failed: 1 },
    });
    const [failed] = await bench.runStore.readItems(run.runId, { states: ['failed'], limit: 10 });
    expect(failed).toMatchObject({
      rdsPropertyId: edited,
      error: { class: 'verification', code: 'VALUE_MISMATCH', fields: ['Company_Name__c'] },
    });
  });
});

describe('a plan that no longer holds', () => {
  it('is refused by name when somebody edited a planned record, and nothing is written', async () => {
    await open();
    const plan = await engine.plan();
    const [item] = await firstItems(plan, 'update');
    await engine.editByHand(item?.stagingId ?? '', { Name: 'Edited by hand', City__c: 'Elsewhere' });
    const run = await engine.run(plan.planId, 'B');
    expect(run).toMatchObject({
      state: 'failed',
      error: { code: 'PLAN_STALE', details: [item?.rdsPropertyId] },
    });
    expect(run.counts).toMatchObject({ attempted: 0, skipped: run.counts.planned });
    expect(await engine.org.count('Product_Property__c', `WHERE Sync_Run_ID__c = '${run.runId}'`)).toBe(0);
  });

  it('is refused when the source has not been ingested for longer than allowed', async () => {
    await open({ now: new Date('2026-01-05T14:00:00.000Z') });
    const plan = await engine.plan();
    expect(plan).toMatchObject({ state: 'ready', isSourceStale: true });
    await expect(engine.run(plan.planId, 'A')).rejects.toMatchObject({ code: 'SOURCE_STALE' });
  });

  it('is blocked by the company guard when a view yields the property name as the company, and cannot be run', async () => {
    await open({
      changeSql: (files) => {
        const name = 'rds_properties_enriched';
        const text = files.views[name] ?? '';
        const changed = text.replace(
          'live_companies.company_name,',
          'judged_properties.full_name as company_name,',
        );
        expect(changed).not.toBe(text);
        return { ...files, views: { ...files.views, [name]: changed } };
      },
    });
    const plan = await engine.plan();
    expect(plan.state).toBe('blocked');
    expect(plan.guards).toContainEqual(
      expect.objectContaining({ guard: 'companyEqualsName', isTripped: true }),
    );
    for (const sync of ['A', 'B'] as const) {
      await expect(engine.run(plan.planId, sync)).rejects.toMatchObject({ code: 'PLAN_BLOCKED' });
    }
  });
});

describe('a large run', () => {
  const asJobs: EngineOptions['settings'] = { maxCollectionRows: 10 };
  const jobs = async (): Promise<{ kind: string; operation: string; state: string }[]> =>
    ((await engine.control('GET', 'jobs')) as { jobs: { kind: string; operation: string; state: string }[] })
      .jobs;
  const ingestJobs = async (): Promise<{ operation: string; state: string }[]> =>
    (await jobs())
      .filter(({ kind }) => kind === 'ingest')
      .map(({ operation, state }) => ({ operation, state }));

  it('goes as one Bulk job a sync, joins shuffled results, and is verified by a Bulk query', async () => {
    await open({ settings: asJobs });
    expectCleanEnd(await rollOut());
    expect(await ingestJobs()).toEqual([
      { operation: 'upsert', state: 'JobComplete' },
      { operation: 'update', state: 'JobComplete' },
    ]);
    // One for the mirror, one for each read-back.
    expect((await jobs()).filter(({ kind }) => kind === 'query')).toHaveLength(3);
  });

  it('reads the failed rows of a job', async () => {
    await open({ settings: asJobs });
    const plan = await engine.plan();
    const keys = (await firstItems(plan, 'create')).slice(0, 2).map(({ rdsPropertyId }) => rdsPropertyId);
    await engine.control('PUT', 'automation', { rejections: [{ keys, on: 'insert', error: 'validation' }] });
    const a = await engine.run(plan.planId, 'A');
    expect(a).toMatchObject({
      state: 'partiallySucceeded',
      counts: { quarantined: 2, verified: a.counts.planned - 2 },
    });
  });

  it('sends again what a job that failed half-way did not process', async () => {
    await open({ settings: asJobs });
    const plan = await engine.plan();
    await engine.control('PUT', 'bulk', { failAfterRecords: 20 });
    const a = await engine.run(plan.planId, 'A');
    expect(a).toMatchObject({
      state: 'succeeded',
      counts: { created: plan.summary?.toCreate, verified: plan.summary?.toCreate },
    });
    expect(await ingestJobs()).toEqual([{ operation: 'upsert', state: 'Failed' }]);
    const items = await bench.runStore.readItems(a.runId, { states: ['verified'], limit: 1_000 });
    expect(items.filter(({ attempts }) => attempts === 1)).toHaveLength(20);
  });

  it.each([
    [
      'the answer to closing the job is lost',
      { kind: 'resetAfter', match: { method: 'PATCH', path: '/jobs/ingest' }, times: 1 },
    ],
    [
      'the answer to the upload is lost',
      { kind: 'resetAfter', match: { method: 'PUT', path: '/batches' }, times: 1 },
    ],
    [
      'the first result file breaks off',
      { kind: 'cutBody', match: { method: 'GET', path: '/successfulResults' }, times: 1 },
    ],
  ])('ends the same when %s', async (_title, rule) => {
    await open({ settings: asJobs });
    const plan = await engine.plan();
    await engine.control('PUT', 'faults', { rules: [rule] });
    const run = await engine.runAsTheQueueWould(plan.planId, 'A');
    const { rules } = (await engine.control('GET', 'faults')) as { rules: { hits: number }[] };
    expect(rules[0]?.hits).toBe(1);
    expect(run).toMatchObject({
      state: 'succeeded',
      counts: { created: plan.summary?.toCreate, verified: plan.summary?.toCreate },
    });
    const items = await bench.runStore.readItems(run.runId, { states: ['verified'], limit: 1_000 });
    expect(items).toHaveLength(run.counts.planned);
  });
});

describe('a worker that dies', () => {
  it('after sending and before storing the outcomes is followed by one that reads first and writes nothing twice', async () => {
    await open();
    const plan = await engine.plan();
    const { crm } = engine.deps;
    const writeAndDie: typeof crm.writeRecords = async (operation, records) => {
      await crm.writeRecords(operation, records);
      throw new Error('killed');
    };
    engine.override({ writeRecords: writeAndDie });
    const { runId } = await engine.queueRun(plan.planId, 'A');
    await expect(engine.execute(runId)).rejects.toThrow('killed');

    engine.override({});
    const run = await engine.execute(runId);
    expect(run).toMatchObject({ state: 'succeeded', counts: { created: plan.summary?.toCreate } });
    const items = await bench.runStore.readItems(runId, { states: ['verified'], limit: 1_000 });
    expect(new Set(items.map(({ attempts }) => attempts))).toEqual(new Set([1]));
  });

  it('after storing the intent and before sending is followed by one that checks the plan again', async () => {
    await open();
    const plan = await engine.plan();
    engine.override({ writeRecords: () => Promise.reject(new Error('killed')) });
    const { runId } = await engine.queueRun(plan.planId, 'B');
    await expect(engine.execute(runId)).rejects.toThrow('killed');

    engine.override({});
    const [item] = await firstItems(plan, 'update');
    await engine.editByHand(item?.stagingId ?? '', { Name: 'Edited by hand', City__c: 'Elsewhere' });
    const run = await engine.execute(runId);
    expect(run).toMatchObject({
      state: 'failed',
      error: { code: 'PLAN_STALE', details: [item?.rdsPropertyId] },
    });
    expect(run.counts).toMatchObject({ written: 0, skipped: run.counts.planned });
  });

  it.each([
    ['between opening and uploading a job', 'uploadJob' as const, 'Aborted'],
    ['after the upload of a job', 'readJob' as const, 'JobComplete'],
  ])('%s is followed by one that goes on by the id of the job', async (_title, method, firstJobState) => {
    await open({ settings: { maxCollectionRows: 10 } });
    const plan = await engine.plan();
    engine.override({ [method]: () => Promise.reject(new Error('killed')) });
    const { runId } = await engine.queueRun(plan.planId, 'A');
    await expect(engine.execute(runId)).rejects.toThrow('killed');

    engine.override({});
    const run = await engine.execute(runId);
    expect(run).toMatchObject({
      state: 'succeeded',
      counts: { created: plan.summary?.toCreate, verified: plan.summary?.toCreate },
    });
    const { jobs } = (await engine.control('GET', 'jobs')) as { jobs: { kind: string; state: string }[] };
    expect(jobs.find(({ kind }) => kind === 'ingest')?.state).toBe(firstJobState);
  });

  it('while verifying is followed by one that verifies the rest', async () => {
    await open();
    const plan = await engine.plan();
    const { crm } = engine.deps;
    const { runId } = await engine.queueRun(plan.planId, 'A');
    engine.override({ readByIds: () => Promise.reject(new Error('killed')) });
    await expect(engine.execute(runId)).rejects.toThrow('killed');
    expect((await bench.runStore.countItems(runId)).written).toBe(plan.summary?.toCreate);

    engine.override({ writeRecords: () => Promise.reject(new Error('nothing is left to write')) });
    expect(await engine.execute(runId)).toMatchObject({ state: 'succeeded' });
    expect(crm).toBeDefined();
  });
});

describe('a run that is asked to stop', () => {
  const asker = { by: 'operator', reason: 'something looks wrong' };
  const pause = (runId: string) => pauseRun(runId, asker, engine.deps);
  const cancel = (runId: string) => cancelRun(runId, asker, engine.deps);
  const release = (runId: string, mayReleaseBrake = false) =>
    releaseRun(runId, { ...asker, mayReleaseBrake }, engine.deps);
  const items = (runId: string, ...states: RunItemState[]) =>
    bench.runStore.readItems(runId, { states, limit: 1_000 });
  /** Runs this once, after the n-th call that writes has been answered. */
  const afterWrite = (callNumber: number, act: () => Promise<unknown>): void => {
    const { crm } = engine.deps;
    let calls = 0;
    engine.override({
      writeRecords: async (operation, records) => {
        const outcomes = await crm.writeRecords(operation, records);
        if ((calls += 1) === callNumber) await act();
        return outcomes;
      },
    });
  };
  const eventsOf = async (runId: string) =>
    (await bench.runStore.pendingEvents(1_000)).filter(({ subject }) => subject === runId);

  it('pauses between two batches with nothing on its way, goes on where it stood, and writes nothing twice', async () => {
    await open({ settings: smallBatches });
    const plan = await engine.plan();
    const { runId } = await engine.queueRun(plan.planId, 'A');
    afterWrite(1, () => pause(runId));
    const paused = await engine.execute(runId);
    expect(paused).toMatchObject({
      state: 'paused',
      stage: null,
      stopRequest: null,
      pause: { cause: 'asked', ...asker },
      error: null,
      counts: { attempted: 20, verified: 20, waiting: paused.counts.planned - 20 },
    });
    expect(await items(runId, 'sent', 'accepted', 'unknown')).toEqual([]);
    expect(await pause(runId)).toEqual(paused);
    // Work that is given out meanwhile does nothing.
    expect(await engine.execute(runId)).toEqual(paused);

    expect(await release(runId)).toMatchObject({ state: 'queued', pause: null });
    engine.override({});
    const done = await engine.execute(runId);
    expect(done).toMatchObject({
      state: 'succeeded',
      counts: { created: plan.summary?.toCreate, verified: plan.summary?.toCreate },
    });
    const verified = await items(runId, 'verified');
    expect(new Set(verified.map(({ attempts }) => attempts))).toEqual(new Set([1]));
    expect(await eventsOf(runId)).toMatchObject([
      { kind: 'runPaused', actor: 'operator', reason: asker.reason },
      { kind: 'runResumed', actor: 'operator' },
    ]);
    expect((await engine.plan()).summary?.toCreate).toBe(0);
  });

  it('pauses during the pause of the ramp, without sending another batch', async () => {
    await open({ settings: { ramp: { sizes: { create: [10, 10], update: [10] }, pauseMs: 60_000 } } });
    const plan = await engine.plan();
    const { runId } = await engine.queueRun(plan.planId, 'A');
    let waits = 0;
    const deps = {
      ...engine.deps,
      pause: {
        wait: async () => {
          if ((waits += 1) === 3) await pause(runId);
        },
        jitter: () => 0,
      },
    };
    await executeRun(runId, deps);
    expect(await bench.runStore.readRun(runId)).toMatchObject({ state: 'paused', counts: { attempted: 10 } });
    expect(waits).toBe(3);
  });

  it('is paused or canceled at once before it has begun', async () => {
    await open();
    const plan = await engine.plan();
    const { runId } = await engine.queueRun(plan.planId, 'A');
    expect(await pause(runId)).toMatchObject({ state: 'paused', pause: asker });
    await release(runId);
    expect(await release(runId)).toMatchObject({ state: 'queued' });
    const canceled = await cancel(runId);
    expect(canceled).toMatchObject({
      state: 'canceled',
      startedAt: null,
      counts: { attempted: 0, waiting: 0 },
    });
    expect(canceled.endedAt).not.toBeNull();
    expect(canceled.counts.skipped).toBe(canceled.counts.planned);
    const [skipped] = await items(runId, 'skipped');
    expect(skipped?.error).toMatchObject({ class: 'notSent', code: 'CANCELED' });
    expect(await bench.runStore.pendingAudits(100)).toContain(runId);
    expect((await eventsOf(runId)).map(({ kind }) => kind)).toEqual([
      'runPaused',
      'runResumed',
      'runCanceled',
    ]);
    for (const ask of [pause, cancel, release]) {
      await expect(ask(runId)).rejects.toMatchObject({ code: 'RUN_CONFLICT' });
    }
    await expect(pause('01900000-0000-7000-8000-00000000ffff')).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it('is canceled between two batches: what was written is verified, the rest skipped, all of it audited', async () => {
    await open({ settings: smallBatches });
    const plan = await engine.plan();
    const { runId } = await engine.queueRun(plan.planId, 'B');
    // A cancel outdoes a pause, and nothing outdoes a cancel.
    afterWrite(1, async () => {
      await pause(runId);
      await cancel(runId);
      await expect(pause(runId)).rejects.toMatchObject({ code: 'RUN_CONFLICT' });
      await expect(release(runId)).rejects.toMatchObject({ code: 'RUN_CONFLICT' });
      expect(await cancel(runId)).toMatchObject({ state: 'running', stopRequest: { kind: 'cancel' } });
    });
    const run = await engine.execute(runId);
    expect(run).toMatchObject({
      state: 'canceled',
      stage: null,
      stopRequest: null,
      counts: { verified: 20, skipped: run.counts.planned - 20, waiting: 0 },
    });
    expect(await bench.runStore.pendingAudits(100)).toContain(runId);
    expect(await eventsOf(runId)).toMatchObject([{ kind: 'runCanceled', actor: 'operator' }]);
    expect((await engine.plan()).summary?.withChanges).toBe(run.counts.planned - 20);
  });

  it.each(['pause', 'cancel'] as const)(
    'ends as it would have when the %s comes with its last batch',
    async (kind) => {
      await open();
      const plan = await engine.plan();
      const { runId } = await engine.queueRun(plan.planId, 'A');
      const { crm } = engine.deps;
      let isAsked = false;
      engine.override({
        readByIds: async (ids) => {
          // The read-back: nothing is left to send.
          if (!isAsked)
            expect(await (kind === 'pause' ? pause : cancel)(runId)).toMatchObject({ state: 'running' });
          isAsked = true;
          return crm.readByIds(ids);
        },
      });
      const run = await engine.execute(runId);
      expect(isAsked).toBe(true);
      expect(run).toMatchObject({ state: 'succeeded', stopRequest: null, pause: null });
      expect(await eventsOf(runId)).toEqual([]);
    },
  );

  it('goes on when the pause is taken back before it was made', async () => {
    await open({ settings: smallBatches });
    const plan = await engine.plan();
    const { runId } = await engine.queueRun(plan.planId, 'A');
    afterWrite(1, async () => {
      await pause(runId);
      expect(await release(runId)).toMatchObject({ state: 'running', stopRequest: null });
    });
    expect(await engine.execute(runId)).toMatchObject({ state: 'succeeded' });
  });

  it('is given out again when the pause is taken back while it is being made', async () => {
    await open({ settings: smallBatches });
    const plan = await engine.plan();
    const { runId } = await engine.queueRun(plan.planId, 'A');
    const { crm } = engine.deps;
    let isReleased = false;
    engine.override({
      writeRecords: async (operation, records) => {
        const outcomes = await crm.writeRecords(operation, records);
        if (!isReleased) await pause(runId);
        return outcomes;
      },
      readByIds: async (ids) => {
        isReleased = true;
        await release(runId);
        return crm.readByIds(ids);
      },
    });
    expect(await engine.execute(runId)).toMatchObject({ state: 'queued', counts: { verified: 20 } });
    expect(await engine.execute(runId)).toMatchObject({ state: 'succeeded' });
  });

  it.each(['pause', 'cancel'] as const)(
    'makes the %s although its worker died, after asking what became of the batch',
    async (kind) => {
      await open({ settings: smallBatches });
      const plan = await engine.plan();
      const { runId } = await engine.queueRun(plan.planId, 'A');
      afterWrite(1, async () => {
        await (kind === 'pause' ? pause : cancel)(runId);
        throw new Error('killed');
      });
      await expect(engine.execute(runId)).rejects.toThrow('killed');
      engine.override({ writeRecords: () => Promise.reject(new Error('nothing more is to be sent')) });
      expect(await engine.execute(runId)).toMatchObject({
        state: kind === 'pause' ? 'paused' : 'canceled',
        counts: { written: 20, verified: 20 },
      });
    },
  );

  describe('while a Bulk job is going on', () => {
    /** Asks while the job is being worked on: after its first 20 records, and before it would fail. */
    const whileInProgress = async (runId: string, act: () => Promise<unknown>): Promise<void> => {
      const { crm } = engine.deps;
      let isAsked = false;
      engine.override({
        readJob: async (jobId) => {
          const job = await crm.readJob(jobId);
          if (!isAsked && job.state === 'inProgress' && (await writtenBy(runId)) > 0) {
            isAsked = true;
            await act();
          }
          return job;
        },
      });
      await engine.control('PUT', 'bulk', { chunkDelayMs: 3_000, failAfterRecords: 20 });
    };
    const writtenBy = (runId: string) =>
      engine.org.count('Product_Property__c', `WHERE Sync_Run_ID__c = '${runId}'`);
    const jobStates = async () =>
      ((await engine.control('GET', 'jobs')) as { jobs: { kind: string; state: string }[] }).jobs
        .filter(({ kind }) => kind === 'ingest')
        .map(({ state }) => state);
    const asJob: EngineOptions['settings'] = { maxCollectionRows: 10, pollIntervalMs: 20 };

    it('aborts the job when it is canceled, keeps what was processed and skips the rest', async () => {
      await open({ settings: asJob });
      const plan = await engine.plan();
      const { runId } = await engine.queueRun(plan.planId, 'A');
      await whileInProgress(runId, () => cancel(runId));
      const run = await engine.execute(runId);
      expect(run.state).toBe('canceled');
      expect(await jobStates()).toEqual(['Aborted']);
      expect(run.counts).toMatchObject({ verified: 20, skipped: run.counts.planned - 20, failed: 0 });
      expect(await writtenBy(runId)).toBe(20);
    });

    it('reads by key what an aborted job calls unprocessed', async () => {
      await open({ settings: asJob });
      const plan = await engine.plan();
      const { runId } = await engine.queueRun(plan.planId, 'A');
      const { crm } = engine.deps;
      await engine.control('PUT', 'bulk', { isHeld: true });
      let isAborted = false;
      engine.override({
        readJob: async (jobId) => {
          if (!isAborted) await cancel(runId);
          const job = await crm.readJob(jobId);
          return job.state === 'complete' ? { ...job, state: 'aborted' } : job;
        },
        abortJob: async () => {
          isAborted = true;
          // The org works the rows off after all, though it tells that it has not.
          await engine.control('PUT', 'bulk', { isHeld: false });
        },
        async *streamJobOutcomes(jobId, operation) {
          for await (const outcomes of crm.streamJobOutcomes(jobId, operation)) {
            yield outcomes.map(({ key }) => ({ key, kind: 'unprocessed' as const }));
          }
        },
      });
      const run = await engine.execute(runId);
      expect(run).toMatchObject({ counts: { verified: run.counts.planned, skipped: 0 } });
    });

    it('lets the job end when it is paused', async () => {
      await open({ settings: asJob });
      const plan = await engine.plan();
      const { runId } = await engine.queueRun(plan.planId, 'A');
      await whileInProgress(runId, () => pause(runId));
      const run = await engine.execute(runId);
      expect(await jobStates()).toEqual(['Failed']);
      expect(run).toMatchObject({
        state: 'paused',
        counts: { verified: 20, waiting: run.counts.planned - 20 },
      });
    });

    it('opens no job when it was asked while the intents were stored', async () => {
      await open({ settings: asJob });
      const plan = await engine.plan();
      const { runId } = await engine.queueRun(plan.planId, 'A');
      const { crm } = engine.deps;
      engine.override({
        readByKeys: async (keys) => {
          await pause(runId);
          return crm.readByKeys(keys);
        },
      });
      const paused = await engine.execute(runId);
      expect(paused).toMatchObject({
        state: 'paused',
        counts: { waiting: paused.counts.planned, written: 0 },
      });
      expect(await jobStates()).toEqual([]);
      await release(runId);
      engine.override({});
      expect(await engine.execute(runId)).toMatchObject({ state: 'succeeded' });
    });
  });
});

describe('a run that stops by itself', () => {
  const asker = { by: 'approver', reason: 'the rule has been mended' };
  const release = (runId: string, mayReleaseBrake = false) =>
    releaseRun(runId, { ...asker, mayReleaseBrake }, engine.deps);

  it('pauses by its brake when more than a tenth of the records fail, and goes on when an approver lets it', async () => {
    await open({ settings: { ramp: { sizes: { create: [20], update: [30] }, pauseMs: 0 } } });
    const plan = await engine.plan();
    const keys = (await firstItems(plan, 'update')).slice(0, 20).map(({ rdsPropertyId }) => rdsPropertyId);
    await engine.control('PUT', 'automation', { rejections: [{ keys, on: 'update', error: 'validation' }] });
    const braked = await engine.run(plan.planId, 'B');
    expect(braked).toMatchObject({
      state: 'paused',
      pause: { cause: 'brake', by: 'middleware' },
      error: { code: 'BRAKE_TRIPPED' },
      endedAt: null,
      counts: { quarantined: 20, verified: 10, skipped: 0, waiting: braked.counts.planned - 30 },
    });
    await expect(engine.queueRun(plan.planId, 'B')).rejects.toMatchObject({ code: 'RUN_CONFLICT' });
    await expect(release(braked.runId)).rejects.toMatchObject({ code: 'FORBIDDEN' });

    expect(await release(braked.runId, true)).toMatchObject({
      state: 'queued',
      error: null,
      brakeBase: { attempted: 30, failed: 20 },
    });
    const done = await engine.execute(braked.runId);
    expect(done).toMatchObject({
      state: 'partiallySucceeded',
      error: null,
      counts: { quarantined: 20, verified: done.counts.planned - 20 },
    });
  });

  it('pauses when the API calls of the day are used up, and goes on when there are some again', async () => {
    await open({ settings: smallBatches });
    const plan = await engine.plan();
    const { runId } = await engine.queueRun(plan.planId, 'A');
    const { crm } = engine.deps;
    let calls = 0;
    engine.override({
      writeRecords: async (operation, records) => {
        if ((calls += 1) === 2) await engine.control('PUT', 'faults', { rules: [{ kind: 'apiLimit' }] });
        return crm.writeRecords(operation, records);
      },
    });
    const paused = await engine.execute(runId);
    expect(calls).toBe(2);
    expect(paused).toMatchObject({
      state: 'paused',
      pause: { cause: 'budget', by: 'middleware' },
      error: { code: 'SALESFORCE_API_LIMIT' },
      counts: { written: 20 },
    });
    await engine.control('DELETE', 'faults');
    await release(runId);
    expect(await engine.execute(runId)).toMatchObject({
      state: 'succeeded',
      error: null,
      counts: { created: plan.summary?.toCreate, verified: plan.summary?.toCreate },
    });
  });

  it('pauses when the login is refused, and goes on with what it has when it is mended', async () => {
    await open({ settings: smallBatches });
    const plan = await engine.plan();
    const { runId } = await engine.queueRun(plan.planId, 'A');
    const { crm } = engine.deps;
    let calls = 0;
    engine.override({
      writeRecords: async (operation, records) => {
        calls += 1;
        if (calls === 2) throw new SyncError('SALESFORCE_UNAUTHORIZED', 'The secret is no longer valid.');
        return crm.writeRecords(operation, records);
      },
    });
    expect(await engine.execute(runId)).toMatchObject({
      state: 'paused',
      pause: { cause: 'authentication', by: 'middleware' },
      error: { code: 'SALESFORCE_UNAUTHORIZED' },
      counts: { written: 20 },
    });
    await release(runId);
    expect(await engine.execute(runId)).toMatchObject({
      state: 'succeeded',
      counts: { created: plan.summary?.toCreate, verified: plan.summary?.toCreate },
    });
  });

  it('ends when it is given up, whatever goes wrong in settling it', async () => {
    await open({ settings: smallBatches });
    const plan = await engine.plan();
    const { runId } = await engine.queueRun(plan.planId, 'A');
    engine.override({ writeRecords: () => Promise.reject(new Error('A fault of the middleware.')) });
    await expect(engine.execute(runId)).rejects.toThrow('A fault of the middleware.');
    const broken = { ...engine.deps.crm, readByKeys: () => Promise.reject(new TypeError('Left out.')) };
    const error = new SyncError('INTERNAL', 'It failed each time.');
    await refuseRun(runId, error, { ...engine.deps, crm: broken });
    expect(await bench.runStore.readRun(runId)).toMatchObject({
      state: 'failed',
      error: { code: 'INTERNAL' },
    });
  });

  it('refuses a plan of a week ago, whose rows may be gone', async () => {
    await open();
    const { planId } = await engine.plan();
    await bench.runStore.updatePlan(planId, {
      createdAt: new Date(bench.clock.now().getTime() - 7 * 24 * 60 * 60_000).toISOString(),
    });
    await expect(engine.queueRun(planId, 'A')).rejects.toMatchObject({ code: 'PLAN_STALE' });
    await bench.runStore.updatePlan(planId, { groupKey: 'a01ZZ000001PKndYAG' });
    await expect(engine.queueRun(planId, 'A')).rejects.toMatchObject({ code: 'REQUEST_INVALID' });
  });

  it('that is canceled while records are on their way asks for them before it ends', async () => {
    await open({ settings: smallBatches });
    const plan = await engine.plan();
    const { runId } = await engine.queueRun(plan.planId, 'A');
    const { crm } = engine.deps;
    engine.override({
      writeRecords: async (operation, records) => {
        await crm.writeRecords(operation, records);
        await engine.control('PUT', 'faults', { rules: [{ kind: 'apiLimit' }] });
        throw new SyncError('SALESFORCE_API_LIMIT', 'The calls of the day are used up.');
      },
    });
    expect(await engine.execute(runId)).toMatchObject({ state: 'paused', counts: { verified: 0 } });
    expect(await cancelRun(runId, asker, engine.deps)).toMatchObject({
      state: 'queued',
      stopRequest: { kind: 'cancel' },
    });
    // Nobody can be asked: the queue gives it out again later.
    await expect(engine.execute(runId)).rejects.toMatchObject({ code: 'SALESFORCE_API_LIMIT' });
    await engine.control('DELETE', 'faults');
    const canceled = await engine.execute(runId);
    expect(canceled).toMatchObject({
      state: 'canceled',
      counts: { verified: 20, skipped: canceled.counts.planned - 20 },
    });
  });

  it.each([
    { trigger: 'schedule', used: 801, isPaused: true },
    { trigger: 'schedule', used: 800, isPaused: false },
    { trigger: 'api', used: 999, isPaused: false },
  ])(
    'with trigger $trigger and $used of 1,000 API calls used: paused $isPaused',
    async ({ trigger, used, isPaused }) => {
      await open();
      const plan = await engine.plan();
      const { runId } = await engine.queueRun(plan.planId, 'A');
      await bench.runStore.updateRun(runId, { trigger });
      engine.override({ apiUsage: () => ({ used, limit: 1_000 }) });
      const run = await engine.execute(runId);
      if (isPaused) {
        expect(run).toMatchObject({ state: 'paused', pause: { cause: 'budget' }, counts: { attempted: 0 } });
      } else {
        expect(run).toMatchObject({ state: 'succeeded' });
      }
    },
  );

  it('stands still although its work is given up late', async () => {
    await open();
    const plan = await engine.plan();
    const { runId } = await engine.queueRun(plan.planId, 'A');
    await pauseRun(runId, asker, engine.deps);
    expect(await engine.giveUp(runId)).toMatchObject({ state: 'paused' });
  });
});

describe('a run that has to be given up', () => {
  it('keeps what is known: written records are verified, the rest is skipped', async () => {
    await open({ settings: smallBatches });
    const plan = await engine.plan();
    const { crm } = engine.deps;
    let calls = 0;
    engine.override({
      writeRecords: (operation, records) => {
        calls += 1;
        if (calls === 1) return crm.writeRecords(operation, records);
        return Promise.reject(new SyncError('WAREHOUSE_UNAVAILABLE', 'The warehouse did not answer.'));
      },
    });
    const { runId } = await engine.queueRun(plan.planId, 'A');
    await expect(engine.execute(runId)).rejects.toMatchObject({ code: 'WAREHOUSE_UNAVAILABLE' });
    const run = await engine.giveUp(runId);
    expect(run).toMatchObject({ state: 'failed', counts: { verified: 20, waiting: 0, unknown: 0 } });
    expect(run.counts.skipped).toBe(run.counts.planned - 20);
    const [skipped] = await bench.runStore.readItems(runId, { states: ['skipped'], limit: 1 });
    expect(skipped?.error).toMatchObject({ class: 'notSent' });
  });

  it('says of what it cannot find out that the outcome is unknown', async () => {
    await open({ settings: smallBatches });
    const plan = await engine.plan();
    const { crm } = engine.deps;
    engine.override({
      writeRecords: async (operation, records) => {
        await crm.writeRecords(operation, records);
        throw new Error('killed');
      },
    });
    const { runId } = await engine.queueRun(plan.planId, 'A');
    await expect(engine.execute(runId)).rejects.toThrow('killed');
    await engine.control('PUT', 'faults', { rules: [{ kind: 'unavailable' }] });
    const run = await engine.giveUp(runId);
    expect(run).toMatchObject({
      state: 'failed',
      counts: { verified: 0, failed: 20, skipped: run.counts.planned - 20 },
    });
    const [failed] = await bench.runStore.readItems(runId, { states: ['failed'], limit: 1 });
    expect(failed?.error).toMatchObject({ class: 'unknownOutcome' });
  });
});
