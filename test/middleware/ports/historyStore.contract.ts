import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ItemError, Run } from '../../../middleware/src/contracts/index.ts';
import type { ItemUpdate, RunStore } from '../../../middleware/src/ports/runStore.ts';
import { aPlan, aPlanItem, aRequest, aRun } from './ledger.ts';
import type { StoreFixture } from './runStore.contract.ts';

const change = { field: 'Name', from: 'Maple', to: 'Maple Court' };
const error: ItemError = { class: 'permanentData', code: 'INVALID', message: 'Too long.', fields: ['Name'] };

/** What every store owes to those who ask about a property over all runs. */
export function describeHistoryStore(name: string, openFixture: () => Promise<StoreFixture>): void {
  describe(`history of properties on ${name}`, () => {
    let fixture: StoreFixture;
    let store: RunStore;
    /** Oldest first: an update of both, a create of both, an update of the first alone. */
    let runs: readonly [Run, Run, Run];

    const givenRun = async (
      ids: readonly string[],
      values: Partial<Run>,
      operation: 'create' | 'update' = 'create',
    ): Promise<Run> => {
      const { plan } = await store.createPlan(aPlan(), aRequest());
      await store.appendPlanItems(
        plan.planId,
        ids.map((rdsPropertyId, ordinal) =>
          aPlanItem(ordinal, { rdsPropertyId, operation, changes: operation === 'update' ? [change] : [] }),
        ),
      );
      const { run } = await store.createRun(
        aRun(plan.planId, { sync: operation === 'create' ? 'A' : 'B', kind: operation, ...values }),
        aRequest(),
      );
      return run;
    };
    const end = async (run: Run, updates: readonly ItemUpdate[]): Promise<void> => {
      await store.updateItems(run.runId, updates);
      await store.endRun(run.runId, { state: 'succeeded' });
    };

    beforeAll(async () => {
      fixture = await openFixture();
      store = fixture.runStore;
      const first = await givenRun(['one', 'two'], { trigger: 'schedule', actor: 'scheduler' }, 'update');
      await end(first, [
        { rdsPropertyId: 'one', state: 'verified', after: { Name: 'Maple Court' } },
        { rdsPropertyId: 'two', state: 'verified', after: { Name: 'Elm Court' } },
      ]);
      const second = await givenRun(['two', 'one', 'stranger'], { actingUser: 'Kim Operator' });
      await end(second, [
        { rdsPropertyId: 'one', state: 'quarantined', error },
        { rdsPropertyId: 'two', state: 'verified', wasCreated: true, after: { Name: 'Elm Court 2' } },
      ]);
      const third = await givenRun(['one'], {}, 'update');
      runs = [first, second, third];
    });
    afterAll(async () => {
      await store.updateRun(runs[2].runId, { state: 'canceled' });
      await fixture.remove();
    });

    it('lists the writes of these properties and of no other, newest run first', async () => {
      const entries = await store.listHistory(['two', 'one', 'never written'], { limit: 10 });
      expect(entries.map(({ runId, rdsPropertyId, state }) => [runId, rdsPropertyId, state])).toEqual([
        [runs[2].runId, 'one', 'planned'],
        [runs[1].runId, 'one', 'quarantined'],
        [runs[1].runId, 'two', 'verified'],
        [runs[0].runId, 'one', 'verified'],
        [runs[0].runId, 'two', 'verified'],
      ]);
    });

    it('says of each who wrote what, why, for whom and how it ended', async () => {
      const [, quarantined, created, updated] = await store.listHistory(['one', 'two'], { limit: 10 });
      expect(quarantined).toMatchObject({
        kind: 'create',
        trigger: 'manual',
        actor: 'tester',
        actingUser: 'Kim Operator',
        operation: 'create',
        wasCreated: null,
        error,
        sentAt: null,
      });
      expect(Date.parse(quarantined?.endedAt ?? '')).toBeLessThanOrEqual(fixture.clock.now().getTime());
      expect(created).toMatchObject({ wasCreated: true, changes: [], error: null });
      expect(updated).toMatchObject({
        trigger: 'schedule',
        actor: 'scheduler',
        actingUser: null,
        operation: 'update',
        changes: [change],
      });
    });

    it.each([1, 2, 3, 5])('gives everything once over pages of %i', async (limit) => {
      const all = await store.listHistory(['one', 'two'], { limit: 10 });
      const paged: typeof all = [];
      // A cursor that stands still must fail and not go on for ever.
      while (paged.length <= all.length) {
        const last = paged.at(-1);
        const page = await store.listHistory(['one', 'two'], {
          limit,
          ...(last && { after: { runId: last.runId, rdsPropertyId: last.rdsPropertyId } }),
        });
        expect(page.length).toBeLessThanOrEqual(limit);
        if (page.length === 0) break;
        paged.push(...page);
      }
      expect(paged).toEqual(all);
    });

    it('gives of each property its newest item, the state of that run and its last verified item', async () => {
      const latest = await store.latestItems(['two', 'one', 'stranger', 'never written']);
      expect(new Map(latest.map((item) => [item.rdsPropertyId, item]))).toMatchObject(
        new Map([
          [
            'one',
            {
              newest: { runId: runs[2].runId, state: 'planned' },
              runState: 'queued',
              verified: { runId: runs[0].runId, after: { Name: 'Maple Court' } },
            },
          ],
          [
            'two',
            {
              newest: { runId: runs[1].runId, state: 'verified' },
              runState: 'succeeded',
              verified: { runId: runs[1].runId, after: { Name: 'Elm Court 2' } },
            },
          ],
          ['stranger', { newest: { state: 'planned' }, runState: 'succeeded', verified: null }],
        ]),
      );
      expect(latest).toHaveLength(3);
    });

    it('gives items as reading the run does', async () => {
      const [latest] = await store.latestItems(['two']);
      expect([latest?.newest]).toEqual(await store.readItemsByKey(runs[1].runId, ['two']));
    });

    it('knows nothing of no properties', async () => {
      expect(await store.latestItems([])).toEqual([]);
      expect(await store.listHistory([], { limit: 10 })).toEqual([]);
    });

    it('answers for many properties in a few statements', async () => {
      const ids = Array.from({ length: 2_500 }, (_, index) => `many-${index}`);
      const run = await givenRun(ids, { kind: 'resync' });
      expect(await store.latestItems(ids)).toHaveLength(ids.length);
      expect(await store.listHistory(ids, { limit: 200 })).toHaveLength(200);
      await store.updateRun(run.runId, { state: 'canceled' });
    });
  });
}
