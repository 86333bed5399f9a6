import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { QueuedWork, RunQueue } from '../../../middleware/src/ports/runQueue.ts';
import type { RunStore } from '../../../middleware/src/ports/runStore.ts';
import { aPlan, aPlanItem, aRequest, aRun } from './ledger.ts';

interface OpenedStore {
  readonly runStore: RunStore;
  readonly runQueue: RunQueue;
  close(): Promise<void>;
}

/** A place where a store is opened again and again; work is tried twice, a second apart. */
export interface QueueFixture {
  open(): Promise<OpenedStore>;
  remove(): Promise<void>;
}

/** Collects what happens, and waits until enough has. */
class Happenings<T> {
  readonly all: T[] = [];
  #waiting: { count: number; resolve: (all: T[]) => void }[] = [];

  add(happening: T): void {
    this.all.push(happening);
    for (const { count, resolve } of this.#waiting) if (this.all.length >= count) resolve(this.all);
  }

  reach(count: number): Promise<T[]> {
    if (this.all.length >= count) return Promise.resolve(this.all);
    return new Promise((resolve) => this.#waiting.push({ count, resolve }));
  }
}

/** What every queue owes to the worker. */
export function describeRunQueue(name: string, makeFixture: () => Promise<QueueFixture>): void {
  describe(`run queue on ${name}`, () => {
    let fixture: QueueFixture;
    let store: OpenedStore;
    let taken: Happenings<QueuedWork>;

    beforeAll(async () => {
      fixture = await makeFixture();
    });
    beforeEach(async () => {
      store = await fixture.open();
      taken = new Happenings();
    });
    afterEach(() => store.close());
    afterAll(() => fixture.remove());

    const put = async (): Promise<QueuedWork> => {
      const { plan } = await store.runStore.createPlan(aPlan(), aRequest());
      return { kind: 'plan', id: plan.planId };
    };
    const take = (work: QueuedWork): Promise<void> => {
      taken.add(work);
      return Promise.resolve();
    };

    it('gives out plans and runs in the order in which they were made', async () => {
      await store.runQueue.work(take);
      const plan = await put();
      await store.runStore.appendPlanItems(plan.id, [aPlanItem(0)]);
      const { run } = await store.runStore.createRun(aRun(plan.id), aRequest());
      expect(await taken.reach(2)).toEqual([plan, { kind: 'run', id: run.runId }]);
      await store.runStore.endRun(run.runId, { state: 'succeeded' });
    });

    it('gives out what was put in before anybody worked, and before the store was closed', async () => {
      const work = await put();
      await store.close();
      store = await fixture.open();
      await store.runQueue.work(take);
      expect(await taken.reach(1)).toEqual([work]);
    });

    it('puts no work in for a request that came again or was refused', async () => {
      const request = aRequest();
      const { plan } = await store.runStore.createPlan(aPlan(), request);
      await store.runStore.createPlan(aPlan(), request);
      await expect(store.runStore.createPlan(aPlan(), { ...request, bodyHash: 'x' })).rejects.toThrow();
      const last = await put();
      await store.runQueue.work(take);
      expect(await taken.reach(2)).toEqual([{ kind: 'plan', id: plan.planId }, last]);
    });

    it('gives out one piece at a time', async () => {
      let inHand = 0;
      let most = 0;
      const work = async (piece: QueuedWork): Promise<void> => {
        inHand += 1;
        most = Math.max(most, inHand);
        await store.runStore.readPlan(piece.id);
        inHand -= 1;
        taken.add(piece);
      };
      await store.runQueue.work(work);
      await Promise.all([put(), put(), put()]);
      await taken.reach(3);
      expect(most).toBe(1);
    });

    it('tries failed work again, then gives it up', async () => {
      const givenUp = new Happenings<QueuedWork>();
      await store.runQueue.work(
        (work) => {
          taken.add(work);
          return Promise.reject(new Error('The org is away.'));
        },
        (work) => {
          givenUp.add(work);
          return Promise.resolve();
        },
      );
      const work = await put();
      expect(await givenUp.reach(1)).toEqual([work]);
      expect(taken.all).toEqual([work, work]);
    });

    it('waits for the piece in hand when it stops, and takes no more', async () => {
      let end = (): void => undefined;
      const ended = new Promise<void>((resolve) => (end = resolve));
      await store.runQueue.work(async (work) => {
        taken.add(work);
        await ended;
        taken.add(work);
      });
      const first = await put();
      await taken.reach(1);
      const second = await put();
      const stopped = store.runQueue.stop(30_000);
      end();
      await stopped;
      expect(taken.all).toEqual([first, first]);

      await store.close();
      store = await fixture.open();
      await store.runQueue.work(take);
      expect((await taken.reach(3)).at(-1)).toEqual(second);
    });

    it('stops waiting when the time is up, and gives the piece out again after a restart', async () => {
      const never = new Promise<void>(() => undefined);
      await store.runQueue.work(async (work) => {
        taken.add(work);
        await never;
      });
      const work = await put();
      await taken.reach(1);
      await store.runQueue.stop(10);
      await store.close();
      store = await fixture.open();
      await store.runQueue.work(take);
      expect(await taken.reach(2)).toEqual([work, work]);
    });
  });
}
