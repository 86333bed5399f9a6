import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { sql } from 'kysely';
import { uuidv7 } from 'uuidv7';
import { createRetention, retentionDays } from '../../../middleware/src/adapters/store/createRetention.ts';
import { createRunStore } from '../../../middleware/src/adapters/store/createRunStore.ts';
import { openDatabase, type Database } from '../../../middleware/src/adapters/store/openDatabase.ts';
import type { WorkInbox } from '../../../middleware/src/adapters/store/openQueue.ts';
import type { Retention } from '../../../middleware/src/ports/retention.ts';
import type { RunStore } from '../../../middleware/src/ports/runStore.ts';
import { aPlan, aPlanItem, aRequest, aRun } from '../ports/ledger.ts';
import { storeLocations, type FreshLocation } from './storeLocations.ts';

const log = { warn: () => undefined, error: () => undefined };
const now = Date.parse('2026-01-05T12:00:00.000Z');
const clock = { now: () => new Date(now) };
const daysAgo = (days: number): string => new Date(now - days * 86_400_000).toISOString();
const nowhere: WorkInbox = {
  put: () => Promise.resolve(),
  raise: () => Promise.resolve(),
  wake: () => undefined,
};
const noTimetable = { set: () => Promise.resolve(), read: () => Promise.resolve(null) };

for (const [name, makeLocation] of storeLocations) {
  describe(`retention on ${name}`, () => {
    let fresh: FreshLocation;
    let database: Database;
    let store: RunStore;
    let retention: Retention;

    beforeAll(async () => {
      fresh = await makeLocation();
      database = await openDatabase(fresh.location, log);
      store = createRunStore(database, nowhere, clock);
      retention = createRetention(database.tables, noTimetable, clock);
    });
    afterAll(async () => {
      await database.close();
      await fresh.remove();
    });

    const givenPlan = async (ageDays: number, itemCount = 0): Promise<string> => {
      const at = daysAgo(ageDays);
      const { plan } = await store.createPlan(
        aPlan({ state: 'ready', createdAt: at, builtAt: at }),
        aRequest(),
      );
      await store.appendPlanItems(
        plan.planId,
        Array.from({ length: itemCount }, (_, index) => aPlanItem(index)),
      );
      return plan.planId;
    };
    const countItems = async (planId: string): Promise<number> => {
      let count = 0;
      for await (const page of store.streamPlanItems(planId, 'create')) count += page.length;
      return count;
    };
    /** A run of one record that has ended, with its audit carried. */
    const givenEndedRun = async (
      rdsPropertyId: string,
      {
        ageDays,
        state,
        isCarried = true,
      }: { ageDays: number; state: 'verified' | 'failed'; isCarried?: boolean },
    ): Promise<string> => {
      const planId = await givenPlan(ageDays);
      await store.appendPlanItems(planId, [aPlanItem(0, { rdsPropertyId })]);
      const { run } = await store.createRun(aRun(planId), aRequest());
      await store.updateItems(run.runId, [{ rdsPropertyId, state }]);
      await store.endRun(run.runId, { state: 'succeeded', endedAt: daysAgo(ageDays) });
      if (isCarried) await store.completeAudit(run.runId);
      return run.runId;
    };
    const hasItem = async (runId: string): Promise<boolean> =>
      (await store.readItems(runId, { states: ['verified', 'failed'], limit: 1 })).length > 0;

    it('deletes the items of old plans that no open run needs, however many there are', async () => {
      const old = await givenPlan(retentionDays.planItem + 1, 5_001);
      const young = await givenPlan(retentionDays.planItem - 1, 1);
      const needed = await givenPlan(retentionDays.planItem + 1, 1);
      const { run } = await store.createRun(aRun(needed), aRequest());
      expect(await retention.deleteExpired()).toMatchObject({ planItem: 5_001, plan: 0 });
      expect([await countItems(old), await countItems(young), await countItems(needed)]).toEqual([0, 1, 1]);
      await store.endRun(run.runId, { state: 'canceled', endedAt: daysAgo(0) });
      expect(await retention.deleteExpired()).toMatchObject({ planItem: 1 });
    });

    it('deletes old plans of which nothing was run, but not the one built last', async () => {
      const old = await givenPlan(retentionDays.planWithoutRun + 1);
      const withRun = await givenPlan(retentionDays.planWithoutRun + 1);
      const { run } = await store.createRun(aRun(withRun), aRequest());
      await store.endRun(run.runId, { state: 'canceled', endedAt: daysAgo(0) });
      const young = await givenPlan(retentionDays.planWithoutRun - 1);
      expect(await retention.deleteExpired()).toMatchObject({ plan: 1 });
      expect(await store.readPlan(old)).toBeUndefined();
      for (const planId of [withRun, young]) expect(await store.readPlan(planId)).toBeDefined();

      await sql`update plan set created_at = ${daysAgo(400)}::timestamptz, built_at = created_at`.execute(
        database.tables,
      );
      const last = await store.latestBuiltPlan();
      await retention.deleteExpired();
      expect(await store.latestBuiltPlan()).toMatchObject({ planId: last?.planId });
    });

    it('forgets requests after a week', async () => {
      const [old, young] = [aRequest(), aRequest()];
      for (const request of [old, young]) await store.createPlan(aPlan(), request);
      await sql`update idempotency set created_at = now() - interval '8 days' where key = ${old.key}`.execute(
        database.tables,
      );
      expect(await retention.deleteExpired()).toMatchObject({ idempotency: 1 });
      expect((await store.createPlan(aPlan(), young)).isNew).toBe(false);
      expect((await store.createPlan(aPlan(), old)).isNew).toBe(true);
    });

    it('deletes old items of runs that have a later verified one of the property', async () => {
      const ageDays = retentionDays.runItem + 1;
      const [replaced, alone, failedLater, waiting, young] = Array.from({ length: 5 }, () => uuidv7());
      const runs = {
        replaced: await givenEndedRun(replaced ?? '', { ageDays, state: 'verified' }),
        alone: await givenEndedRun(alone ?? '', { ageDays, state: 'verified' }),
        failedLater: await givenEndedRun(failedLater ?? '', { ageDays, state: 'verified' }),
        waiting: await givenEndedRun(waiting ?? '', { ageDays, state: 'verified', isCarried: false }),
        young: await givenEndedRun(young ?? '', { ageDays: ageDays - 2, state: 'verified' }),
      };
      for (const id of [replaced, waiting, young])
        await givenEndedRun(id ?? '', { ageDays: 0, state: 'verified' });
      await givenEndedRun(failedLater ?? '', { ageDays: 0, state: 'failed' });
      expect(await retention.deleteExpired()).toMatchObject({ runItem: 1 });
      const left: Record<string, boolean> = {};
      for (const [each, runId] of Object.entries(runs)) left[each] = await hasItem(runId);
      expect(left).toEqual({ replaced: false, alone: true, failedLater: true, waiting: true, young: true });
    });
  });
}
