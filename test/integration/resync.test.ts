import { createHash } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import express from 'express';
import { pino } from 'pino';
import { uuidv7 } from 'uuidv7';
import type { Resync, RunState, SyncPause } from '../../middleware/src/contracts/index.ts';
import { checkPlanHolds } from '../../middleware/src/delivery/checkPlanHolds.ts';
import { flushAudit } from '../../middleware/src/delivery/flushAudit.ts';
import { SyncError } from '../../middleware/src/errors.ts';
import type { Scope } from '../../middleware/src/http/apiKeys.ts';
import { authenticate } from '../../middleware/src/http/authenticate.ts';
import { problemDetails } from '../../middleware/src/http/problemDetails.ts';
import { propertyResyncsRouter, resyncsRouter } from '../../middleware/src/http/resyncsRouter.ts';
import type { Crm } from '../../middleware/src/ports/crm.ts';
import type { ResyncStore } from '../../middleware/src/ports/resyncStore.ts';
import type { PlanItem } from '../../middleware/src/ports/runStore.ts';
import {
  executeResync,
  giveUpResync,
  type ResyncDeps,
} from '../../middleware/src/properties/executeResync.ts';
import { startResync } from '../../middleware/src/properties/startResync.ts';
import type { OrgRecord } from '../../scripts/demo/orgClient.ts';
import { parkKennedyIds } from '../fixtures/namedCases.ts';
import { openBench, openEngine, repeatedKeys, type Bench, type Engine } from './engine.ts';

const { active, sibling, sfdcId } = parkKennedyIds;

let bench: Bench;
let engine: Engine;
let pause: SyncPause | null;

beforeAll(async () => {
  bench = await openBench();
});
afterAll(() => bench.close());
beforeEach(async () => {
  pause = null;
  engine = await openEngine(bench);
});
afterEach(() => engine.close());

type Overrides = {
  readonly [Port in 'crm' | 'runStore' | 'resyncStore']?: Partial<ResyncDeps[Port]>;
};

/** The ports as they are, with these methods in place of theirs. */
const overriding = <Port extends object>(port: Port, methods: Partial<Port> = {}): Port =>
  new Proxy(port, {
    get(target, name) {
      const method: unknown = Reflect.get(methods, name) ?? Reflect.get(target, name);
      return typeof method === 'function' ? (method.bind(target) as unknown) : method;
    },
  });

const warnings: object[] = [];
const scheduleStore: ResyncDeps['scheduleStore'] = {
  readSchedules: () =>
    Promise.resolve(
      (['A', 'B'] as const).map((sync) => ({ sync, intervalMs: null, nextAt: null, pause, lastTick: null })),
    ),
};
const depsWith = ({ crm, runStore, resyncStore }: Overrides = {}): ResyncDeps => ({
  ...engine.deps,
  crm: overriding(engine.deps.crm, crm),
  runStore: overriding(bench.runStore, runStore),
  resyncStore: overriding(bench.resyncStore, resyncStore),
  scheduleStore,
  newId: uuidv7,
  logger: { warn: (details) => void warnings.push(details) },
});

const start = async (id: string, actingUser: string | null = null): Promise<Resync> => {
  const context = {
    resyncId: uuidv7(),
    requestedBy: 'record page',
    idempotency: { key: uuidv7(), bodyHash: 'test' },
  };
  return (await startResync(id, { actingUser, urgency: 'urgent' }, context, depsWith())).resync;
};
const read = async (resyncId: string): Promise<Resync> => {
  const resync = await bench.resyncStore.readResync(resyncId);
  if (resync === undefined) throw new Error('The store has lost it.');
  return resync;
};
/** Resyncs the group of this id as the worker would. */
const resync = async (id: string, overrides: Overrides = {}): Promise<Resync> => {
  const { resyncId } = await start(id);
  await executeResync(resyncId, depsWith(overrides));
  return read(resyncId);
};
const events = async (): Promise<{ event: string; payload: Record<string, unknown> }[]> =>
  (
    (await engine.control('GET', 'events')) as {
      events: { event: string; payload: Record<string, unknown> }[];
    }
  ).events;
