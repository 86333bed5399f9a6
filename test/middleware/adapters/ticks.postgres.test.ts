import { setTimeout as wait } from 'node:timers/promises';
import { expect, it } from '@jest/globals';
import { sql } from 'kysely';
import { openDatabase } from '../../../middleware/src/adapters/store/openDatabase.ts';
import { openQueue } from '../../../middleware/src/adapters/store/openQueue.ts';
import { createScheduleStore } from '../../../middleware/src/adapters/store/scheduleStore.ts';
import type { QueuedWork } from '../../../middleware/src/ports/runQueue.ts';
import { freshDatabase } from './storeLocations.ts';

const log = { warn: () => undefined, error: () => undefined };

// A tick comes at every full minute, and both instances look for it several times: twice if a minute begins meanwhile.
it('puts one tick in however many instances there are, and gives it out once', async () => {
  const { location, remove } = await freshDatabase();
  const instances = await Promise.all(
    [1, 2].map(async () => {
      const database = await openDatabase(location, log);
      const queue = await openQueue(database, { log });
      const schedules = createScheduleStore(database.tables, queue.timetable);
      await schedules.schedule('A', 60_000);
      return { database, queue, schedules };
    }),
  );
  const [first] = instances;
  if (first === undefined) throw new Error('There is no instance.');
  const until = async (isTrue: () => Promise<boolean>): Promise<void> => {
    while (!(await isTrue())) await wait(250);
  };
  const lastLook = async (): Promise<string> => {
    const { rows } = await sql<{ on: string }>`select cron_on::text as on from pgboss.version`.execute(
      first.database.tables,
    );
    return rows[0]?.on ?? '';
  };
  const nextLook = async (): Promise<void> => {
    const before = await lastLook();
    await until(async () => (await lastLook()) !== before);
  };
  /** What the looks found: in how many minutes a tick was due, and what of it is not yet put in. */
  const lookedUp = async (): Promise<{ minuteCount: number; pendingCount: number }> => {
    const { rows } = await sql<{ minuteCount: number; pendingCount: number }>`
      select count(distinct singleton_on)::int as "minuteCount",
        (count(*) filter (where state <> 'completed'))::int as "pendingCount"
      from pgboss.job where name = '__pgboss__send-it'`.execute(first.database.tables);
    return rows[0] ?? { minuteCount: 0, pendingCount: 0 };
  };
  try {
    await until(async () => (await first.queue.jobs()).length > 0);
    await nextLook();
    await nextLook();
    await first.schedules.schedule('A', null);
    await nextLook();
    await until(async () => (await lookedUp()).pendingCount === 0);
    const ticks = await first.queue.jobs();
    expect(ticks).toHaveLength((await lookedUp()).minuteCount);
    expect(ticks).toEqual(ticks.map(() => ({ kind: 'tick', id: 'A' })));

    const taken: QueuedWork[] = [];
    for (const { queue } of instances) {
      await queue.runQueue.work((work) => {
        taken.push(work);
        return Promise.resolve();
      });
    }
    await until(async () => (await first.queue.jobs()).length === 0);
    expect(taken).toEqual([{ kind: 'tick', id: 'A' }]);
  } finally {
    for (const { database, queue } of instances) {
      await queue.close();
      await database.close();
    }
    await remove();
  }
});
