import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import express, { type Express } from 'express';
import { pino } from 'pino';
import request from 'supertest';
import { z } from 'zod';
import {
  defaultFieldMap,
  explanationSchema,
  features,
  historyEntrySchema,
  hypotheses,
  pageSchema,
  problemSchema,
  propertySchema,
  propertyStatusSchema,
  salesforceStems,
  type Explanation,
  type FieldExplanation,
  type HistoryEntry,
  type MemberStatus,
  type Operation,
  type Page,
  type Plan,
  type Property,
  type PropertyStatus,
  type Resync,
} from '../../../middleware/src/contracts/index.ts';
import { authenticate } from '../../../middleware/src/http/authenticate.ts';
import { notFound, problemDetails } from '../../../middleware/src/http/problemDetails.ts';
import { propertiesRouter } from '../../../middleware/src/http/propertiesRouter.ts';
import { salesforceIdSuffix } from '../../../middleware/src/planning/salesforceId.ts';
import type { PlanItem } from '../../../middleware/src/ports/runStore.ts';
import type { StoredSchedule } from '../../../middleware/src/ports/scheduleStore.ts';
import { businessTime, openBench, openEngine, type Bench, type Engine } from '../../integration/engine.ts';
import { readTable, type CsvRow } from '../../scripts/readTable.ts';

/** docs/domain.md §10. */
const parkKennedy = {
  active: 'a0000001-0000-4000-8000-000000000001',
  sibling: 'a0000002-0000-4000-8000-000000000002',
  guarantor: 'a0000003-0000-4000-8000-000000000003',
  production: 'a01ZZ000001PKndYAG',
  siblingRow: 'a13ZZ000002PKsbYAG',
};
const enabledOn = '2025-11-10';

const withSuffix = (id15: string): string => id15 + salesforceIdSuffix(id15);
const key = 'reader-key-for-tests';

let bench: Bench;
let engine: Engine;
let app: Express;
let plan: Plan;
/** What the baseline files say. */
let properties: CsvRow[];
let stagingRows: CsvRow[];
/** What the other parts say. */
let openResync: Resync | undefined;
let schedules: StoredSchedule[];

const healthy = (sync: 'A' | 'B'): StoredSchedule => ({
  sync,
  intervalMs: 900_000,
  nextAt: '2026-01-05T12:15:00.000Z',
  pause: null,
  lastTick: {
    at: bench.clock.now().toISOString(),
    outcome: 'ran',
    planId: null,
    runId: null,
    detail: null,
  },
});

beforeAll(async () => {
  bench = await openBench();
  engine = await openEngine(bench);
  properties = await readTable(bench.baselineDirectory, 'properties');
  stagingRows = await readTable(bench.baselineDirectory, 'Product_Property__c');
  schedules = [healthy('A'), healthy('B')];
  app = express();
  app.use(
    '/v1',
    authenticate([
      { name: 'reader', scopes: ['read'], sha256: createHash('sha256').update(key).digest('hex') },
    ]),
  );
  app.use(
    '/v1/properties',
    propertiesRouter({
      ...engine.deps,
      resyncStore: { openResync: () => Promise.resolve(openResync) },
      scheduleStore: { readSchedules: () => Promise.resolve(schedules) },
    }),
  );
  app.use(notFound);
  app.use(problemDetails(pino({ level: 'silent' })));
});
afterAll(async () => {
  await engine.close();
  await bench.close();
});

const get = (path: string) => request(app).get(`/v1/properties/${path}`).set('x-api-key', key);
const readAs = async <Schema extends z.ZodType>(schema: Schema, path: string): Promise<z.infer<Schema>> =>
  schema.parse((await get(path).expect(200)).body);
const aggregateOf = (id: string): Promise<Property> => readAs(propertySchema, id);
const statusOf = (id: string): Promise<PropertyStatus> => readAs(propertyStatusSchema, `${id}/status`);
const explain = (id: string): Promise<Explanation> => readAs(explanationSchema, `${id}/explanation`);
const historyOf = (id: string, query = ''): Promise<Page<HistoryEntry>> =>
  readAs(pageSchema(historyEntrySchema), `${id}/history${query}`);
