import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { Plan, Run, Sync } from '../../middleware/src/contracts/index.ts';
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

  it('stops by its brake when more than a tenth of the records fail, and ends every item', async () => {
    await open({ settings: { ramp: { sizes: { create: [20], update: [30] }, pauseMs: 0 } } });
    const plan = await engine.plan();
    const keys = (await firstItems(plan, 'update')).slice(0, 20).map(({ rdsPropertyId }) => rdsPropertyId);
    await engine.control('PUT', 'automation', { rejections: [{ keys, on: 'update', error: 'validation' }] });
    const run = await engine.run(plan.planId, 'B');
    expect(run).toMatchObject({ state: 'partiallySucceeded', error: { code: 'BRAKE_TRIPPED' } });
    expect(run.counts).toMatchObject({
      quarantined: 20,
      verified: 10,
      skipped: run.counts.planned - 30,
      waiting: 0,
    });
    await expect(engine.queueRun(plan.planId, 'B')).resolves.toMatchObject({ state: 'queued' });
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
        return Promise.reject(new SyncError('SALESFORCE_API_LIMIT', 'The calls of the day are used up.'));
      },
    });
    const { runId } = await engine.queueRun(plan.planId, 'A');
    await expect(engine.execute(runId)).rejects.toMatchObject({ code: 'SALESFORCE_API_LIMIT' });
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
