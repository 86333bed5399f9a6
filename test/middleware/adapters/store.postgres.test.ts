import { expect, it } from '@jest/globals';
import { sql } from 'kysely';
import pg from 'pg';
import { openDatabase, type StoreLocation } from '../../../middleware/src/adapters/store/openDatabase.ts';
import { createSystemClock } from '../../../middleware/src/adapters/clock/systemClock.ts';
import { openStore } from '../../../middleware/src/adapters/store/openStore.ts';
import { toStoreError } from '../../../middleware/src/adapters/store/toStoreError.ts';
import { aPlan, aRequest, aRun } from '../ports/ledger.ts';
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

it('goes on after a connection was lost in the middle of a transaction', async () => {
  const fresh = await freshDatabase();
  const warnings: string[] = [];
  const database = await openDatabase(fresh.location, { ...log, warn: (_, text) => warnings.push(text) });
  const administrator = new pg.Client({ connectionString: fresh.location.databaseUrl });
  await administrator.connect();
  const lost = database.tables.transaction().execute(async (transaction) => {
    const { rows } = await sql<{ pid: number }>`select pg_backend_pid() as pid`.execute(transaction);
    await administrator.query('select pg_terminate_backend($1)', [rows[0]?.pid]);
    await sql`select pg_sleep(10)`.execute(transaction);
  });
  try {
    const error: unknown = await lost.catch((caught: unknown) => caught);
    expect(toStoreError(error)).toMatchObject({ code: 'STORE_UNAVAILABLE' });
    const { rows } = await sql<{ one: number }>`select 1 as one`.execute(database.tables);
    expect(rows).toEqual([{ one: 1 }]);
    expect(warnings).toContain('A connection to the store was lost.');
  } finally {
    await administrator.end();
    await database.close();
    await fresh.remove();
  }
});

// Takes ten seconds: so long may a transaction stand still.
it('takes a run from a worker that stands still in the middle of a transaction', async () => {
  const fresh = await freshDatabase();
  const store = await open(fresh.location);
  const still = await openDatabase(fresh.location, log);
  try {
    const { plan } = await store.runStore.createPlan(aPlan(), aRequest());
    const { run } = await store.runStore.createRun(aRun(plan.planId), aRequest());
    const taken = Promise.withResolvers<number>();
    const late: unknown = await still.tables
      .transaction()
      .execute(async (transaction) => {
        await sql`select from run where run_id = ${run.runId}::uuid for no key update`.execute(transaction);
        taken.resolve(store.runStore.holdRun(run.runId));
        await taken.promise;
        await sql`update run set stage = 'x'`.execute(transaction);
      })
      .catch((caught: unknown) => caught);
    expect(await taken.promise).toBe(1);
    expect(toStoreError(late)).toMatchObject({ code: 'STORE_UNAVAILABLE' });
    expect(await store.runStore.readRun(run.runId)).toEqual(run);
  } finally {
    await still.close();
    await store.close();
    await fresh.remove();
  }
});
