import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { executeRun } from '../../middleware/src/delivery/executeRun.ts';
import type { Plan, Run } from '../../middleware/src/contracts/index.ts';
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

const open = async (options: EngineOptions = {}): Promise<Engine> =>
  (engine = await openEngine(bench, options));
const writes = { method: 'PATCH', path: '/composite/sobjects' };

/** Plans, runs both syncs, plans again; `prepare` plants the fault between plan and run. */
async function rollOut(
  prepare: (plan: Plan) => Promise<void> = () => Promise.resolve(),
): Promise<{ plan: Plan; a: Run; b: Run; after: Plan }> {
  const plan = await engine.plan();
  await prepare(plan);
  const a = await engine.run(plan.planId, 'A');
  const b = await engine.run(plan.planId, 'B');
  await engine.control('DELETE', 'faults');
  return { plan, a, b, after: await engine.plan() };
}

describe('the rollout of a small baseline', () => {
  it('leaves nothing to do, every item verified, and a second run that writes nothing', async () => {
    await open();
    const before = repeatedKeys(await engine.records());
    const { plan, a, b, after } = await rollOut();
    const summary = plan.summary;
    expect(summary?.toCreate).toBeGreaterThan(0);
    expect(summary?.withChanges).toBeGreaterThan(0);
    expect(a).toMatchObject({
      state: 'succeeded',
      counts: { planned: summary?.toCreate, created: summary?.toCreate, verified: summary?.toCreate },
    });
    expect(b).toMatchObject({
      state: 'succeeded',
      counts: {
        planned: summary?.withChanges,
        updated: summary?.withChanges,
        verified: summary?.withChanges,
      },
    });
    expect(after.summary).toMatchObject({ toCreate: 0, withChanges: 0, conflicts: summary?.conflicts });
    expect(repeatedKeys(await engine.records())).toEqual(before);

    const again = await engine.run(after.planId, 'B');
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
      'the answer of every third write is lost after it was committed',
      { kind: 'resetAfter', match: writes, every: 3 },
    ],
    ['every second write never arrives', { kind: 'resetBefore', match: writes, every: 2 }],
    ['every second write meets a busy org', { kind: 'unavailable', match: writes, every: 2 }],
    ['every second write is told to slow down', { kind: 'rateLimited', match: writes, every: 2 }],
    ['records are locked in the first two writes', { kind: 'rowLock', match: writes, times: 2 }],
    ['the session ends at every fourth call', { kind: 'expiredSession', match: {}, every: 4 }],
    ['reads fail now and then', { kind: 'unavailable', match: { method: 'GET' }, every: 3 }],
  ])('ends the same when %s', async (_title, rule) => {
    await open();
    const before = repeatedKeys(await engine.records());
    const { plan, a, b, after } = await rollOut(() => engine.control('PUT', 'faults', { rules: [rule] }));
    expect(a).toMatchObject({
      state: 'succeeded',
      counts: {
        planned: plan.summary?.toCreate,
        verified: plan.summary?.toCreate,
        created: plan.summary?.toCreate,
      },
    });
    expect(b).toMatchObject({
      state: 'succeeded',
      counts: { planned: plan.summary?.withChanges, verified: plan.summary?.withChanges },
    });
    expect(after.summary).toMatchObject({ toCreate: 0, withChanges: 0 });
    expect(repeatedKeys(await engine.records())).toEqual(before);
  });

  it('bisects when automation runs out of a limit, and creates everything', async () => {
    await open();
    const { a, after } = await rollOut(() =>
      engine.control('PUT', 'automation', { insertLimit: { maxRecords: 10, when: 'always' } }),
    );
    expect(a).toMatchObject({ state: 'succeeded', counts: { failed: 0, quarantined: 0 } });
    expect(a.counts.created).toBe(a.counts.planned);
    expect(after.summary?.toCreate).toBe(0);
  });

  it('quarantines what automation rejects for good, names the innermost cause, and writes the rest', async () => {
    await open();
    const plan = await engine.plan();
    const [first, second] = (await firstItems(plan, 'create')).map(({ rdsPropertyId }) => rdsPropertyId);
    await engine.control('PUT', 'automation', {
      rejections: [{ keys: [first, second], on: 'insert', error: 'flowPicklist' }],
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
    expect(quarantined.map(({ rdsPropertyId }) => rdsPropertyId).sort()).toEqual([first, second].sort());
    for (const { error } of quarantined) {
      expect(error).toMatchObject({
        class: 'permanentConfiguration',
        code: 'INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST',
      });
    }
    expect((await engine.plan()).summary?.toCreate).toBe(2);
  });

  it('stops by its brake when more than a tenth of the records fail', async () => {
    await open();
    const plan = await engine.plan();
    const keys = (await firstItems(plan, 'update')).slice(0, 20).map(({ rdsPropertyId }) => rdsPropertyId);
    await engine.control('PUT', 'automation', { rejections: [{ keys, on: 'update', error: 'validation' }] });
    const run = await engine.run(plan.planId, 'B');
    expect(run.state).toBe('paused');
    expect(run.stage).toMatch(/^20 of \d+ records failed/);
    expect(run.counts.verified).toBe(run.counts.written);
  });
});

describe('a plan that no longer holds', () => {
  it('is refused by name when somebody edited a planned record, and nothing is written', async () => {
    await open();
    const plan = await engine.plan();
    const [item] = await firstItems(plan, 'update');
    const token = await fetch(`${engine.access.url}/__local/tokens`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ user: 'admin' }),
    }).then((response) => response.json() as Promise<{ accessToken: string }>);
    await fetch(
      `${engine.access.url}/services/data/v66.0/sobjects/Product_Property__c/${item?.stagingId ?? ''}`,
      {
        method: 'PATCH',
        headers: { authorization: `Bearer ${token.accessToken}`, 'content-type': 'application/json' },
        body: JSON.stringify({ Name: 'Edited by hand', City__c: 'Elsewhere' }),
      },
    );
    const run = await engine.run(plan.planId, 'B');
    expect(run).toMatchObject({
      state: 'failed',
      error: { code: 'PLAN_STALE', details: [item?.rdsPropertyId] },
    });
    expect(run.counts).toMatchObject({ attempted: 0, skipped: run.counts.planned });
    expect(await engine.org.count('Product_Property__c', `WHERE Sync_Run_ID__c = '${run.runId}'`)).toBe(0);
  });

  it('does not grow stale for Sync B because Sync A has run', async () => {
    await open();
    const { b } = await rollOut();
    expect(b.state).toBe('succeeded');
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
    await expect(engine.run(plan.planId, 'A')).rejects.toMatchObject({ code: 'PLAN_BLOCKED' });
    await expect(engine.run(plan.planId, 'B')).rejects.toMatchObject({ code: 'PLAN_BLOCKED' });
  });
});