const recordOf = async (key: string): Promise<OrgRecord> => {
  const fields = engine.deps.settings.fieldMap.map(({ field }) => field);
  const found = (await engine.records(...fields)).filter((record) => record['RDS_Property_ID__c'] === key);
  if (found.length !== 1 || found[0] === undefined) throw new Error(`${found.length} records of ${key}`);
  return found[0];
};
/** What Salesforce holds in mapped fields, as its API says it, where that is not what the plan expected. */
const differences = async (
  item: Pick<PlanItem, 'rdsPropertyId' | 'expected'> | undefined,
): Promise<unknown[]> => {
  if (item === undefined) throw new Error('There is no such item.');
  const record = await recordOf(item.rdsPropertyId);
  return Object.entries(item.expected).filter(([field, value]) => record[field] !== value);
};
const source = (set: string, where: string): Promise<void> =>
  engine.deps.warehouse.execute(`update rds.pg_rds_public.properties set ${set} where ${where}`);
/** Ids of the source of which this holds. */
const sourceIds = async (where: string, limit: number): Promise<string[]> =>
  (
    await engine.deps.warehouse.query(
      `select id from rds.pg_rds_public.properties where ${where} order by id limit ${limit}`,
    )
  ).map((row) => String(row['id']));
/** Properties that may be synced, with blank ids of Salesforce. */
const ungrouped = `status = 'ACTIVE' and company_id is not null and not _fivetran_deleted and sfdc_id is null`;
/** A property that is to be created. */
const absentId = async (): Promise<string> => {
  const present = new Set((await engine.records()).map(({ RDS_Property_ID__c: key }) => key));
  const ids = await sourceIds(
    `status = 'ACTIVE' and company_id is not null and not _fivetran_deleted and sfdc_id like 'a01%'`,
    1_000,
  );
  return ids.find((id) => !present.has(id) && id !== active) ?? '';
};
const itemsOf = async ({ runIds, members }: Resync) =>
  (
    await Promise.all(
      runIds.map((runId) =>
        bench.runStore.readItemsByKey(
          runId,
          members.map(({ rdsPropertyId }) => rdsPropertyId),
        ),
      ),
    )
  ).flat();
const planItems = async (planId: string, operation: 'create' | 'update'): Promise<PlanItem[]> => {
  const all: PlanItem[] = [];
  for await (const items of bench.runStore.streamPlanItems(planId, operation)) all.push(...items);
  return all;
};

