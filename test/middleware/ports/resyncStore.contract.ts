import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { uuidv7 } from 'uuidv7';
import type { Resync } from '../../../middleware/src/contracts/index.ts';
import type { ResyncStore } from '../../../middleware/src/ports/resyncStore.ts';
import type { QueuedWork, RunQueue } from '../../../middleware/src/ports/runQueue.ts';
import type { RunStore } from '../../../middleware/src/ports/runStore.ts';
import { aPlan, aPlanItem, aRequest, aRun } from './ledger.ts';

/** A store of its own for one suite, and how it goes away. */
export interface ResyncStoreFixture {
  readonly resyncStore: ResyncStore;
  readonly runStore: RunStore;
  readonly runQueue: RunQueue;
  remove(): Promise<void>;
}

export const aResync = (values: Partial<Resync> = {}): Resync => ({
  resyncId: uuidv7(),
  groupKey: `group-${uuidv7()}`,
  requestedId: 'a01ZZ000001PKndYAG',
  urgency: 'background',
  state: 'queued',
  stage: null,
  requestedBy: 'record page',
  actingUser: null,
  createdAt: '2026-01-05T12:00:00.000Z',
  startedAt: null,
  endedAt: null,
  planId: null,
  runIds: [],
  members: [],
  error: null,
  ...values,
});

