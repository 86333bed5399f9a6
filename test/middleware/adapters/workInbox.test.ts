import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { sql } from 'kysely';
import { uuidv7 } from 'uuidv7';
import { openDatabase, type Database } from '../../../middleware/src/adapters/store/openDatabase.ts';
import {
  openQueue,
  type PutOptions,
  type WorkQueue,
} from '../../../middleware/src/adapters/store/openQueue.ts';
import { createPlanStore } from '../../../middleware/src/adapters/store/planStore.ts';
import { requeueOpenWork } from '../../../middleware/src/adapters/store/requeueOpenWork.ts';
import { createRunRowStore } from '../../../middleware/src/adapters/store/runRowStore.ts';
import type { QueuedWork } from '../../../middleware/src/ports/runQueue.ts';
import { aPlan, aRequest, aRun } from '../ports/ledger.ts';
import { storeLocations, type FreshLocation } from './storeLocations.ts';

const log = { warn: () => undefined, error: () => undefined };

/** What is in hand, and how it ends: each piece is held until it is let go. */
class Hands {
  readonly taken: string[] = [];
  readonly #held = new Map<string, () => void>();
  #look = (): void => undefined;

  readonly hold = async ({ id }: QueuedWork): Promise<void> => {
    const letGo = new Promise<void>((resolve) => this.#held.set(id, resolve));
    this.taken.push(id);
    this.#look();
    await letGo;
  };

  async reach(count: number): Promise<string[]> {
    while (this.taken.length < count) await new Promise<void>((resolve) => (this.#look = resolve));
    return this.taken;
  }

  letGo(id: string): void {
    this.#held.get(id)?.();
  }

  letAllGo(): void {
    for (const letGo of this.#held.values()) letGo();
  }
}

for (const [name, makeLocation] of storeLocations) {
  describe(`the work inbox on ${name}`, () => {
    let fresh: FreshLocation;
    let database: Database;
    let queue: WorkQueue;
    let hands: Hands;

    beforeAll(async () => {
      fresh = await makeLocation();
      database = await openDatabase(fresh.location, log);
    });
    beforeEach(async () => {
      queue = await openQueue(database, { log, retries: { limit: 1, delaySeconds: 1 } });
      hands = new Hands();
    });
    afterEach(async () => {
      hands.letAllGo();
      await queue.close();
      await sql`delete from pgboss.job`.execute(database.tables);
    });
    afterAll(async () => {
      await database.close();
      await fresh.remove();
    });

    const put = async (work: QueuedWork, options?: PutOptions): Promise<void> => {
      await database.tables
        .transaction()
        .execute((transaction) => queue.inbox.put(transaction, work, options));
      queue.inbox.wake();
    };
    const resync = (id: string, groupKey: string, isUrgent = true): Promise<void> =>
      put({ kind: 'resync', id }, { groupKey, isUrgent });

    it('gives out a resync while a long run is in hand', async () => {
      await queue.runQueue.work(hands.hold);
      await put({ kind: 'run', id: 'long run' });
      await hands.reach(1);
      await put({ kind: 'plan', id: 'behind it' });
      await resync('now', 'group');
      expect(await hands.reach(2)).toEqual(['long run', 'now']);
    });

    it('gives out two resyncs at once, but of one group the second only when the first has ended', async () => {
      await resync('A first', 'A');
      await resync('A second', 'A');
      await resync('B first', 'B');
      await queue.runQueue.work(hands.hold);
      const [heldOfA = '', heldOfB = ''] = (await hands.reach(2)).toSorted();
      expect([heldOfA[0], heldOfB]).toEqual(['A', 'B first']);
      hands.letGo('B first');
      await resync('B second', 'B');
      expect((await hands.reach(3))[2]).toBe('B second');
      hands.letGo(heldOfA);
      await hands.reach(4);
      expect(hands.taken.toSorted()).toEqual(['A first', 'A second', 'B first', 'B second']);
    });

    it('gives out urgent resyncs before background ones, and one that was raised as well', async () => {
      await resync('background', 'A', false);
      await resync('raised', 'B', false);
      await resync('urgent', 'C');
      await database.tables.transaction().execute((transaction) => queue.inbox.raise(transaction, 'B'));
      await queue.runQueue.work(hands.hold);
      expect((await hands.reach(2)).toSorted()).toEqual(['raised', 'urgent']);
      hands.letAllGo();
      expect((await hands.reach(3))[2]).toBe('background');
    });

    it('puts in nothing when the transaction is rolled back', async () => {
      await expect(
        database.tables.transaction().execute(async (transaction) => {
          await queue.inbox.put(transaction, { kind: 'resync', id: 'x' }, { groupKey: 'A', isUrgent: true });
          throw new Error('The resync is refused.');
        }),
      ).rejects.toThrow('refused');
      expect(await queue.jobs()).toEqual([]);
    });

    it('gives up a resync whose attempts are spent', async () => {
      const givenUp = new Hands();
      await queue.runQueue.work(() => Promise.reject(new Error('The org is away.')), givenUp.hold);
      await resync('hopeless', 'A');
      expect(await givenUp.reach(1)).toEqual(['hopeless']);
      expect(await queue.jobs()).toEqual([{ kind: 'resync', id: 'hopeless' }]);
      givenUp.letAllGo();
    });

    it('gives out again what was in hand when the process ended', async () => {
      await queue.runQueue.work(hands.hold);
      await resync('interrupted', 'A');
      await hands.reach(1);
      await queue.runQueue.stop(10);
      await queue.close();
      queue = await openQueue(database, { log });
      const later = new Hands();
      await queue.runQueue.work(later.hold);
      expect(await later.reach(1)).toEqual(['interrupted']);
      later.letAllGo();
    });

    it('gives out one of several ticks of a sync that waited', async () => {
      await put({ kind: 'tick', id: 'A' });
      await put({ kind: 'tick', id: 'A' });
      await put({ kind: 'tick', id: 'B' });
      await put({ kind: 'plan', id: 'last' });
      await queue.runQueue.work(({ id }) => {
        hands.letAllGo();
        return hands.hold({ kind: 'tick', id });
      });
      await hands.reach(1);
      hands.letGo('A');
      await hands.reach(2);
      hands.letGo('B');
      expect(await hands.reach(3)).toEqual(['A', 'B', 'last']);
    });

    it('puts in again what is open and has lost its job, and that only once', async () => {
      const lost = { ...queue.inbox, put: () => Promise.resolve() };
      const plans = createPlanStore(database.tables, lost);
      const runs = createRunRowStore(database.tables, lost);
      const { plan } = await plans.createPlan(aPlan(), aRequest());
      const { plan: ready } = await plans.createPlan(aPlan({ state: 'ready' }), aRequest());
      const { run } = await runs.createRun(aRun(ready.planId), aRequest());
      const resyncId = uuidv7();
      await database.tables
        .insertInto('resync')
        .values([
          aResyncRow({ resyncId, urgency: 'background', groupKey: 'A' }),
          aResyncRow({ state: 'succeeded' }),
        ])
        .execute();
      await requeueOpenWork(database.tables, queue);
      await requeueOpenWork(database.tables, queue);
      const jobs = await queue.jobs();
      expect(jobs.toSorted((left, right) => left.kind.localeCompare(right.kind))).toEqual([
        { kind: 'plan', id: plan.planId },
        { kind: 'resync', id: resyncId },
        { kind: 'run', id: run.runId },
      ]);
    });
  });
}

const aResyncRow = (values: {
  resyncId?: string;
  urgency?: 'background';
  groupKey?: string;
  state?: 'succeeded';
}) => ({
  resyncId: uuidv7(),
  groupKey: 'group',
  requestedId: 'id',
  urgency: 'urgent' as const,
  state: 'running' as const,
  stage: null,
  requestedBy: 'tester',
  actingUser: null,
  createdAt: new Date().toISOString(),
  startedAt: null,
  endedAt: null,
  planId: null,
  members: '[]',
  error: null,
  ...values,
});