describe('a resync', () => {
  it('creates Park Kennedy, leaves the sibling alone and tells who asked', async () => {
    const before = await engine.records('LastModifiedDate', 'SystemModstamp');
    const { resyncId, groupKey } = await start(active, 'Ana Sánchez');
    expect(groupKey).toBe(sfdcId);
    await executeResync(resyncId, depsWith());
    const ended = await read(resyncId);
    expect(ended).toMatchObject({
      state: 'succeeded',
      stage: null,
      error: null,
      members: [
        { rdsPropertyId: active, classification: 'CREATE', state: 'verified' },
        { rdsPropertyId: sibling, classification: 'IN_SYNC', state: null },
      ],
    });
    const [item] = await itemsOf(ended);
    expect(item).toMatchObject({ wasCreated: true, attempts: 1 });
    expect(await differences(item)).toEqual([]);
    expect(await recordOf(active)).toMatchObject({
      Status__c: 'ACTIVE',
      ID_Verification_Enabled__c: true,
      Active_Property_Count__c: 1,
      Contributing_Property_IDs__c: active,
      Source_Salesforce_ID__c: sfdcId,
    });
    const after = await engine.records('LastModifiedDate', 'SystemModstamp');
    expect(after.filter(({ RDS_Property_ID__c: key }) => key !== active)).toEqual(before);
    expect(await bench.runStore.readRun(ended.runIds[0] ?? '')).toMatchObject({
      kind: 'resync',
      sync: 'A',
      actor: 'record page',
      actingUser: 'Ana Sánchez',
      resyncId,
    });
  });

  it('writes nothing where nothing differs, and says so once', async () => {
    await resync(active);
    const callsBefore = await engine.org.apiCalls();
    const ended = await resync(sfdcId);
    expect(ended).toMatchObject({ state: 'succeeded', runIds: [], error: null });
    expect(ended.members.map(({ classification }) => classification)).toEqual(['IN_SYNC', 'IN_SYNC']);
    // By key once, and the event of the end; counting costs nothing.
    expect((await engine.org.apiCalls()) - callsBefore).toBe(2);
    expect(
      (await events()).filter(({ payload }) => payload['Resync_ID__c'] === ended.resyncId),
    ).toMatchObject([{ payload: { State__c: 'succeeded' } }]);
  });

  it('mends a row that was edited by hand, and the row of a disabled sibling', async () => {
    await resync(active);
    const own = await recordOf(active);
    const disabled = await recordOf(sibling);
    await engine.editByHand(String(own['Id']), { City__c: 'Elsewhere', Bank_Linking_Enabled__c: false });
    await engine.editByHand(String(disabled['Id']), {
      Status__c: 'ACTIVE',
      Fraud_Detection_Enabled__c: true,
    });
    const ended = await resync(String(disabled['Id']));
    expect(ended.state).toBe('succeeded');
    expect(ended.members).toMatchObject([
      { rdsPropertyId: active, classification: 'UPDATE', state: 'verified' },
      { rdsPropertyId: sibling, classification: 'UPDATE', state: 'verified' },
    ]);
    for (const [id, before] of [
      [active, own],
      [sibling, disabled],
    ] as const) {
      expect(await recordOf(id)).toEqual(before);
    }
  });

  it('costs seven calls for one operation', async () => {
    // The session and what an object is for life are there already.
    await resync(sfdcId);
    const own = await recordOf(active);
    await engine.editByHand(String(own['Id']), { City__c: 'Elsewhere' });
    const before = await engine.org.apiCalls();
    const ended = await resync(sfdcId);
    expect(ended.state).toBe('succeeded');
    // Rows by key, fields, two events, records before the write, the write, records after it.
    expect((await engine.org.apiCalls()) - before).toBe(7);

    // A second operation costs a read, a write and a read-back more.
    await engine.editByHand(String((await recordOf(sibling))['Id']), { Status__c: 'ACTIVE' });
    await source(`sfdc_id = '${sfdcId}'`, `id = '${await absentId()}'`);
    const beforeBoth = await engine.org.apiCalls();
    expect(await resync(sfdcId)).toMatchObject({ state: 'succeeded', runIds: { length: 2 } });
    expect((await engine.org.apiCalls()) - beforeBoth).toBe(10);
  });

  it('carries out a group of 67 in both operations', async () => {
    const ids = await sourceIds(ungrouped, 67);
    await source(`sfdc_id = '${sfdcId}'`, `id in (${ids.map((id) => `'${id}'`).join(', ')})`);
    const ended = await resync(active);
    const eligible = ended.members.filter(({ classification }) =>
      ['CREATE', 'UPDATE', 'IN_SYNC'].includes(classification),
    );
    expect(eligible.length).toBeGreaterThan(60);
    expect(ended.members.length).toBe(69);
    expect(ended.runIds).toHaveLength(2);
    const items = await itemsOf(ended);
    expect(new Set(items.map(({ operation }) => operation))).toEqual(new Set(['create', 'update']));
    expect(items.filter(({ state }) => state !== 'verified')).toEqual([]);
    for (const item of items.slice(0, 5)) expect(await differences(item)).toEqual([]);
  });

  it('is partial at best where a member has several rows, and does the rest', async () => {
    const [repeated = ''] = repeatedKeys(await engine.records());
    await source(`sfdc_id = '${sfdcId}', status = 'ACTIVE'`, `id = '${repeated}'`);
    const ended = await resync(active);
    expect(ended.state).toBe('partiallySucceeded');
    expect(ended.members).toContainEqual(
      expect.objectContaining({ rdsPropertyId: repeated, classification: 'CONFLICT', state: null }),
    );
    expect(ended.members).toContainEqual(
      expect.objectContaining({ rdsPropertyId: active, state: 'verified' }),
    );
  });

  it('never writes an excluded property, and says why', async () => {
    await source(`name = 'Test Property'`, `id = '${active}'`);
    const ended = await resync(active);
    expect(ended).toMatchObject({ state: 'succeeded', runIds: [] });
    expect(ended.members).toContainEqual(
      expect.objectContaining({
        rdsPropertyId: active,
        classification: 'EXCLUDED',
        reasonCode: 'TEST_NAME',
        state: null,
      }),
    );
  });

  it('ends as failed when a record is refused, with the cause', async () => {
    await engine.control('PUT', 'automation', {
      rejections: [{ keys: [active], on: 'insert', error: 'flowPicklist' }],
    });
    const ended = await resync(active);
    expect(ended).toMatchObject({ state: 'failed', error: null });
    expect(ended.members[0]).toMatchObject({
      state: 'quarantined',
      error: { class: 'permanentConfiguration' },
    });
  });

  it('writes nothing of a blocked plan, and names the guard', async () => {
    const describeFields: Crm['describeFields'] = async () =>
      (await engine.deps.crm.describeFields()).map((field) =>
        field.field === 'Status__c' ? { ...field, picklistValues: ['DISABLED'] } : field,
      );
    const before = await engine.records('SystemModstamp');
    const ended = await resync(active, { crm: { describeFields } });
    expect(ended).toMatchObject({
      state: 'failed',
      runIds: [],
      error: { code: 'PLAN_BLOCKED', details: [expect.stringContaining('Status__c = ACTIVE')] },
    });
    expect(await bench.runStore.readPlan(ended.planId ?? '')).toMatchObject({ state: 'blocked' });
    expect(await engine.records('SystemModstamp')).toEqual(before);
    expect((await events()).map(({ payload }) => payload['State__c'])).toEqual(['failed']);
  });

  it('leaves a row that is edited between its plan and its write, and does the rest', async () => {
    await resync(active);
    const [own, disabled] = [await recordOf(active), await recordOf(sibling)];
    await engine.editByHand(String(own['Id']), { City__c: 'Elsewhere' });
    await engine.editByHand(String(disabled['Id']), { Status__c: 'ACTIVE' });
    const ended = await resync(active, {
      resyncStore: {
        savePlan: async (...made) => {
          await bench.resyncStore.savePlan(...made);
          await engine.editByHand(String(own['Id']), { City__c: 'Somewhere' });
        },
      },
    });
    expect(ended.state).toBe('partiallySucceeded');
    expect(ended.members).toMatchObject([
      { state: 'skipped', error: { class: 'moved', code: 'RECORD_MOVED' } },
      { state: 'verified' },
    ]);
    expect(await recordOf(active)).toMatchObject({ City__c: 'Somewhere' });
  });

  it('creates no second record when the answer is lost', async () => {
    await engine.control('PUT', 'faults', {
      rules: [{ kind: 'resetAfter', match: { method: 'PATCH', path: '/composite/sobjects' }, times: 1 }],
    });
    const before = repeatedKeys(await engine.records());
    const ended = await resync(active);
    expect(ended.state).toBe('succeeded');
    expect(repeatedKeys(await engine.records())).toEqual(before);
    expect(await itemsOf(ended)).toMatchObject([{ state: 'verified', attempts: 1, wasCreated: true }]);
  });

  it('is given out again when waiting helps, and ends as failed when it does not', async () => {
    const { resyncId } = await start(active);
    const unavailable = new SyncError('SALESFORCE_UNAVAILABLE', 'Salesforce did not answer.');
    const away = { crm: { readByKeys: () => Promise.reject(unavailable) } };
    await expect(executeResync(resyncId, depsWith(away))).rejects.toBe(unavailable);
    expect(await read(resyncId)).toMatchObject({ state: 'running', stage: 'planning' });
    await giveUpResync(resyncId, unavailable, depsWith());
    expect(await read(resyncId)).toMatchObject({
      state: 'failed',
      error: { code: 'SALESFORCE_UNAVAILABLE' },
    });
    await executeResync(resyncId, depsWith());
    expect(await read(resyncId)).toMatchObject({ state: 'failed' });
  });

  it('settles its runs when it is given up in the middle', async () => {
    const { resyncId } = await start(active);
    const unavailable = new SyncError('SALESFORCE_UNAVAILABLE', 'Salesforce did not answer.');
    await expect(
      executeResync(resyncId, depsWith({ crm: { readByIds: () => Promise.reject(unavailable) } })),
    ).rejects.toBe(unavailable);
    await giveUpResync(resyncId, unavailable, depsWith());
    const ended = await read(resyncId);
    // It was written and could be read back at last; the resync did not end by itself all the same.
    expect(ended).toMatchObject({ state: 'failed', members: [{ state: 'verified' }, { state: null }] });
    expect(await bench.runStore.readRun(ended.runIds[0] ?? '')).toMatchObject({ state: 'failed' });
  });

  it('is refused while a sync is paused, also after it was asked for', async () => {
    const { resyncId } = await start(active);
    pause = { at: '2026-01-05T12:00:00.000Z', by: 'on-call', reason: 'The org is being mended.' };
    await expect(start(active)).rejects.toMatchObject({ code: 'SYNC_PAUSED' });
    await executeResync(resyncId, depsWith());
    expect(await read(resyncId)).toMatchObject({
      state: 'failed',
      runIds: [],
      error: { code: 'SYNC_PAUSED' },
    });
  });

  it('shows in the audit who asked, and for whom', async () => {
    const { resyncId } = await start(active, 'Ana Sánchez');
    await executeResync(resyncId, depsWith());
    const { runIds } = await read(resyncId);
    await flushAudit({ ...engine.deps, codeVersion: 'test' });
    const { warehouse } = engine.deps;
    expect(
      await warehouse.query(
        `select log.rds_property_id, log.sync_status, log.created_by, runs.kind, runs.cohort_hash
         from ${warehouse.name('property_sync_audit_log')} as log
         inner join ${warehouse.name('sync_run')} as runs on runs.run_id = log.run_id
         where log.run_id = :runId`,
        { runId: runIds[0] ?? '' },
      ),
    ).toEqual([
      {
        rds_property_id: active,
        sync_status: 'SUCCESS',
        created_by: 'record page (for Ana Sánchez)',
        kind: 'resync',
        cohort_hash: expect.stringMatching(/^[0-9a-f]{64}$/),
      },
    ]);
  });
});

