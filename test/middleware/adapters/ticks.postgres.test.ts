import { setTimeout as wait } from 'node:timers/promises';
import { expect, it } from '@jest/globals';
import { sql } from 'kysely';
import { openDatabase } from '../../../middleware/src/adapters/store/openDatabase.ts';
import { openQueue } from '../../../middleware/src/adapters/store/openQueue.ts';
import { createScheduleStore } from '../../../middleware/src/adapters/store/scheduleStore.ts';
import type { QueuedWork } from '../../../middleware/src/ports/runQueue.ts';
import { freshDatabase } from './storeLocations.ts';

const log = { warn: () => undefined, error: () => undefined };

// Takes up to a minute and a half: a tick comes at the full minute, and both instances look for it several times.
it('puts one tick in however many instances there are, and gives it out once', async () => {
  const { location, remove } = await freshDatabase();
  const instances = await Promise.all(
    [1, 2].map(async () => {
      const database = await openDatabase(location, log);
      const queue = await openQueue(database, { log });
      await createScheduleStore(database.tables, queue.timetable).schedule('A', 60_000);
      return { database, queue };
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
  try {
    await until(async () => (await first.queue.jobs()).length > 0);
    for (let looks = 0; looks < 2; looks += 1) {
      const before = await lastLook();
      await until(async () => (await lastLook()) !== before);
    }
    expect(await first.queue.jobs()).toEqual([{ kind: 'tick', id: 'A' }]);

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
