import { expect, it } from '@jest/globals';
import type { StoreLocation } from '../../../middleware/src/adapters/store/openDatabase.ts';
import { createSystemClock } from '../../../middleware/src/adapters/clock/systemClock.ts';
import { openStore } from '../../../middleware/src/adapters/store/openStore.ts';
import { aPlan, aRequest } from '../ports/ledger.ts';
import { freshDatabase } from './storeLocations.ts';

const log = { warn: () => undefined, error: () => undefined };
const clock = createSystemClock({ startAt: null });
const open = (location: StoreLocation) => openStore(location, { log, clock });

it('shares its work between instances that start at once, one piece at a time over both', async () => {
  const fresh = await freshDatabase();
  const stores = await Promise.all([open(fresh.location), open(fresh.location)]);
  try {
    let inHand = 0;
    let most = 0;
    const done: string[] = [];
    const made: string[] = [];
    await new Promise<void>((resolve, reject) => {
      const work = async ({ id }: { id: string }): Promise<void> => {
        inHand += 1;
        most = Math.max(most, inHand);
        await stores[0].runStore.readPlan(id);
        inHand -= 1;
        done.push(id);
        if (done.length === 10) resolve();
      };
      const begin = async (): Promise<void> => {
        for (const store of stores) await store.runQueue.work(work);
        for (let index = 0; index < 10; index += 1) {
          const store = stores[index % 2] ?? stores[0];
          made.push((await store.runStore.createPlan(aPlan(), aRequest())).plan.planId);
        }
      };
      begin().catch(reject);
    });
    expect(most).toBe(1);
    expect(done.sort()).toEqual(made.sort());
  } finally {
    await Promise.all(stores.map((store) => store.close()));
    await fresh.remove();
  }
});