describe('its events', () => {
  it('are two: when writing begins and when it has ended', async () => {
    const { resyncId, startedAt, endedAt } = await resync(active);
    const published = await events();
    expect(published.map(({ event }) => event)).toEqual(['Property_Sync__e', 'Property_Sync__e']);
    expect(published.map(({ payload }) => payload)).toMatchObject([
      { Group_Key__c: sfdcId, Resync_ID__c: resyncId, State__c: 'running' },
      { Group_Key__c: sfdcId, Resync_ID__c: resyncId, State__c: 'succeeded' },
    ]);
    const wholeSecond = (at: string | null): string => `${(at ?? '').slice(0, 19)}.000Z`;
    const [begun, ended] = published.map(({ payload }) => String(payload['Occurred_At__c']));
    expect(begun && begun >= wholeSecond(startedAt)).toBe(true);
    expect(ended).toBe(wholeSecond(endedAt));
  });

  it('may fail, and the resync succeeds', async () => {
    await engine.control('PUT', 'faults', {
      rules: [{ kind: 'unavailable', match: { method: 'POST', path: '/sobjects/Property_Sync__e' } }],
    });
    warnings.length = 0;
    expect(await resync(active)).toMatchObject({ state: 'succeeded' });
    expect(warnings).toHaveLength(2);
    expect(await events()).toEqual([]);
  });
});