const refusal = async (path: string, status: number): Promise<z.infer<typeof problemSchema>> =>
  problemSchema.parse((await get(path).expect(status)).body);

const found = <Value>(value: Value | undefined): Value => {
  if (value === undefined) throw new Error('The baseline has none.');
  return value;
};
const text = (row: CsvRow, column: string): string => found(row[column] ?? undefined);
const member = (status: PropertyStatus, id: string): MemberStatus =>
  found(status.members.find(({ rdsPropertyId }) => rdsPropertyId === id));
const explained = (explanation: Explanation, id: string): Explanation['members'][number] =>
  found(explanation.members.find(({ rdsPropertyId }) => rdsPropertyId === id));
const fieldOf = (explanation: Explanation, id: string, field: string): FieldExplanation =>
  found(explained(explanation, id).fields.find((each) => each.field === field));
const holding = (explanation: Explanation, id: string): string[] =>
  explained(explanation, id)
    .diagnosis.filter(({ doesHold }) => doesHold)
    .map(({ hypothesis }) => hypothesis);
const finding = (explanation: Explanation, id: string, hypothesis: (typeof hypotheses)[number]): string =>
  found(explained(explanation, id).diagnosis.find((each) => each.hypothesis === hypothesis)).finding;

async function plannedItems(operation: Operation): Promise<PlanItem[]> {
  const items: PlanItem[] = [];
  for await (const page of bench.runStore.streamPlanItems(plan.planId, operation)) items.push(...page);
  return items;
}

/** Properties of the files by the first 15 characters of a valid production id. */
function groups(): Map<string, CsvRow[]> {
  const byId = new Map<string, CsvRow[]>();
  for (const row of properties) {
    const id15 = row['sfdc_id']?.trim().slice(0, 15) ?? '';
    if (!id15.startsWith('a01')) continue;
    byId.set(id15, [...(byId.get(id15) ?? []), row]);
  }
  return byId;
}

describe('before any plan', () => {
  it('answers 409 to what needs one, and says to make one', async () => {
    for (const path of ['', '/status', '/explanation']) {
      const problem = await refusal(`${parkKennedy.active}${path}`, 409);
      expect(problem).toMatchObject({ code: 'PLAN_MISSING' });
      expect(problem.action).toMatch(/plan/);
    }
  });

  it('has an empty history', async () => {
    expect(await historyOf(parkKennedy.production)).toEqual({ items: [], nextCursor: null });
  });

  it('tells a malformed and an unknown id from one that is not planned yet', async () => {
    await get('nonsense').expect(400);
    await get('b0000000-0000-4000-8000-000000000001').expect(404);
    await get(withSuffix('a01ZZ0000000000')).expect(404);
  });
});

