import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { uuidv7 } from 'uuidv7';
import type {
  Operation,
  Plan,
  Run,
  RunItemState,
  SyncEvent,
} from '../../../middleware/src/contracts/index.ts';
import type { Clock } from '../../../middleware/src/ports/clock.ts';
import type { ItemUpdate, PlanItem, RunStore } from '../../../middleware/src/ports/runStore.ts';
import { aPlan, aPlanItem, aRequest, aRun, noCounts } from './ledger.ts';

/** A store of its own for one suite, and how it goes away. */
export interface StoreFixture {
  readonly runStore: RunStore;
  /** Business time, far from the machine's; it ticks with each look. */
  readonly clock: Clock;
  remove(): Promise<void>;
}

const range = (count: number): number[] => Array.from({ length: count }, (_, index) => index);

/** What every store owes to the engine. */
export function describeRunStore(name: string, openFixture: () => Promise<StoreFixture>): void {
  describe(`run store on ${name}`, () => {
    let fixture: StoreFixture;
    let store: RunStore;
    const started: string[] = [];

    beforeAll(async () => {
      fixture = await openFixture();
      store = fixture.runStore;
    });
    afterEach(async () => {
      for (const runId of started.splice(0)) await store.updateRun(runId, { state: 'canceled' });
    });
    afterAll(() => fixture.remove());

    const givenPlan = async (items: readonly PlanItem[] = []): Promise<Plan> => {
      const { plan } = await store.createPlan(aPlan(), aRequest());
      await store.appendPlanItems(plan.planId, items);
      return plan;
    };
    const givenRun = async (itemCount: number, values: Partial<Run> = {}): Promise<Run> => {
      const plan = await givenPlan(range(itemCount).map((ordinal) => aPlanItem(ordinal)));
      const { run } = await store.createRun(aRun(plan.planId, values), aRequest());
      started.push(run.runId);
      return run;
    };
    const readAll = async (planId: string, operation: Operation): Promise<PlanItem[]> => {
      const items: PlanItem[] = [];
      for await (const page of store.streamPlanItems(planId, operation)) items.push(...page);
      return items;
    };
    const item = async (runId: string, ordinal: number) => {
      const [found] = await store.readItemsByKey(runId, [`property-${ordinal}`]);
      if (found === undefined) throw new Error(`Run ${runId} has no item ${ordinal}.`);
      return found;
    };
    const send = (runId: string, ordinals: readonly number[], batchNumber = 1) =>
      store.saveIntent(
        { runId, batchNumber, channel: 'collection', jobId: null, isDone: false },
        ordinals.map((ordinal) => ({ rdsPropertyId: `property-${ordinal}`, before: null })),
      );
    const settle = (runId: string, ordinals: readonly number[], change: Omit<ItemUpdate, 'rdsPropertyId'>) =>
      store.updateItems(
        runId,
        ordinals.map((ordinal) => ({ rdsPropertyId: `property-${ordinal}`, ...change })),
      );

    describe('what is on its way', () => {
      it('gives no second intent to a property that a running run has sent', async () => {
        const first = await givenRun(2, { state: 'running', kind: 'resync' });
        const second = await givenRun(2, { state: 'running', kind: 'resync' });
        expect(await send(first.runId, [0])).toEqual([]);
        expect(await send(second.runId, [0, 1])).toEqual(['property-0']);
        expect(await item(second.runId, 0)).toMatchObject({ state: 'planned', attempts: 0 });
        expect(await item(second.runId, 1)).toMatchObject({ state: 'sent', attempts: 1 });
      });

      it('gives none while the other run stands still or waits to go on', async () => {
        const first = await givenRun(1, { state: 'running', kind: 'resync' });
        const second = await givenRun(1, { state: 'running', kind: 'resync' });
        await send(first.runId, [0]);
        for (const state of ['paused', 'queued'] as const) {
          await store.updateRun(first.runId, { state });
          expect(await send(second.runId, [0])).toEqual(['property-0']);
        }
      });

      it('gives it once the other run has settled, or has ended', async () => {
        const first = await givenRun(2, { state: 'running', kind: 'resync' });
        const second = await givenRun(2, { state: 'running', kind: 'resync' });
        await send(first.runId, [0, 1]);
        await settle(first.runId, [0], { state: 'accepted', stagingId: 'a13' });
        expect(await send(second.runId, [0, 1])).toEqual(['property-1']);
        await store.updateRun(first.runId, { state: 'failed' });
        expect(await send(second.runId, [1], 2)).toEqual([]);
      });

      it('gives one of two intents at the same moment', async () => {
        const runs = [
          await givenRun(1, { state: 'running', kind: 'resync' }),
          await givenRun(1, { state: 'running', kind: 'resync' }),
        ];
        const held = await Promise.all(runs.map(({ runId }) => send(runId, [0])));
        expect(held.flat()).toEqual(['property-0']);
      });
    });

    describe('plans', () => {
      it('finds no built plan while the first is being built', async () => {
        await givenPlan();
        expect(await store.latestBuiltPlan()).toBeUndefined();
      });

      it('gives back a plan as it was stored', async () => {
        const plan = aPlan({
          state: 'ready',
          stage: 'hashing',
          builtAt: '2026-01-05T12:00:01.234Z',
          businessTime: '2026-01-05T12:00:00.000Z',
          guards: [
            {
              guard: 'volume',
              isTripped: false,
              isReleasable: true,
              measured: 0.5,
              limit: 1,
              detail: 'O’Hara "quoted"',
            },
          ],
          cohortHashes: { create: 'a', update: 'b' },
          viewHashes: { properties_to_create: 'c' },
          mirrorWatermark: '2026-01-05T11:59:59.000+0000',
          timingsMs: { mirror: 12.5 },
          error: { code: 'PLAN_FAILED', message: 'm', action: 'a', details: ['one', 'two'] },
        });
        expect(await store.createPlan(plan, aRequest())).toEqual({ plan, isNew: true });
        expect(await store.readPlan(plan.planId)).toEqual(plan);
      });

      it('knows no plan that was never made', async () => {
        expect(await store.readPlan(uuidv7())).toBeUndefined();
      });

      it('changes what a patch names, null included, and nothing else', async () => {
        const { planId } = await givenPlan();
        await store.updatePlan(planId, { stage: 'mirror', timingsMs: { mirror: 1 }, planHash: 'h' });
        await store.updatePlan(planId, { stage: null, state: 'ready' });
        expect(await store.readPlan(planId)).toMatchObject({
          stage: null,
          state: 'ready',
          timingsMs: { mirror: 1 },
          planHash: 'h',
        });
      });

      it('refuses to change a plan that does not exist', async () => {
        await expect(store.updatePlan(uuidv7(), { stage: 'mirror' })).rejects.toThrow('There is no plan');
      });

      it('finds the plan built last, whatever its guards said, and none that was not built', async () => {
        const last = aPlan({
          createdAt: '2099-01-01T00:00:00.000Z',
          builtAt: '2099-01-01T02:00:00.000Z',
          state: 'blocked',
        });
        const builtEarlier = aPlan({
          createdAt: '2099-01-01T00:30:00.000Z',
          builtAt: '2099-01-01T01:00:00.000Z',
          state: 'ready',
        });
        const building = aPlan({ createdAt: '2099-01-02T00:00:00.000Z' });
        const failed = aPlan({ createdAt: '2099-01-03T00:00:00.000Z', state: 'failed' });
        for (const plan of [last, builtEarlier, building, failed]) await store.createPlan(plan, aRequest());
        expect(await store.latestBuiltPlan()).toMatchObject({ planId: last.planId });
      });

      it('streams the items of one operation in order of ordinal, over pages', async () => {
        const creates = range(2500).map((ordinal) => aPlanItem(ordinal));
        const update = aPlanItem(0, {
          rdsPropertyId: 'property-u',
          operation: 'update',
          stagingId: 'a13000000000001AAA',
          priority: 'P1',
          changes: [{ field: 'Name', from: null, to: 'Maple Court' }],
          warnings: ['TIE'],
          expected: {
            Name: 'Maple "Court"',
            Postal_Code__c: null,
            Active_Property_Count__c: 0,
            Flag__c: true,
          },
        });
        const { planId } = await givenPlan([...creates.slice(1000), ...creates.slice(0, 1000), update]);
        const pages: PlanItem[][] = [];
        for await (const page of store.streamPlanItems(planId, 'create')) pages.push(page);
        expect(pages.flat()).toEqual(creates);
        expect(Math.max(...pages.map((page) => page.length))).toBeLessThanOrEqual(1000);
        expect(await readAll(planId, 'update')).toEqual([update]);
      });

      it('lets the reader of a page write before it takes the next', async () => {
        const { planId } = await givenPlan(range(1001).map((ordinal) => aPlanItem(ordinal)));
        let seen = 0;
        for await (const page of store.streamPlanItems(planId, 'create')) {
          seen += page.length;
          await store.updatePlan(planId, { timingsMs: { seen } });
        }
        expect(await store.readPlan(planId)).toMatchObject({ timingsMs: { seen: 1001 } });
      });

      it('forgets the items of an interrupted building', async () => {
        const { planId } = await givenPlan([aPlanItem(0)]);
        await store.clearPlanItems(planId);
        await store.appendPlanItems(planId, [aPlanItem(0), aPlanItem(1)]);
        expect(await readAll(planId, 'create')).toHaveLength(2);
      });
    });

    describe('requests that come again', () => {
      it('answers the same key and body with the first plan', async () => {
        const request = aRequest();
        const first = await store.createPlan(aPlan(), request);
        expect(await store.createPlan(aPlan(), request)).toEqual({ plan: first.plan, isNew: false });
      });

      it('refuses a key that came with another body', async () => {
        const request = aRequest();
        await store.createPlan(aPlan(), request);
        await expect(store.createPlan(aPlan(), { ...request, bodyHash: 'other' })).rejects.toMatchObject({
          code: 'IDEMPOTENCY_KEY_REUSED',
        });
      });

      it('refuses the key of a plan for a run', async () => {
        const request = aRequest();
        const { plan } = await store.createPlan(aPlan(), request);
        await expect(store.createRun(aRun(plan.planId), request)).rejects.toMatchObject({
          code: 'IDEMPOTENCY_KEY_REUSED',
        });
      });

      it('makes one plan of many requests at once', async () => {
        const request = aRequest();
        const answers = await Promise.all(range(10).map(() => store.createPlan(aPlan(), request)));
        expect(new Set(answers.map(({ plan }) => plan.planId)).size).toBe(1);
        expect(answers.filter(({ isNew }) => isNew)).toHaveLength(1);
      });

      it('makes one run of many requests at once, and never answers a conflict with itself', async () => {
        const plan = await givenPlan([aPlanItem(0)]);
        const request = aRequest();
        const answers = await Promise.all(range(10).map(() => store.createRun(aRun(plan.planId), request)));
        started.push(...answers.slice(0, 1).map(({ run }) => run.runId));
        expect(new Set(answers.map(({ run }) => run.runId)).size).toBe(1);
        expect(answers.filter(({ isNew }) => isNew)).toHaveLength(1);
      });
    });

    describe('runs', () => {
      it('gives every plan item of its operation a planned item', async () => {
        const update = aPlanItem(0, { rdsPropertyId: 'property-u', operation: 'update', warnings: ['TIE'] });
        const plan = await givenPlan([...range(3).map((ordinal) => aPlanItem(ordinal)), update]);
        const made = aRun(plan.planId, { sync: 'B', kind: 'update' });
        const { run, isNew } = await store.createRun(made, aRequest());
        started.push(run.runId);
        expect({ run, isNew }).toEqual({
          run: { ...made, counts: { ...noCounts, planned: 1, waiting: 1 } },
          isNew: true,
        });
        expect(await store.readItems(run.runId, { states: ['planned'], limit: 10 })).toEqual([
          {
            runId: run.runId,
            rdsPropertyId: 'property-u',
            ordinal: 0,
            operation: 'update',
            state: 'planned',
            stagingId: null,
            groupKey: 'group-0',
            expected: update.expected,
            changes: [],
            attempts: 0,
            wasCreated: null,
            before: null,
            after: null,
            systemModstampBefore: null,
            systemModstampAfter: null,
            error: null,
            warnings: ['TIE'],
            sentAt: null,
            acceptedAt: null,
            endedAt: null,
          },
        ]);
      });

      it('knows no run that was never made', async () => {
        expect(await store.readRun(uuidv7())).toBeUndefined();
      });

      it.each(['queued', 'running', 'paused'] as const)(
        'refuses a second run beside one that is %s',
        async (state) => {
          const first = await givenRun(1);
          await store.updateRun(first.runId, { state });
          const request = aRequest();
          await expect(store.createRun(aRun(first.planId), request)).rejects.toMatchObject({
            code: 'RUN_CONFLICT',
            message: expect.stringContaining(first.runId) as unknown,
          });
          // The refused request left nothing: its key is free for the same request later.
          await store.updateRun(first.runId, { state: 'succeeded' });
          const later = await store.createRun(aRun(first.planId), request);
          started.push(later.run.runId);
          expect(later.isNew).toBe(true);
        },
      );

      it('makes one run of many different requests at once', async () => {
        const plan = await givenPlan([aPlanItem(0)]);
        const answers = await Promise.allSettled(
          range(5).map(() => store.createRun(aRun(plan.planId), aRequest())),
        );
        const made = answers.flatMap((answer) =>
          answer.status === 'fulfilled' ? [answer.value.run.runId] : [],
        );
        started.push(...made);
        expect(made).toHaveLength(1);
        for (const answer of answers) {
          if (answer.status === 'rejected') expect(answer.reason).toMatchObject({ code: 'RUN_CONFLICT' });
        }
      });

      it('lets the two syncs have a run each', async () => {
        const a = await givenRun(1);
        const b = await store.createRun(aRun(a.planId, { sync: 'B', kind: 'update' }), aRequest());
        started.push(b.run.runId);
        expect(b.isNew).toBe(true);
      });

      it('changes what a patch names and nothing else', async () => {
        const run = await givenRun(1);
        await store.updateRun(run.runId, {
          state: 'running',
          startedAt: '2026-01-05T12:00:00.000Z',
          stage: 'sending',
        });
        expect(await store.readRun(run.runId)).toEqual({
          ...run,
          state: 'running',
          startedAt: '2026-01-05T12:00:00.000Z',
          stage: 'sending',
        });
      });

      it('keeps an ended run for the warehouse until its audit is complete, oldest first', async () => {
        const first = await givenRun(1);
        await store.endRun(first.runId, { state: 'succeeded', endedAt: '2026-01-05T12:01:00.000Z' });
        const second = await givenRun(1);
        await store.endRun(second.runId, { state: 'failed' });
        expect(await store.readRun(first.runId)).toMatchObject({
          state: 'succeeded',
          endedAt: '2026-01-05T12:01:00.000Z',
        });
        expect(await store.pendingAudits(10)).toEqual([first.runId, second.runId]);
        expect(await store.pendingAudits(1)).toEqual([first.runId]);
        await store.completeAudit(first.runId);
        expect(await store.pendingAudits(10)).toEqual([second.runId]);
        await store.completeAudit(second.runId);
      });

      it('leaves a run that has ended as it is, and queues no second audit of it', async () => {
        const run = await givenRun(1);
        await store.endRun(run.runId, { state: 'succeeded', endedAt: '2026-01-05T12:01:00.000Z' });
        await store.completeAudit(run.runId);
        await store.endRun(run.runId, { state: 'failed', endedAt: '2026-01-05T12:02:00.000Z' });
        expect(await store.readRun(run.runId)).toMatchObject({
          state: 'succeeded',
          endedAt: '2026-01-05T12:01:00.000Z',
        });
        expect(await store.pendingAudits(10)).toEqual([]);
      });
    });

    describe('lists', () => {
      it('gives plans newest first, after one of them, without those of resyncs', async () => {
        const plans = [await givenPlan(), await givenPlan(), await givenPlan()];
        await store.createPlan(aPlan({ groupKey: 'a01000000000001AAA' }), aRequest());
        const ids = plans.map(({ planId }) => planId).reverse();
        const page = await store.listPlans({ limit: 2 });
        expect(page.map(({ planId }) => planId)).toEqual(ids.slice(0, 2));
        const [next] = await store.listPlans({ limit: 1, afterId: ids[1] ?? '' });
        expect(next).toEqual(plans[0]);
      });

      it('gives the items of a plan creates first, of one operation, and after one of them', async () => {
        const items = (['create', 'update'] as const).flatMap((operation) =>
          range(2).map((ordinal) =>
            aPlanItem(ordinal, { rdsPropertyId: `property-${operation}-${ordinal}`, operation }),
          ),
        );
        const { planId } = await givenPlan(items.toReversed());
        expect(await store.listPlanItems(planId, { limit: 10 })).toEqual(items);
        expect(await store.listPlanItems(planId, { limit: 1, operation: 'update' })).toEqual([items[2]]);
        const after = { operation: 'create', ordinal: 1 } as const;
        expect(await store.listPlanItems(planId, { limit: 10, after })).toEqual(items.slice(2));
        expect(await store.listPlanItems(planId, { limit: 10, after, operation: 'create' })).toEqual([]);
      });

      it('gives runs newest first with their counts, by state and sync, after one of them', async () => {
        const a = await givenRun(2);
        const b = await givenRun(0, { sync: 'B', kind: 'update' });
        await store.updateRun(a.runId, { state: 'succeeded' });
        const ids = async (options: Parameters<RunStore['listRuns']>[0]) =>
          (await store.listRuns(options)).map(({ runId }) => runId);
        expect(await store.listRuns({ limit: 2 })).toEqual([b, { ...a, state: 'succeeded' }]);
        expect(await ids({ limit: 1 })).toEqual([b.runId]);
        expect(await ids({ limit: 1, afterId: b.runId })).toEqual([a.runId]);
        expect(await ids({ limit: 1, sync: 'A' })).toEqual([a.runId]);
        expect(await ids({ limit: 9, states: ['queued'] })).toEqual([b.runId]);
      });

      it('finds the run of a sync that has not ended', async () => {
        expect(await store.openRunOf('A')).toBeUndefined();
        const run = await givenRun(1);
        await store.updateRun(run.runId, { state: 'paused' });
        expect(await store.openRunOf('A')).toMatchObject({ runId: run.runId, state: 'paused' });
        expect(await store.openRunOf('B')).toBeUndefined();
      });
    });

    describe('changes of a run', () => {
      const anEvent = (subject: string, at = '2026-01-05T12:00:00.000Z'): SyncEvent => ({
        eventId: uuidv7(),
        kind: 'runPaused',
        subject,
        actor: 'tester',
        reason: 'because',
        at,
      });
      const asked = (kind: 'pause' | 'cancel') =>
        ({ kind, at: '2026-01-05T12:00:00.000Z', by: 'tester', reason: 'because' }) as const;
      const pause = {
        cause: 'asked',
        at: '2026-01-05T12:00:00.000Z',
        by: 'tester',
        reason: 'because',
      } as const;
      const carryAll = async () =>
        store.completeEvents((await store.pendingEvents(100)).map(({ eventId }) => eventId));

      it('are stored with their event, and answered', async () => {
        const run = await givenRun(1);
        const event = anEvent(run.runId);
        const moved = await store.moveRun(run.runId, ['queued'], { state: 'paused', pause }, event);
        expect(moved).toEqual({ ...run, state: 'paused', pause });
        expect(await store.readRun(run.runId)).toEqual(moved);
        expect(await store.pendingEvents(10)).toEqual([event]);
        await carryAll();
      });

      it('are not made from another state, and leave no event', async () => {
        const run = await givenRun(1);
        const patch = { state: 'queued', pause: null } as const;
        expect(
          await store.moveRun(run.runId, ['paused', 'running'], patch, anEvent(run.runId)),
        ).toBeUndefined();
        expect(await store.moveRun(uuidv7(), ['queued'], patch, anEvent(run.runId))).toBeUndefined();
        expect(await store.readRun(run.runId)).toEqual(run);
        expect(await store.pendingEvents(10)).toEqual([]);
      });

      it('are made by one of many at once', async () => {
        const { runId } = await givenRun(1);
        const answers = await Promise.all(
          range(5).map(() => store.moveRun(runId, ['queued'], { state: 'paused' }, anEvent(runId))),
        );
        expect(answers.filter((answer) => answer !== undefined)).toHaveLength(1);
        expect(await store.pendingEvents(10)).toHaveLength(1);
        await carryAll();
      });

      it('are not made once something else is asked of the run', async () => {
        const { runId } = await givenRun(1);
        const ask = (kind: 'pause' | 'cancel', stopKind: 'pause' | 'cancel' | null) =>
          store.moveRun(runId, ['queued'], { stopRequest: asked(kind) }, null, { stopKind });
        expect(await ask('pause', 'cancel')).toBeUndefined();
        expect(await ask('pause', null)).toMatchObject({ stopRequest: asked('pause') });
        expect(await ask('pause', null)).toBeUndefined();
        expect(await ask('cancel', 'pause')).toMatchObject({ stopRequest: asked('cancel') });
        expect(await store.moveRun(runId, ['queued'], { stopRequest: null }, null)).toMatchObject({
          stopRequest: null,
        });
      });

      it('that end it skip what was not sent and queue the audit', async () => {
        const { runId } = await givenRun(3);
        await send(runId, [1]);
        await settle(runId, [1], { state: 'verified' });
        const skip = { class: 'notSent', code: 'CANCELED', message: 'Not sent.', fields: [] } as const;
        const endedAt = '2026-01-05T12:30:00.000Z';
        const moved = await store.moveRun(runId, ['queued'], { state: 'canceled', endedAt }, null, {
          skip: { ...skip, fields: [] },
        });
        expect(moved).toMatchObject({ state: 'canceled', counts: { verified: 1, skipped: 2, waiting: 0 } });
        expect(await item(runId, 0)).toMatchObject({ state: 'skipped', error: skip, endedAt });
        expect(await item(runId, 1)).toMatchObject({ state: 'verified', error: null });
        expect(await store.pendingAudits(10)).toEqual([runId]);
        await store.completeAudit(runId);
      });

      it('give their events out oldest first until they are complete', async () => {
        const { runId } = await givenRun(0);
        const later = anEvent(runId, '2026-01-05T12:00:02.000Z');
        const earlier = anEvent(runId, '2026-01-05T12:00:01.000Z');
        for (const event of [later, earlier]) {
          await store.moveRun(runId, ['queued'], { stage: null }, event);
        }
        expect(await store.pendingEvents(10)).toEqual([earlier, later]);
        expect(await store.pendingEvents(1)).toEqual([earlier]);
        await store.completeEvents([earlier.eventId]);
        await store.completeEvents([]);
        expect(await store.pendingEvents(10)).toEqual([later]);
        await carryAll();
        expect(await store.pendingEvents(10)).toEqual([]);
      });
    });

    describe('a hold', () => {
      const verified = [{ rdsPropertyId: 'property-0', state: 'verified' }] as const;
      const intent = [{ rdsPropertyId: 'property-1', before: null }];
      const batch = { batchNumber: 1, channel: 'bulk', jobId: null, isDone: false } as const;
      it.each<[string, (runId: string, hold: number) => Promise<unknown>]>([
        [
          'assertHeld, and whoever has it',
          async (runId, hold) => {
            await store.assertHeld(runId, hold);
            await store.updateRun(runId, { stage: 'x' });
          },
        ],
        ['moveRun', (runId, hold) => store.moveRun(runId, ['running'], { stage: 'x' }, null, { hold })],
        ['updateRun', (runId, hold) => store.updateRun(runId, { stage: 'x' }, hold)],
        ['updateItems', (runId, hold) => store.updateItems(runId, verified, hold)],
        ['saveIntent', (runId, hold) => store.saveIntent({ ...batch, runId }, intent, hold)],
        ['saveJob', (runId, hold) => store.saveJob(runId, 1, 'job', hold)],
        ['saveOutcomes', (runId, hold) => store.saveOutcomes(runId, 1, verified, { isDone: true, hold })],
        ['endRun', (runId, hold) => store.endRun(runId, { state: 'canceled' }, hold)],
      ])('that somebody else has taken stores nothing: %s', async (_, write) => {
        const { runId } = await givenRun(2, { state: 'running' });
        await send(runId, [0]);
        const earlier = await store.holdRun(runId);
        const hold = await store.holdRun(runId);
        const all = async (): Promise<unknown> => [
          await store.readRun(runId),
          await item(runId, 0),
          await item(runId, 1),
          await store.openBatches(runId),
          await store.pendingAudits(10),
        ];
        const before = await all();
        await expect(write(runId, earlier)).rejects.toMatchObject({ code: 'RUN_CONFLICT' });
        expect(await all()).toEqual(before);
        await write(runId, hold);
        expect(await all()).not.toEqual(before);
        await store.completeAudit(runId);
      });

      it.each<[string, (planId: string, hold: number) => Promise<unknown>]>([
        ['updatePlan', (planId, hold) => store.updatePlan(planId, { stage: 'x' }, hold)],
        ['clearPlanItems', (planId, hold) => store.clearPlanItems(planId, hold)],
        ['appendPlanItems', (planId, hold) => store.appendPlanItems(planId, [aPlanItem(1)], hold)],
      ])('of a plan that somebody else has taken stores nothing: %s', async (_, write) => {
        const { planId } = await givenPlan([aPlanItem(0)]);
        const earlier = await store.holdPlan(planId);
        const hold = await store.holdPlan(planId);
        const all = async (): Promise<unknown> => [
          await store.readPlan(planId),
          await store.listPlanItems(planId, { limit: 10 }),
        ];
        const before = await all();
        await expect(write(planId, earlier)).rejects.toMatchObject({ code: 'RUN_CONFLICT' });
        expect(await all()).toEqual(before);
        await write(planId, hold);
        expect(await all()).not.toEqual(before);
        await expect(store.holdPlan(uuidv7())).rejects.toThrow('There is no plan');
      });

      it('is of one run, and hides nothing of it', async () => {
        const first = await givenRun(1, { kind: 'resync' });
        const second = await givenRun(1, { kind: 'resync' });
        const hold = await store.holdRun(first.runId);
        await store.holdRun(second.runId);
        await store.holdRun(second.runId);
        await store.updateRun(first.runId, { stage: 'x' }, hold);
        expect(await store.readRun(first.runId)).toEqual({ ...first, stage: 'x' });
        expect(await store.listRuns({ limit: 1 })).toEqual([second]);
        await expect(store.holdRun(uuidv7())).rejects.toThrow('There is no run');
      });

      it('is taken by one after the other', async () => {
        const { runId } = await givenRun(1);
        const holds = await Promise.all(range(5).map(() => store.holdRun(runId)));
        expect(new Set(holds).size).toBe(5);
      });
    });

    describe('items', () => {
      it('reads items of the asked states in order, after an ordinal, up to a limit', async () => {
        const { runId } = await givenRun(6);
        await send(runId, [1, 4]);
        const ordinals = async (states: RunItemState[], limit: number, afterOrdinal?: number) => {
          const after = afterOrdinal === undefined ? {} : { afterOrdinal };
          return (await store.readItems(runId, { states, limit, ...after })).map(({ ordinal }) => ordinal);
        };
        expect(await ordinals(['planned'], 3)).toEqual([0, 2, 3]);
        expect(await ordinals(['planned'], 3, 0)).toEqual([2, 3, 5]);
        expect(await ordinals(['planned', 'sent'], 10, 3)).toEqual([4, 5]);
        expect(await ordinals(['verified'], 10)).toEqual([]);
      });

      it('reads items by key in order, without those it does not have', async () => {
        const { runId } = await givenRun(3);
        const items = await store.readItemsByKey(runId, ['property-2', 'property-9', 'property-0']);
        expect(items.map(({ ordinal }) => ordinal)).toEqual([0, 2]);
        expect(await store.readItemsByKey(runId, [])).toEqual([]);
      });

      it('stores the intent: before-image, one more attempt, the batch and the business time', async () => {
        const { runId } = await givenRun(3);
        const from = fixture.clock.now();
        const before = { Name: 'Old "name"', Active_Property_Count__c: 2, Postal_Code__c: null };
        await store.saveIntent({ runId, batchNumber: 1, channel: 'collection', jobId: null, isDone: false }, [
          { rdsPropertyId: 'property-2', before, systemModstampBefore: '2026-01-05T11:00:00.000+0000' },
          { rdsPropertyId: 'property-0', before: null },
        ]);
        const [first, second] = await store.readBatchItems(runId, 1);
        expect(first).toMatchObject({ ordinal: 0, state: 'sent', attempts: 1, before: null, endedAt: null });
        expect(second).toMatchObject({
          ordinal: 2,
          before,
          systemModstampBefore: '2026-01-05T11:00:00.000+0000',
        });
        const sentAt = Date.parse(first?.sentAt ?? '');
        expect(sentAt).toBeGreaterThan(from.getTime());
        expect(sentAt).toBeLessThan(fixture.clock.now().getTime());
        await send(runId, [0], 2);
        expect(await item(runId, 0)).toMatchObject({ attempts: 2 });
        expect((await store.readBatchItems(runId, 2)).map(({ ordinal }) => ordinal)).toEqual([0]);
      });

      it('sets the business times of the states it enters, once', async () => {
        const { runId } = await givenRun(1);
        const from = fixture.clock.now();
        await send(runId, [0]);
        await settle(runId, [0], { state: 'accepted', wasCreated: true, stagingId: 'a13000000000001AAA' });
        const accepted = await item(runId, 0);
        expect(accepted.acceptedAt).not.toBeNull();
        expect(accepted.endedAt).toBeNull();
        await settle(runId, [0], { state: 'accepted' });
        expect(await item(runId, 0)).toEqual(accepted);
        await settle(runId, [0], { state: 'verified', after: { Name: 'x' } });
        const verified = await item(runId, 0);
        expect(verified).toMatchObject({
          acceptedAt: accepted.acceptedAt,
          sentAt: accepted.sentAt,
          after: { Name: 'x' },
        });
        const times = [verified.sentAt, verified.acceptedAt, verified.endedAt].map((at) =>
          Date.parse(at ?? ''),
        );
        const bounds = [from, fixture.clock.now()].map((at) => at.getTime());
        expect([bounds[0], ...times, bounds[1]]).toEqual([...bounds, ...times].sort((a, b) => a - b));
      });

      it.each(['verified', 'failed', 'quarantined', 'skipped'] as const)(
        'never changes an item that is %s',
        async (state) => {
          const { runId } = await givenRun(1);
          await send(runId, [0]);
          await settle(runId, [0], { state, before: { Name: 'first' } });
          const ended = await item(runId, 0);
          await settle(runId, [0], { state: 'accepted', before: { Name: 'second' } });
          await settle(runId, [0], { state: state === 'failed' ? 'skipped' : 'failed' });
          await send(runId, [0], 2);
          expect(await item(runId, 0)).toEqual(ended);
        },
      );

      it('tells absent from null', async () => {
        const { runId } = await givenRun(1);
        const error = { class: 'transient', code: 'X', message: 'm', fields: ['Name'] } as const;
        const given = { before: { Name: 'b' }, after: { Name: 'a' }, systemModstampAfter: 's' };
        await settle(runId, [0], { ...given, error: { ...error, fields: ['Name'] } });
        await settle(runId, [0], { stagingId: 'a13000000000001AAA' });
        expect(await item(runId, 0)).toMatchObject({ ...given, error, stagingId: 'a13000000000001AAA' });
        await settle(runId, [0], { before: null, after: null, systemModstampAfter: null, error: null });
        expect(await item(runId, 0)).toMatchObject({
          before: null,
          after: null,
          systemModstampAfter: null,
          error: null,
          stagingId: 'a13000000000001AAA',
        });
      });

      it('refuses a change to an item it does not have, and then changes nothing', async () => {
        const { runId } = await givenRun(1);
        await expect(settle(runId, [0, 7], { state: 'failed' })).rejects.toThrow('has no item property-7');
        expect(await item(runId, 0)).toMatchObject({ state: 'planned' });
      });

      it('changes thousands of items in one call', async () => {
        const { runId } = await givenRun(2500);
        await send(runId, range(2500));
        await settle(runId, range(2500), { state: 'accepted', wasCreated: true });
        expect(await store.countItems(runId)).toMatchObject({
          planned: 2500,
          attempted: 2500,
          created: 2500,
        });
      });

      it('counts what became of the items', async () => {
        const { runId } = await givenRun(9);
        await send(runId, range(8));
        await settle(runId, [0, 1], { state: 'accepted', wasCreated: true });
        await settle(runId, [2], { state: 'accepted', wasCreated: false });
        await settle(runId, [0], { state: 'verified' });
        // Accepted by Salesforce, then found to differ.
        await settle(runId, [2], { state: 'failed' });
        await settle(runId, [3], { state: 'failed' });
        await settle(runId, [4], { state: 'quarantined' });
        await settle(runId, [5], { state: 'skipped' });
        await settle(runId, [6], { state: 'unknown' });
        const counts = {
          planned: 9,
          attempted: 8,
          written: 3,
          created: 2,
          updated: 1,
          verified: 1,
          failed: 2,
          quarantined: 1,
          skipped: 1,
          unknown: 1,
          waiting: 1,
        };
        expect(await store.countItems(runId)).toEqual(counts);
        expect(await store.readRun(runId)).toMatchObject({ counts });
      });
    });

    describe('batches', () => {
      it('numbers them from 1 and knows those that are not done', async () => {
        const { runId } = await givenRun(4);
        expect(await store.nextBatchNumber(runId)).toBe(1);
        await send(runId, [0], 1);
        await store.saveIntent({ runId, batchNumber: 2, channel: 'bulk', jobId: null, isDone: false }, [
          { rdsPropertyId: 'property-1' },
        ]);
        await store.saveJob(runId, 2, '750000000000001AAA');
        expect(await store.nextBatchNumber(runId)).toBe(3);
        await store.saveOutcomes(
          runId,
          1,
          [{ rdsPropertyId: 'property-0', state: 'accepted', wasCreated: true }],
          {
            isDone: true,
          },
        );
        expect(await store.openBatches(runId)).toEqual([
          { runId, batchNumber: 2, channel: 'bulk', jobId: '750000000000001AAA', isDone: false },
        ]);
        await store.saveOutcomes(runId, 2, [], { isDone: true });
        expect(await store.openBatches(runId)).toEqual([]);
        expect(await item(runId, 0)).toMatchObject({ state: 'accepted' });
      });

      it('refuses the job of a batch without an intent', async () => {
        const { runId } = await givenRun(1);
        await expect(store.saveJob(runId, 1, '750000000000001AAA')).rejects.toThrow('has no batch 1');
      });
    });

    it('counts what it holds, and the items of the runs created since', async () => {
      const before = await store.tally(new Date('2999-01-01T00:00:00.000Z'));
      const from = '2998-01-01T00:00:00.000Z';
      await givenPlan();
      const run = await givenRun(3, { createdAt: from });
      await send(run.runId, [0]);
      const after = await store.tally(new Date(from));
      expect(after.items).toEqual({ planned: 2, sent: 1 });
      expect(after.runs.queued).toBe((before.runs.queued ?? 0) + 1);
      // The plan of the run is being built, too.
      expect(after.buildingPlans).toBe(before.buildingPlans + 2);
      expect(before.items).toEqual({});
      expect(after.openResyncs).toEqual({});
    });

    it('says that it is ready and what it is', async () => {
      expect(await store.health()).toEqual({
        isReady: true,
        detail: expect.stringMatching(/^PostgreSQL \d+/),
      });
    });
  });
}