describe('after a crash', () => {
  class Crash extends Error {}
  const crash = (): Promise<never> => Promise.reject(new Crash('The process was killed.'));
  const after =
    <Args extends unknown[]>(method: (...args: Args) => Promise<unknown>) =>
    async (...args: Args): Promise<never> => {
      await method(...args);
      return crash();
    };

  const moments: [string, () => Overrides, { events: number }][] = [
    ['before anything', () => ({ resyncStore: { updateResync: crash } }), { events: 2 }],
    [
      'once it runs',
      () => ({
        resyncStore: {
          updateResync: after<Parameters<ResyncDeps['resyncStore']['updateResync']>>((...args) =>
            bench.resyncStore.updateResync(...args),
          ),
        },
      }),
      { events: 2 },
    ],
    ['before the plan is stored', () => ({ resyncStore: { savePlan: crash } }), { events: 2 }],
    // The event of the beginning is told at most once: whoever misses it asks.
    [
      'after the plan was stored',
      () => ({
        resyncStore: {
          savePlan: after<Parameters<ResyncDeps['resyncStore']['savePlan']>>((...args) =>
            bench.resyncStore.savePlan(...args),
          ),
        },
      }),
      { events: 1 },
    ],
    [
      'after the intent',
      () => ({
        runStore: {
          saveIntent: after<Parameters<ResyncDeps['runStore']['saveIntent']>>((...args) =>
            bench.runStore.saveIntent(...args),
          ),
        },
      }),
      { events: 2 },
    ],
    [
      'after the write',
      () => ({
        crm: {
          writeRecords: after<Parameters<Crm['writeRecords']>>((...args) =>
            engine.deps.crm.writeRecords(...args),
          ),
        },
      }),
      { events: 2 },
    ],
    [
      'after the outcome',
      () => ({
        runStore: {
          saveOutcomes: after<Parameters<ResyncDeps['runStore']['saveOutcomes']>>((...args) =>
            bench.runStore.saveOutcomes(...args),
          ),
        },
      }),
      { events: 2 },
    ],
    ['before it is read back', () => ({ crm: { readByIds: crash } }), { events: 2 }],
    ['before its run ends', () => ({ runStore: { endRun: crash } }), { events: 2 }],
    [
      'after its run ended',
      () => ({
        runStore: {
          endRun: after<Parameters<ResyncDeps['runStore']['endRun']>>((...args) =>
            bench.runStore.endRun(...args),
          ),
        },
      }),
      { events: 2 },
    ],
    [
      'before its end',
      () => ({
        resyncStore: {
          updateResync: async (id, patch) => {
            if (patch.endedAt !== undefined) await crash();
            await bench.resyncStore.updateResync(id, patch);
          },
        },
      }),
      { events: 2 },
    ],
  ];

  it.each(moments)(
    '%s it goes on to the same end, and nothing is written twice',
    async (_, overrides, told) => {
      let writes = 0;
      const counted: Crm['writeRecords'] = (...batch) => {
        writes += 1;
        return engine.deps.crm.writeRecords(...batch);
      };
      const { resyncId } = await start(active);
      const made = overrides();
      const crm = made.crm?.writeRecords === undefined ? { ...made.crm, writeRecords: counted } : made.crm;
      if (made.crm?.writeRecords !== undefined) writes += 1;
      await expect(executeResync(resyncId, depsWith({ ...made, crm }))).rejects.toThrow(Crash);
      await executeResync(resyncId, depsWith({ crm: { writeRecords: counted } }));

      const ended = await read(resyncId);
      expect(ended).toMatchObject({
        state: 'succeeded',
        members: [
          { rdsPropertyId: active, classification: 'CREATE', state: 'verified' },
          { rdsPropertyId: sibling, classification: 'IN_SYNC', state: null },
        ],
      });
      expect(ended.runIds).toHaveLength(1);
      expect(writes).toBe(1);
      const [item] = await itemsOf(ended);
      expect(await differences(item)).toEqual([]);
      expect(await events()).toHaveLength(told.events);
    },
  );
});