/** What every store owes to resyncs. */
export function describeResyncStore(name: string, openFixture: () => Promise<ResyncStoreFixture>): void {
  describe(`resync store on ${name}`, () => {
    let fixture: ResyncStoreFixture;
    let store: ResyncStore;
    let groupKey: string;

    beforeAll(async () => {
      fixture = await openFixture();
      store = fixture.resyncStore;
    });
    beforeEach(() => {
      groupKey = `group-${uuidv7()}`;
    });
    afterAll(() => fixture.remove());

    const create = (values: Partial<Resync> = {}, request = aRequest()) =>
      store.createResync(aResync({ groupKey, ...values }), request);
    const createdId = async (values: Partial<Resync> = {}): Promise<string> =>
      (await create(values)).resync.resyncId;

    it('gives back a resync as it was stored', async () => {
      const resync = aResync({ actingUser: 'Ana Sánchez', urgency: 'urgent' });
      expect(await store.createResync(resync, aRequest())).toEqual({ resync, isNew: true });
      expect(await store.readResync(resync.resyncId)).toEqual(resync);
      expect(await store.readResync(uuidv7())).toBeUndefined();
    });

    it('answers the same request with the same resync, also after it has ended', async () => {
      const request = aRequest();
      const { resync } = await create({}, request);
      await store.updateResync(resync.resyncId, { state: 'succeeded' });
      expect(await create({}, request)).toEqual({ resync: { ...resync, state: 'succeeded' }, isNew: false });
      await expect(create({}, { ...request, bodyHash: 'another' })).rejects.toMatchObject({
        code: 'IDEMPOTENCY_KEY_REUSED',
      });
    });

    it('lets the one that waits stand for every later request of its group', async () => {
      const { resync } = await create();
      const request = aRequest();
      expect(await create({ actingUser: 'somebody else' }, request)).toEqual({ resync, isNew: false });
      await store.updateResync(resync.resyncId, { state: 'running' });
      // The key keeps standing for what it was answered with.
      expect(await create({}, request)).toMatchObject({
        resync: { resyncId: resync.resyncId },
        isNew: false,
      });
    });

    it('makes another one once the first has been started', async () => {
      const first = await createdId();
      await store.updateResync(first, { state: 'running' });
      const second = await create();
      expect(second).toMatchObject({ isNew: true, resync: { state: 'queued' } });
      expect(await store.openResync(groupKey)).toMatchObject({ resyncId: second.resync.resyncId });
    });

    it('makes the one that waits urgent when somebody waits for it, and never less urgent', async () => {
      const first = await createdId();
      expect(await create({ urgency: 'urgent' })).toMatchObject({
        isNew: false,
        resync: { resyncId: first, urgency: 'urgent' },
      });
      expect(await create({ urgency: 'background' })).toMatchObject({ resync: { urgency: 'urgent' } });
    });

    it('makes one of many requests at once', async () => {
      const answers = await Promise.all(Array.from({ length: 12 }, () => create()));
      expect(new Set(answers.map(({ resync }) => resync.resyncId)).size).toBe(1);
      expect(answers.filter(({ isNew }) => isNew)).toHaveLength(1);
    });

    it('changes what a patch names, and refuses to change what does not exist', async () => {
      const resyncId = await createdId();
      const error = { code: 'PLAN_BLOCKED', message: 'm', action: 'a', details: ['one'] };
      await store.updateResync(resyncId, { state: 'failed', endedAt: '2026-01-05T12:00:01.234Z', error });
      await store.updateResync(resyncId, {});
      expect(await store.readResync(resyncId)).toMatchObject({
        groupKey,
        state: 'failed',
        endedAt: '2026-01-05T12:00:01.234Z',
        error,
      });
      await expect(store.updateResync(uuidv7(), { state: 'failed' })).rejects.toThrow('There is no resync');
    });

    it('stores nothing for a hold that somebody else has taken', async () => {
      const { resync } = await create();
      const { resyncId } = resync;
      const earlier = await store.holdResync(resyncId);
      const hold = await store.holdResync(resyncId);
      const made = { plan: aPlan(), items: [], runs: [], members: [] };
      for (const write of [
        store.assertHeld(resyncId, earlier),
        store.updateResync(resyncId, { state: 'running' }, earlier),
        store.savePlan(resyncId, made, earlier),
      ]) {
        await expect(write).rejects.toMatchObject({ code: 'RUN_CONFLICT' });
      }
      expect(await store.readResync(resyncId)).toEqual(resync);
      await store.assertHeld(resyncId, hold);
      await store.savePlan(resyncId, made, hold);
      await store.updateResync(resyncId, { state: 'running' }, hold);
      expect(await store.readResync(resyncId)).toMatchObject({ state: 'running', planId: made.plan.planId });
      await expect(store.holdResync(uuidv7())).rejects.toThrow('There is no resync');
    });

    it('knows the open resync of a group, and none once it has ended', async () => {
      expect(await store.openResync(groupKey)).toBeUndefined();
      const resyncId = await createdId();
      expect(await store.openResync(groupKey)).toMatchObject({ resyncId });
      await store.updateResync(resyncId, { state: 'running' });
      expect(await store.openResync(groupKey)).toMatchObject({ resyncId });
      await store.updateResync(resyncId, { state: 'partiallySucceeded' });
      expect(await store.openResync(groupKey)).toBeUndefined();
    });

    describe('with a plan', () => {
      const member = {
        rdsPropertyId: 'property-0',
        name: 'Maple Court',
        classification: 'CREATE' as const,
        reasonCode: null,
        state: null,
        error: null,
      };
      const planned = async (resyncId: string, values: { groupKey?: string } = {}) => {
        const plan = aPlan({ groupKey, state: 'ready', ...values });
        const runs = (['B', 'A'] as const).map((sync) =>
          aRun(plan.planId, { sync, kind: 'resync', resyncId, actingUser: 'Ana', skipMoved: true }),
        );
        const items = [aPlanItem(0), aPlanItem(0, { rdsPropertyId: 'property-1', operation: 'update' })];
        await store.savePlan(resyncId, { plan, items, runs, members: [member] });
        return { plan, runs, items };
      };

      it('ties plan, runs and items to the resync at once, and queues none of them', async () => {
        const resyncId = await createdId();
        const { plan, runs, items } = await planned(resyncId);
        const [updates, creates] = runs;
        expect(await store.readResync(resyncId)).toMatchObject({
          planId: plan.planId,
          stage: 'writing',
          // Creates before updates.
          runIds: [creates?.runId, updates?.runId],
          members: [member],
        });
        expect(await fixture.runStore.readPlan(plan.planId)).toEqual(plan);
        for (const [run, id] of [
          [creates, 'property-0'],
          [updates, 'property-1'],
        ] as const) {
          const runId = run?.runId ?? '';
          expect(await fixture.runStore.readRun(runId)).toMatchObject({ actingUser: 'Ana', resyncId });
          expect(await fixture.runStore.readItems(runId, { states: ['planned'], limit: 9 })).toMatchObject([
            { rdsPropertyId: id, expected: items[0]?.expected },
          ]);
        }
      });

      it('keeps the first plan', async () => {
        const resyncId = await createdId();
        const { plan } = await planned(resyncId);
        const second = await planned(resyncId);
        expect(await store.readResync(resyncId)).toMatchObject({ planId: plan.planId });
        expect(await fixture.runStore.readPlan(second.plan.planId)).toBeUndefined();
      });

      it('keeps one plan of two attempts at once', async () => {
        const resyncId = await createdId();
        await Promise.all([planned(resyncId), planned(resyncId)]);
        expect(await store.readResync(resyncId)).toMatchObject({ runIds: { length: 2 } });
      });

      it('stores nothing of a plan that cannot be stored whole', async () => {
        const resyncId = await createdId();
        const plan = aPlan({ groupKey });
        const run = aRun(plan.planId, { kind: 'resync', resyncId });
        const saving = store.savePlan(resyncId, {
          plan,
          items: [aPlanItem(0), aPlanItem(0)],
          runs: [run],
          members: [member],
        });
        await expect(saving).rejects.toThrow('plan_item_pkey');
        expect(await fixture.runStore.readPlan(plan.planId)).toBeUndefined();
        expect(await store.readResync(resyncId)).toMatchObject({ planId: null, members: [] });
      });

      it('follows the group that was planned', async () => {
        const resyncId = await createdId();
        await planned(resyncId, { groupKey: `${groupKey}-now` });
        expect(await store.readResync(resyncId)).toMatchObject({ groupKey: `${groupKey}-now` });
      });

      it('is read back once nothing is left to send', async () => {
        const resyncId = await createdId();
        const { runs } = await planned(resyncId);
        const end = (index: number, id: string) =>
          fixture.runStore.updateItems(runs[index]?.runId ?? '', [{ rdsPropertyId: id, state: 'accepted' }]);
        await end(1, 'property-0');
        expect(await store.readResync(resyncId)).toMatchObject({ stage: 'writing' });
        await end(0, 'property-1');
        expect(await store.readResync(resyncId)).toMatchObject({ stage: 'verifying' });
      });
    });

    // Last: from here on the queue gives work out.
    it('puts in one piece of work for each resync, and gives out the urgent ones first', async () => {
      const other = await openFixture();
      try {
        const create = async (values: Partial<Resync>): Promise<string> =>
          (await other.resyncStore.createResync(aResync(values), aRequest())).resync.resyncId;
        const background = await create({ groupKey: 'one' });
        const raised = await create({ groupKey: 'two' });
        await create({ groupKey: 'two', urgency: 'urgent' });
        const urgent = await create({ groupKey: 'three', urgency: 'urgent' });
        const given: QueuedWork[] = [];
        const last = await create({ groupKey: 'four' });
        await new Promise<void>((resolve) => {
          void other.runQueue.work((work) => {
            given.push(work);
            if (given.length === 4) resolve();
            return Promise.resolve();
          });
        });
        expect(given.slice(0, 2)).toEqual(
          expect.arrayContaining([raised, urgent].map((id) => ({ kind: 'resync', id }))),
        );
        expect(given.slice(2)).toEqual(
          expect.arrayContaining([background, last].map((id) => ({ kind: 'resync', id }))),
        );
      } finally {
        await other.remove();
      }
    });
  });
}