describe('after a plan', () => {
  beforeAll(async () => {
    plan = await engine.plan();
  });

  describe('an id', () => {
    it.each([
      ['of RDS', parkKennedy.active, parkKennedy.active],
      ['of RDS in capitals', parkKennedy.active.toUpperCase(), parkKennedy.active],
      ['of a production record, 18 characters', parkKennedy.production, null],
      ['of a production record, 15 characters', parkKennedy.production.slice(0, 15), null],
      ['of a staging row, 18 characters', parkKennedy.siblingRow, parkKennedy.sibling],
      ['of a staging row, 15 characters', parkKennedy.siblingRow.slice(0, 15), parkKennedy.sibling],
    ])('%s names the group on every route', async (_title, id, rdsPropertyId) => {
      const named = { groupKey: parkKennedy.production, sfdcId: parkKennedy.production, rdsPropertyId };
      expect(await aggregateOf(id)).toMatchObject(named);
      expect(await statusOf(id)).toMatchObject(named);
      expect(await explain(id)).toMatchObject(named);
      expect(await historyOf(id)).toMatchObject({ items: [] });
    });

    it.each([
      'nonsense',
      'a01ZZ000001PKndYAA',
      'a01ZZ000001PKnd1',
      'a01ZZ000001PKn',
      'A01ZZ000001PKndYAG',
      'a0000001000040008000000000000001',
      'a0000001-0000-4000-8000-00000000000g',
      "' or 1=1 --",
      '%20',
      'x'.repeat(61),
    ])('%j is malformed', async (id) => {
      for (const path of ['', '/status', '/history', '/explanation']) {
        const problem = await refusal(`${encodeURIComponent(id)}${path}`, 400);
        expect(problem).toMatchObject({ code: 'REQUEST_INVALID' });
        expect(problem.errors).not.toEqual([]);
      }
    });

    it.each([
      ['of RDS', 'b0000000-0000-4000-8000-000000000001', /RDS has no property/],
      ['of a production record', withSuffix('a01ZZ0000000000'), /No property of RDS carries/],
      ['of a staging row', withSuffix('a13ZZ0000000000'), /no staging row/],
      ['of another object', withSuffix('005ZZ0000000000'), /no staging row/],
    ])('%s that nobody knows is not found', async (_title, id, detail) => {
      for (const path of ['', '/status', '/history', '/explanation']) {
        const problem = await refusal(`${id}${path}`, 404);
        expect(problem).toMatchObject({ code: 'NOT_FOUND' });
        expect(problem.detail).toMatch(detail);
      }
    });

    it('of an orphan row is not found, and the answer says what it is', async () => {
      const known = new Set(properties.map((row) => text(row, 'id')));
      const orphan = found(
        stagingRows.find((row) => {
          const rowKey = row['RDS_Property_ID__c'] ?? null;
          return row['IsDeleted'] === 'false' && rowKey !== null && !known.has(rowKey.toLowerCase());
        }),
      );
      const problem = await refusal(text(orphan, 'Id'), 404);
      expect(problem.detail).toContain('orphan');
      expect(problem.detail).toContain(text(orphan, 'RDS_Property_ID__c').toLowerCase());
    });

    it('of a keyless row is not found, and the answer says what it is', async () => {
      const keyless = found(
        stagingRows.find(
          (row) => row['IsDeleted'] === 'false' && (row['RDS_Property_ID__c'] ?? '').trim() === '',
        ),
      );
      expect((await refusal(text(keyless, 'Id'), 404)).detail).toContain('keyless');
    });

    it('needs a key', async () => {
      await request(app).get(`/v1/properties/${parkKennedy.active}`).expect(401);
    });
  });

  describe('the aggregate', () => {
    it('of Park Kennedy counts the ACTIVE property alone', async () => {
      const property = await aggregateOf(parkKennedy.production);
      expect(property).toMatchObject({
        primaryRdsPropertyId: parkKennedy.active,
        name: 'Park Kennedy',
        activePropertyCount: 1,
        totalFeatureCount: 5,
        isMultiProperty: false,
        hasPaidFeatures: true,
        features: features.map((feature) => ({ feature, isEnabled: true, startDate: enabledOn })),
        dataAsOf: { planId: plan.planId },
      });
      expect(property.members).toMatchObject([
        {
          rdsPropertyId: parkKennedy.active,
          isContributor: true,
          status: 'ACTIVE',
          classification: 'CREATE',
          stagingIds: [],
          features: features.map((feature) => ({ feature, isEnabled: true, startDate: enabledOn })),
        },
        {
          rdsPropertyId: parkKennedy.sibling,
          isContributor: false,
          status: 'DISABLED',
          classification: 'IN_SYNC',
          stagingIds: [parkKennedy.siblingRow],
          features: features.map((feature) => ({ feature, isEnabled: false, startDate: null })),
        },
      ]);
    });

    it('of a property without a Salesforce id is that of a group of one', async () => {
      expect(await aggregateOf(parkKennedy.guarantor)).toMatchObject({
        groupKey: parkKennedy.guarantor,
        sfdcId: null,
        members: [{ name: 'Park Kennedy - Guarantor', isContributor: false }],
      });
    });

    it('of every group of several has its contributors first, newest first, and their union', async () => {
      const several = [...groups()].filter(
        ([, rows]) => rows.filter((row) => row['status'] === 'ACTIVE').length > 1,
      );
      expect(several.length).toBeGreaterThan(5);
      for (const [id15, rows] of several) {
        const property = await aggregateOf(id15);
        const contributors = rows
          .filter((row) => row['status'] === 'ACTIVE')
          .sort(
            (left, right) =>
              text(right, 'updated_at').localeCompare(text(left, 'updated_at')) ||
              text(right, 'inserted_at').localeCompare(text(left, 'inserted_at')) ||
              text(left, 'id').localeCompare(text(right, 'id')),
          )
          .map((row) => text(row, 'id'));
        const shown = property.members.map(({ rdsPropertyId }) => rdsPropertyId);
        expect(shown.slice(0, contributors.length)).toEqual(contributors);
        expect([...shown].sort()).toEqual(rows.map((row) => text(row, 'id')).sort());
        expect(property).toMatchObject({
          primaryRdsPropertyId: contributors[0],
          activePropertyCount: contributors.length,
          isMultiProperty: true,
        });
        for (const { feature, isEnabled, startDate } of property.features) {
          const own = property.members
            .filter(({ isContributor }) => isContributor)
            .flatMap(({ features: each }) =>
              each.filter((state) => state.feature === feature && state.isEnabled),
            );
          const dates = own.flatMap(({ startDate: date }) => date ?? []).sort();
          expect([isEnabled, startDate]).toEqual([own.length > 0, dates[0] ?? null]);
        }
      }
    });

    it('of a production id that only DISABLED properties carry has members and no contributor', async () => {
      const [id15, rows] = found(
        [...groups()].find(([, each]) => each.every((row) => row['status'] === 'DISABLED')),
      );
      const property = await aggregateOf(id15);
      expect(property).toMatchObject({
        groupKey: withSuffix(id15),
        primaryRdsPropertyId: null,
        name: null,
        activePropertyCount: 0,
        totalFeatureCount: 0,
        isMultiProperty: false,
      });
      expect(property.members).toHaveLength(rows.length);
      expect(property.members.map(({ isContributor }) => isContributor)).not.toContain(true);
      await statusOf(id15);
      await explain(id15);
    });
  });

  describe('the status', () => {
    it('of Park Kennedy is that of the property that was never synced', async () => {
      const status = await statusOf(parkKennedy.production);
      expect(status).toMatchObject({
        state: 'neverSynced',
        doMembersDiffer: true,
        resync: null,
        schedules: [{ sync: 'A', nextAt: '2026-01-05T12:15:00.000Z', pause: null }, { sync: 'B' }],
      });
      expect(status.members).toMatchObject([
        { rdsPropertyId: parkKennedy.active, state: 'neverSynced', lastVerifiedAt: null, isInFlight: false },
        { rdsPropertyId: parkKennedy.sibling, state: 'verified', changes: [], linkedId: null },
      ]);
    });

    it('of an excluded property says why', async () => {
      const placeholder = found(properties.find((row) => /^X+$/.test(row['sfdc_id'] ?? '')));
      const status = await statusOf(text(placeholder, 'id'));
      expect(status).toMatchObject({
        groupKey: text(placeholder, 'id'),
        sfdcId: null,
        state: 'excluded',
        members: [{ classification: 'EXCLUDED', reasonCode: 'PLACEHOLDER_SFDC', changes: [] }],
      });
    });

    it('of a property with two rows is a conflict, whichever of them is asked for', async () => {
      const byKey = new Map<string, string[]>();
      for (const row of stagingRows) {
        const rowKey = row['RDS_Property_ID__c']?.toLowerCase() ?? '';
        if (row['IsDeleted'] === 'false' && rowKey !== '')
          byKey.set(rowKey, [...(byKey.get(rowKey) ?? []), text(row, 'Id')]);
      }
      const [rdsPropertyId, ids] = found([...byKey].find(([, each]) => each.length > 1));
      for (const id of ids) {
        const status = await statusOf(id);
        expect(status.rdsPropertyId).toBe(rdsPropertyId);
        expect(status.state).toBe('conflict');
        const conflict = member(status, rdsPropertyId);
        expect(conflict.stagingIds).toEqual([...ids].sort());
        expect(conflict.changes).toEqual([]);
      }
      const explanation = await explain(rdsPropertyId);
      expect(holding(explanation, rdsPropertyId)).toEqual(
        expect.arrayContaining(['duplicateStagingRows', 'absentFromQueue']),
      );
      for (const id of ids) expect(finding(explanation, rdsPropertyId, 'duplicateStagingRows')).toContain(id);
    });

    it('of a property to update shows what differs', async () => {
      const [item] = await plannedItems('update');
      const { rdsPropertyId, changes } = found(item);
      const status = await statusOf(rdsPropertyId);
      expect(member(status, rdsPropertyId)).toMatchObject({ state: 'pending', changes });
    });

    it('tells of a resync that is open', async () => {
      openResync = {
        resyncId: '01900000-0000-7000-8000-00000000ffff',
        groupKey: parkKennedy.production,
        requestedId: parkKennedy.active,
        urgency: 'urgent',
        state: 'running',
        stage: 'writing',
        requestedBy: 'page',
        actingUser: 'Kim Operator',
        createdAt: businessTime.toISOString(),
        startedAt: null,
        endedAt: null,
        planId: null,
        runIds: [],
        members: [],
        error: null,
      };
      const status = await statusOf(parkKennedy.active);
      openResync = undefined;
      expect(status).toMatchObject({
        state: 'syncing',
        resync: { state: 'running', stage: 'writing', actingUser: 'Kim Operator' },
      });
    });

    it('tells of a sync that is paused, and of no next start of it', async () => {
      const pause = { at: businessTime.toISOString(), by: 'operator', reason: 'month end' };
      schedules = [{ ...healthy('A'), pause }, healthy('B')];
      const status = await statusOf(parkKennedy.active);
      schedules = [healthy('A'), healthy('B')];
      expect(status).toMatchObject({
        state: 'neverSynced',
        schedules: [{ nextAt: null, pause }, { pause: null }],
      });
      expect(member(status, parkKennedy.sibling).state).toBe('paused');
    });
  });

  describe('the explanation of Park Kennedy before the rollout', () => {
    let explanation: Explanation;
    beforeAll(async () => {
      explanation = await explain(parkKennedy.production);
    });

    it('walks every mapped field and every hypothesis of each member, in their order', () => {
      expect(explanation.members).toHaveLength(2);
      for (const { fields, diagnosis } of explanation.members) {
        expect(fields.map(({ field }) => field)).toEqual(defaultFieldMap.map(({ field }) => field));
        expect(diagnosis.map(({ hypothesis }) => hypothesis)).toEqual(hypotheses);
        for (const { doesHold, action } of diagnosis) expect(action !== null).toBe(doesHold);
      }
    });

    it('shows five features on everywhere but in Salesforce, with their contributor and their dates', () => {
      for (const feature of features) {
        expect(
          fieldOf(explanation, parkKennedy.active, `${salesforceStems[feature]}_Enabled__c`),
        ).toMatchObject({
          source: true,
          view: true,
          expected: true,
          salesforce: null,
          doesDiffer: true,
          contributorId: parkKennedy.active,
        });
        const date = fieldOf(explanation, parkKennedy.active, `${salesforceStems[feature]}_Start_Date__c`);
        expect(date).toMatchObject({
          view: enabledOn,
          expected: enabledOn,
          doesDiffer: true,
          contributorId: parkKennedy.active,
        });
        expect(String(date.source)).toMatch(new RegExp(`^${enabledOn}T`));
      }
    });

    it('leaves the sibling without features, and its row as it is', () => {
      const sibling = explained(explanation, parkKennedy.sibling);
      expect(sibling).toMatchObject({ classification: 'IN_SYNC', isContributor: false });
      expect(sibling.fields.filter(({ doesDiffer }) => doesDiffer)).toEqual([]);
      expect(fieldOf(explanation, parkKennedy.sibling, 'Bank_Linking_Enabled__c')).toMatchObject({
        expected: false,
        salesforce: false,
        contributorId: null,
      });
      expect(fieldOf(explanation, parkKennedy.sibling, 'Status__c')).toMatchObject({
        source: 'DISABLED',
        salesforce: 'DISABLED',
        contributorId: parkKennedy.sibling,
      });
    });

    it('finds the cause: the only row of the group has another key and no lookup', () => {
      expect(holding(explanation, parkKennedy.active)).toEqual(['idMismatch']);
      const seen = finding(explanation, parkKennedy.active, 'idMismatch');
      for (const id of [
        parkKennedy.active,
        parkKennedy.siblingRow,
        parkKennedy.sibling,
        parkKennedy.production,
      ])
        expect(seen).toContain(id);
      expect(seen).toContain('lookup empty');
      const queue = finding(explanation, parkKennedy.active, 'absentFromQueue');
      expect(queue).toMatch(/^CREATE: the queue of Sync A holds it .* P1\.$/);
    });

    it('finds that the sync does not run where it does not', async () => {
      schedules = [{ ...healthy('A'), intervalMs: null, nextAt: null }, healthy('B')];
      const stopped = await explain(parkKennedy.active);
      schedules = [healthy('A'), healthy('B')];
      expect(holding(stopped, parkKennedy.active)).toEqual(['idMismatch', 'syncNotRunning']);
    });
  });

  it('says that RDS feature events cannot be told where their table is missing', async () => {
    const path = '/v1/properties';
    const elsewhere = express();
    elsewhere.use(
      path,
      (_request, response, next) => {
        response.locals['apiKey'] = { name: 'reader', scopes: ['read'] };
        next();
      },
      propertiesRouter({
        ...engine.deps,
        settings: { ...engine.deps.settings, sourceTables: { propertyFeatureEvents: 'rds.nowhere.events' } },
        resyncStore: { openResync: () => Promise.resolve(undefined) },
        scheduleStore: { readSchedules: () => Promise.resolve(schedules) },
      }),
    );
    const response = await request(elsewhere).get(`${path}/${parkKennedy.active}/explanation`).expect(200);
    expect(
      finding(explanationSchema.parse(response.body), parkKennedy.active, 'featureEventsMissing'),
    ).toContain('cannot be read');
  });
});