describe('beside a whole plan', () => {
  it('ends the row that it wrote as skipped, and lets the run go on', async () => {
    const plan = await engine.plan();
    const planned = await planItems(plan.planId, 'create');
    expect((await resync(active)).state).toBe('succeeded');
    const run = await engine.run(plan.planId, 'A');
    expect(run).toMatchObject({
      error: null,
      counts: { planned: planned.length, verified: planned.length - 1, skipped: 1 },
    });
    expect(await bench.runStore.readItemsByKey(run.runId, [active])).toMatchObject([
      { state: 'skipped', error: { class: 'moved', code: 'RESYNCED' }, attempts: 0 },
    ]);
  });

  it('answers a repeated request although the syncs have been paused since', async () => {
    const context = {
      resyncId: uuidv7(),
      requestedBy: 'record page',
      idempotency: { key: uuidv7(), bodyHash: 'test' },
    };
    const request = { actingUser: null, urgency: 'urgent' } as const;
    const first = await startResync(active, request, context, depsWith());
    pause = { at: new Date().toISOString(), by: 'operator', reason: 'a look first' };
    const again = await startResync(active, request, { ...context, resyncId: uuidv7() }, depsWith());
    pause = null;
    expect(again).toEqual({ resync: first.resync, isNew: false });
    await executeResync(first.resync.resyncId, depsWith());
  });

  /** A run of the whole plan that has sent Park Kennedy and does not know yet what became of it. */
  const givenRunWithIntent = async (state: RunState): Promise<string> => {
    const { planId } = await engine.plan();
    const { runId } = await engine.queueRun(planId, 'A');
    await bench.runStore.saveIntent(
      { runId, batchNumber: 1, channel: 'collection', jobId: null, isDone: false },
      [{ rdsPropertyId: active, before: null }],
    );
    await bench.runStore.updateRun(runId, { state });
    return runId;
  };

  it('leaves its place to others while a run that began after its plan keeps its rows', async () => {
    const { resyncId } = await start(active);
    let runId = '';
    const savePlan: ResyncStore['savePlan'] = async (...args) => {
      await bench.resyncStore.savePlan(...args);
      runId = await givenRunWithIntent('paused');
    };
    const waits: number[] = [];
    const pause = { wait: (ms: number) => Promise.resolve(waits.push(ms)), jitter: () => 0.5 };
    await expect(
      executeResync(resyncId, { ...depsWith({ resyncStore: { savePlan } }), pause }),
    ).rejects.toMatchObject({ code: 'RUN_CONFLICT', details: [active] });
    expect(waits.length).toBeLessThan(5);
    await bench.runStore.endRun(runId, { state: 'canceled' });
    await executeResync(resyncId, depsWith());
    expect(await read(resyncId)).toMatchObject({ state: 'succeeded' });
  });

  it.each(['running', 'paused', 'queued'] as const)(
    'waits for a %s run that has sent one of its rows',
    async (state) => {
      const runId = await givenRunWithIntent(state);
      const { resyncId } = await start(active);
      await expect(executeResync(resyncId, depsWith())).rejects.toMatchObject({ code: 'RUN_CONFLICT' });
      expect(await read(resyncId)).toMatchObject({ state: 'running', planId: null });
      await bench.runStore.endRun(runId, { state: 'canceled' });
      await executeResync(resyncId, depsWith());
      expect(await read(resyncId)).toMatchObject({ state: 'succeeded' });
    },
  );

  it('writes a row that a run which goes on has not sent yet', async () => {
    const { planId } = await engine.plan();
    const { runId } = await engine.queueRun(planId, 'A');
    await bench.runStore.updateRun(runId, { state: 'running' });
    expect((await resync(active)).state).toBe('succeeded');
    expect(await engine.execute(runId)).toMatchObject({ counts: { skipped: 1 } });
    const rows = await engine.records();
    expect(rows.filter(({ RDS_Property_ID__c: key }) => key === active)).toHaveLength(1);
  });

  it('refuses a plan whose rows moved, or leaves those rows out if it is told to', async () => {
    const { planId } = await engine.plan();
    const [moving] = await planItems(planId, 'update');
    const field = moving?.changes[0]?.field ?? '';
    await engine.editByHand(moving?.stagingId ?? '', { [field]: moving?.changes[0]?.to });
    expect(await engine.run(planId, 'B')).toMatchObject({
      state: 'failed',
      error: { code: 'PLAN_STALE', details: [moving?.rdsPropertyId] },
      counts: { attempted: 0 },
    });

    const { runId, counts } = await engine.queueRun(planId, 'B');
    await bench.runStore.updateRun(runId, { skipMoved: true });
    expect(await engine.execute(runId)).toMatchObject({
      state: 'partiallySucceeded',
      counts: { verified: counts.planned - 1, skipped: 1 },
    });
    expect(await bench.runStore.readItemsByKey(runId, [moving?.rdsPropertyId ?? ''])).toMatchObject([
      { state: 'skipped', error: { class: 'moved', code: 'PLAN_STALE' } },
    ]);
  });

  it('checks the plan of a group again when it is no longer new', async () => {
    const { resyncId } = await start(active);
    await expect(
      executeResync(
        resyncId,
        depsWith({ runStore: { saveIntent: () => Promise.reject(new Error('The process was killed.')) } }),
      ),
    ).rejects.toThrow('killed');
    await source(`name = 'Park Kennedy North'`, `id = '${active}'`);
    const { planId, runIds } = await read(resyncId);
    const plan = await bench.runStore.readPlan(planId ?? '');
    if (plan === undefined) throw new Error('The plan is gone.');
    const older = { ...plan, builtAt: '2026-01-05T11:00:00.000Z' };
    const run = { runId: runIds[0] ?? '', sync: 'A' as const };
    await expect(checkPlanHolds(older, { ...run, skipMoved: false }, engine.deps)).rejects.toMatchObject({
      code: 'PLAN_STALE',
      details: [active],
    });
    await checkPlanHolds(older, { ...run, skipMoved: true }, engine.deps);
    await executeResync(resyncId, depsWith());
    expect(await read(resyncId)).toMatchObject({
      state: 'failed',
      members: [{ state: 'skipped', error: { code: 'PLAN_STALE' } }, { state: null }],
    });
  });
});