describe('a large run', () => {
  it('goes as one Bulk job, joins shuffled results, and verifies by a Bulk query', async () => {
    await open({ settings: { maxCollectionRows: 10 } });
    const { plan, a, b, after } = await rollOut();
    expect(a).toMatchObject({
      state: 'succeeded',
      counts: { created: plan.summary?.toCreate, verified: plan.summary?.toCreate },
    });
    expect(b).toMatchObject({
      state: 'succeeded',
      counts: { updated: plan.summary?.withChanges, verified: plan.summary?.withChanges },
    });
    expect(after.summary).toMatchObject({ toCreate: 0, withChanges: 0 });
  });

  it('reads the failed and the unprocessed rows of a job too', async () => {
    await open({ settings: { maxCollectionRows: 10 } });
    const plan = await engine.plan();
    const keys = (await firstItems(plan, 'create')).slice(0, 2).map(({ rdsPropertyId }) => rdsPropertyId);
    await engine.control('PUT', 'automation', { rejections: [{ keys, on: 'insert', error: 'validation' }] });
    const a = await engine.run(plan.planId, 'A');
    expect(a).toMatchObject({
      state: 'partiallySucceeded',
      counts: { quarantined: 2, verified: a.counts.planned - 2 },
    });
  });
});

describe('a worker that dies', () => {
  it('between sending and storing the outcomes is followed by one that reads first and writes nothing twice', async () => {
    await open();
    const plan = await engine.plan();
    const { runId } = await engine.queueRun(plan.planId, 'A');
    let calls = 0;
    const crm = Object.create(engine.deps.crm, {
      writeRecords: {
        value: async (...args: Parameters<typeof engine.deps.crm.writeRecords>) => {
          await engine.deps.crm.writeRecords(...args);
          calls += 1;
          throw new Error('killed');
        },
      },
    }) as typeof engine.deps.crm;
    await expect(executeRun(runId, { ...engine.deps, crm })).rejects.toThrow('killed');
    expect(calls).toBe(1);

    await executeRun(runId, engine.deps);
    const run = await bench.runStore.readRun(runId);
    expect(run).toMatchObject({
      state: 'succeeded',
      counts: { planned: plan.summary?.toCreate, created: plan.summary?.toCreate },
    });
    const items = await bench.runStore.readItems(runId, { states: ['verified'], limit: 1_000 });
    expect(new Set(items.map(({ attempts }) => attempts))).toEqual(new Set([1]));
  });

  it('between opening and uploading a job is followed by one that aborts it and delivers', async () => {
    await open({ settings: { maxCollectionRows: 10 } });
    const plan = await engine.plan();
    const { runId } = await engine.queueRun(plan.planId, 'B');
    const crm = Object.create(engine.deps.crm, {
      uploadJob: { value: () => Promise.reject(new Error('killed')) },
    }) as typeof engine.deps.crm;
    await expect(executeRun(runId, { ...engine.deps, crm })).rejects.toThrow('killed');
    await executeRun(runId, engine.deps);
    expect(await bench.runStore.readRun(runId)).toMatchObject({
      state: 'succeeded',
      counts: { verified: plan.summary?.withChanges },
    });
  });

  it('after the upload of a job is followed by one that finds the job by its id', async () => {
    await open({ settings: { maxCollectionRows: 10 } });
    const plan = await engine.plan();
    const { runId } = await engine.queueRun(plan.planId, 'A');
    const crm = Object.create(engine.deps.crm, {
      readJob: { value: () => Promise.reject(new Error('killed')) },
    }) as typeof engine.deps.crm;
    await expect(executeRun(runId, { ...engine.deps, crm })).rejects.toThrow('killed');
    await executeRun(runId, engine.deps);
    const items = await bench.runStore.readItems(runId, { states: ['verified'], limit: 1_000 });
    expect(items).toHaveLength(plan.summary?.toCreate ?? 0);
    expect(new Set(items.map(({ attempts }) => attempts))).toEqual(new Set([1]));
  });
});

async function firstItems(plan: Plan, operation: 'create' | 'update') {
  for await (const items of bench.runStore.streamPlanItems(plan.planId, operation)) return items;
  return [];
}