describe('over runs', () => {
  let refusedId: string;
  let createdId: string;

  beforeAll(async () => {
    plan = await engine.plan();
    const creates = await plannedItems('create');
    refusedId = found(
      creates.find(({ rdsPropertyId }) => rdsPropertyId !== parkKennedy.active),
    ).rdsPropertyId;
    await engine.control('PUT', 'automation', {
      rejections: [{ keys: [refusedId], on: 'insert', error: 'flowPicklist' }],
    });
    await engine.run(plan.planId, 'A');
    createdId = String(
      found((await engine.records()).find((record) => record['RDS_Property_ID__c'] === parkKennedy.active))
        .Id,
    );
  });

  it('knows what was verified before the next plan does, also by the id of the new row', async () => {
    for (const id of [parkKennedy.active, createdId]) {
      const status = await statusOf(id);
      expect(status.rdsPropertyId).toBe(parkKennedy.active);
      expect(status.state).toBe('verified');
      const active = member(status, parkKennedy.active);
      expect(active).toMatchObject({
        classification: 'IN_SYNC',
        stagingIds: [createdId],
        changes: [],
        error: null,
      });
      expect(Date.parse(active.lastVerifiedAt ?? '')).toBeGreaterThan(businessTime.getTime());
    }
  });

  it('shows a write that Salesforce refused, with its error, before and after the next plan', async () => {
    const before = member(await statusOf(refusedId), refusedId);
    expect(before).toMatchObject({ state: 'quarantined', classification: 'CREATE' });
    expect(before.error?.class).toBe('permanentConfiguration');
    plan = await engine.plan();
    expect(member(await statusOf(refusedId), refusedId)).toMatchObject({
      state: 'quarantined',
      error: before.error,
      lastRunId: before.lastRunId,
    });
    await engine.control('PUT', 'automation', { rejections: [] });
  });

  it('explains Park Kennedy after the rollout: all agrees and no hypothesis holds', async () => {
    const explanation = await explain(parkKennedy.production);
    const active = explained(explanation, parkKennedy.active);
    expect(active).toMatchObject({ classification: 'IN_SYNC', stagingIds: [createdId] });
    expect(active.fields.filter(({ doesDiffer }) => doesDiffer)).toEqual([]);
    expect(holding(explanation, parkKennedy.active)).toEqual([]);
    for (const feature of features) {
      expect(
        fieldOf(explanation, parkKennedy.active, `${salesforceStems[feature]}_Enabled__c`).salesforce,
      ).toBe(true);
      expect(
        fieldOf(explanation, parkKennedy.active, `${salesforceStems[feature]}_Start_Date__c`).salesforce,
      ).toBe(enabledOn);
    }
    expect(explained(explanation, parkKennedy.sibling).stagingIds).toEqual([parkKennedy.siblingRow]);
    expect(await statusOf(parkKennedy.production)).toMatchObject({
      state: 'verified',
      doMembersDiffer: false,
    });
  });

  it('is syncing while a run that holds it is queued, and verified once it has run', async () => {
    const [item] = await plannedItems('update');
    const { rdsPropertyId } = found(item);
    const { runId } = await engine.queueRun(plan.planId, 'B');
    expect(member(await statusOf(rdsPropertyId), rdsPropertyId).state).toBe('syncing');
    await engine.execute(runId);
    const after = member(await statusOf(rdsPropertyId), rdsPropertyId);
    expect(after).toMatchObject({ state: 'verified', changes: [], isInFlight: false, lastRunId: runId });
  });

  it('shows an edit by hand in the explanation at once, and as drift after the next plan', async () => {
    await engine.editByHand(createdId, { Name: 'Edited by hand' });
    const explanation = await explain(createdId);
    expect(fieldOf(explanation, parkKennedy.active, 'Name')).toMatchObject({
      source: 'Park Kennedy',
      view: 'Park Kennedy',
      expected: 'Park Kennedy',
      salesforce: 'Edited by hand',
      doesDiffer: true,
      contributorId: parkKennedy.active,
    });
    expect(holding(explanation, parkKennedy.active)).toEqual(['absentFromQueue']);
    expect(finding(explanation, parkKennedy.active, 'absentFromQueue')).toContain('Name');
    expect((await statusOf(createdId)).state).toBe('verified');

    plan = await engine.plan();
    const status = await statusOf(createdId);
    expect(status.state).toBe('drifted');
    expect(member(status, parkKennedy.active)).toMatchObject({
      changes: [{ field: 'Name', from: 'Edited by hand', to: 'Park Kennedy' }],
      isInFlight: true,
    });
    expect(holding(await explain(createdId), parkKennedy.active)).toEqual([]);
  });

  it('keeps the history of every write, newest first, and pages it to the end', async () => {
    await engine.run(plan.planId, 'B');
    const { items, nextCursor } = await historyOf(parkKennedy.production);
    expect(nextCursor).toBeNull();
    expect(items).toMatchObject([
      {
        rdsPropertyId: parkKennedy.active,
        kind: 'update',
        operation: 'update',
        state: 'verified',
        trigger: 'test',
        actor: 'test',
        actingUser: null,
        changes: [{ field: 'Name', from: 'Edited by hand', to: 'Park Kennedy' }],
        wasCreated: false,
      },
      { rdsPropertyId: parkKennedy.active, kind: 'create', state: 'verified', wasCreated: true, changes: [] },
    ]);

    const first = await historyOf(parkKennedy.active, '?limit=1');
    expect(first.items).toEqual(items.slice(0, 1));
    const second = await historyOf(parkKennedy.active, `?limit=1&cursor=${first.nextCursor ?? ''}`);
    expect(second).toEqual({ items: items.slice(1), nextCursor: null });
  });

  it('sees a row that was deleted: at once in the explanation, in the status after the next plan', async () => {
    const { accessToken } = z
      .object({ accessToken: z.string() })
      .parse(await engine.control('POST', 'tokens', { user: 'admin' }));
    const response = await fetch(
      `${engine.access.url}/services/data/v66.0/sobjects/Product_Property__c/${createdId}`,
      { method: 'DELETE', headers: { authorization: `Bearer ${accessToken}` } },
    );
    expect(response.status).toBe(204);
    expect(explained(await explain(createdId), parkKennedy.active)).toMatchObject({
      classification: 'CREATE',
      stagingIds: [],
    });

    plan = await engine.plan();
    await get(`${createdId}/status`).expect(404);
    const active = member(await statusOf(parkKennedy.active), parkKennedy.active);
    expect(active).toMatchObject({ state: 'neverSynced', stagingIds: [] });
    expect(active.lastVerifiedAt).not.toBeNull();
  });

  it.each([
    ['?cursor=nonsense', 'cursor'],
    [`?cursor=${Buffer.from('{}').toString('base64url')}`, 'cursor'],
    [`?cursor=${Buffer.from('{"runId":"1","rdsPropertyId":"1"}').toString('base64url')}`, 'cursor'],
    ['?cursor=', 'cursor'],
    ['?limit=0', 'limit'],
    ['?limit=201', 'limit'],
    ['?limit=many', 'limit'],
    ['?page=2', 'page'],
  ])('refuses the page %s and names what is wrong', async (query, named) => {
    const problem = await refusal(`${parkKennedy.active}/history${query}`, 400);
    expect(problem).toMatchObject({ code: 'REQUEST_INVALID' });
    expect(problem.errors.join()).toContain(named);
  });
});