describe('over HTTP', () => {
  const keys = { resync: 'key-that-may-resync', read: 'key-that-may-read' };
  let server: Server;
  let url: string;

  beforeAll(async () => {
    const app = express();
    const apiKeys = Object.entries(keys).map(([name, key]) => ({
      name,
      scopes: [name] as Scope[],
      sha256: createHash('sha256').update(key).digest('hex'),
    }));
    app.use('/v1', authenticate(apiKeys), express.json());
    app.use('/v1/properties', (...request) =>
      propertyResyncsRouter(depsWith(), (_request, _response, next) => next())(...request),
    );
    app.use('/v1/resyncs', (...request) => resyncsRouter(depsWith())(...request));
    app.use(problemDetails(pino({ level: 'silent' })));
    server = createServer(app);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => new Promise((resolve) => server.close(resolve)));

  const send = async (
    path: string,
    {
      key = keys.resync,
      idempotencyKey,
      body,
    }: { key?: string; idempotencyKey?: string; body?: object } = {},
  ) => {
    const response = await fetch(`${url}${path}`, {
      method: body === undefined ? 'GET' : 'POST',
      headers: {
        authorization: `Bearer ${key}`,
        'content-type': 'application/json',
        ...(idempotencyKey === undefined ? {} : { 'idempotency-key': idempotencyKey }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return {
      status: response.status,
      location: response.headers.get('location'),
      body: await response.json(),
    };
  };
  const path = `/v1/properties/${active}/resyncs`;

  it('stores a resync, says where it is, and answers the same request with the same one', async () => {
    const idempotencyKey = uuidv7();
    const body = { actingUser: 'Ana Sánchez' };
    const first = await send(path, { idempotencyKey, body });
    const { resyncId } = first.body as Resync;
    expect(first).toMatchObject({
      status: 202,
      location: `/v1/resyncs/${resyncId}`,
      body: { state: 'queued', groupKey: sfdcId, requestedId: active, requestedBy: 'resync', ...body },
    });
    expect(await send(path, { idempotencyKey, body })).toMatchObject({ status: 200, body: { resyncId } });
    expect(await send(path, { idempotencyKey: uuidv7(), body })).toMatchObject({
      status: 200,
      body: { resyncId },
    });
    expect(await send(`/v1/resyncs/${resyncId}`, { key: keys.read })).toEqual({
      status: 200,
      location: null,
      body: await read(resyncId),
    });
    await bench.resyncStore.updateResync(resyncId, { state: 'failed' });
  });

  it.each([
    ['without an Idempotency-Key', path, {}, 400, 'IDEMPOTENCY_KEY_MISSING'],
    [
      'with a key that may only read',
      path,
      { key: keys.read, idempotencyKey: 'request-1' },
      403,
      'FORBIDDEN',
    ],
    [
      'for an id that is none',
      '/v1/properties/nothing/resyncs',
      { idempotencyKey: 'request-2' },
      400,
      'REQUEST_INVALID',
    ],
    [
      'for a property that does not exist',
      `/v1/properties/${uuidv7()}/resyncs`,
      { idempotencyKey: 'request-3' },
      404,
      'NOT_FOUND',
    ],
  ])('refuses a request %s', async (_, to, options, status, code) => {
    expect(await send(to, { ...options, body: {} })).toMatchObject({ status, body: { code } });
  });

  it('refuses a field that it does not know, another property under the same key, and an unknown resync', async () => {
    const idempotencyKey = uuidv7();
    expect(await send(path, { idempotencyKey, body: { actor: 'me' } })).toMatchObject({ status: 400 });
    const { resyncId } = (await send(path, { idempotencyKey, body: {} })).body as Resync;
    expect(await send(`/v1/properties/${sibling}/resyncs`, { idempotencyKey, body: {} })).toMatchObject({
      status: 422,
    });
    await bench.resyncStore.updateResync(resyncId, { state: 'failed' });
    expect(await send(`/v1/resyncs/${uuidv7()}`)).toMatchObject({ status: 404 });
    expect(await send('/v1/resyncs/1')).toMatchObject({ status: 400 });
  });
});