describe('a property that has appeared since the last plan', () => {
  const id = 'b0000000-0000-4000-8000-00000000000a';

  it('is known, has a history and waits for a plan', async () => {
    const { warehouse } = engine.deps;
    await warehouse.execute(
      `insert into rds.pg_rds_public.properties (id, name, status, sfdc_id, inserted_at, updated_at)
       values (:id, 'New Court', 'ACTIVE', :sfdcId, :at, :at)`,
      { id: id.toUpperCase(), sfdcId: 'a01ZZ000009NEWc', at: businessTime },
    );
    const production = withSuffix('a01ZZ000009NEWc');
    for (const asked of [id, production, production.slice(0, 15)]) {
      expect(await refusal(asked, 409)).toMatchObject({ code: 'PLAN_MISSING' });
      expect(await historyOf(asked)).toEqual({ items: [], nextCursor: null });
    }
    const explanation = await explain(production);
    expect(explanation).toMatchObject({ groupKey: production, rdsPropertyId: null });
    expect(explained(explanation, id)).toMatchObject({
      classification: 'EXCLUDED',
      reasonCode: 'NO_COMPANY',
    });
    expect(holding(explanation, id)).toEqual(['absentFromFeatureTable', 'absentFromQueue']);
    expect(fieldOf(explanation, id, 'Name')).toMatchObject({
      source: 'New Court',
      view: null,
      expected: null,
    });
  });
});
