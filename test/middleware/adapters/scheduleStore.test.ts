import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { sql } from 'kysely';
import { uuidv7 } from 'uuidv7';
import { createSystemClock } from '../../../middleware/src/adapters/clock/systemClock.ts';
import { cronOfInterval } from '../../../middleware/src/adapters/store/cronOfInterval.ts';
import { createEventStore } from '../../../middleware/src/adapters/store/eventStore.ts';
import { createRetention } from '../../../middleware/src/adapters/store/createRetention.ts';
import { openDatabase, type Database } from '../../../middleware/src/adapters/store/openDatabase.ts';
import { openQueue, type WorkQueue } from '../../../middleware/src/adapters/store/openQueue.ts';
import { createScheduleStore } from '../../../middleware/src/adapters/store/scheduleStore.ts';
import { intervalMinutes, type SyncEvent, type Tick } from '../../../middleware/src/contracts/index.ts';
import { readSchedules } from '../../../middleware/src/delivery/readSchedules.ts';
import { setSyncPause } from '../../../middleware/src/delivery/setSyncPause.ts';
import type { ScheduleStore } from '../../../middleware/src/ports/scheduleStore.ts';
import { storeLocations, type FreshLocation } from './storeLocations.ts';

const log = { warn: () => undefined, error: () => undefined };
const clock = createSystemClock({ startAt: null });
const minuteMs = 60_000;

for (const [name, makeLocation] of storeLocations) {
  describe(`the schedule store on ${name}`, () => {
    let fresh: FreshLocation;
    let database: Database;
    let queue: WorkQueue;
    let store: ScheduleStore;

    beforeAll(async () => {
      fresh = await makeLocation();
      database = await openDatabase(fresh.location, log);
      queue = await openQueue(database, { log });
      store = createScheduleStore(database.tables, queue.timetable);
    });
    afterAll(async () => {
      await queue.close();
      await database.close();
      await fresh.remove();
    });

    const changedOn = async (): Promise<unknown> =>
      (await sql`select key, updated_on from pgboss.schedule order by key`.execute(database.tables)).rows;

    it('has nothing in force at first', async () => {
      const nothing = { intervalMs: null, nextAt: null, pause: null, lastTick: null };
      expect(await store.readSchedules()).toEqual([
        { sync: 'A', ...nothing },
        { sync: 'B', ...nothing },
      ]);
    });

    it.each(intervalMinutes)('comes evenly every %d minutes', async (minutes) => {
      await store.schedule('A', minutes * minuteMs);
      // By the database's clock, whose distance from this one pg-boss measures to within a round trip.
      const earliestMs = Date.now() - 1_000;
      const [a] = await store.readSchedules();
      const latestMs = Date.now() + 1_000;
      expect(a?.intervalMs).toBe(minutes * minuteMs);
      const nextAt = Date.parse(a?.nextAt ?? '');
      expect(nextAt % (minutes * minuteMs)).toBe(0);
      expect(nextAt).toBeGreaterThan(earliestMs);
      expect(nextAt).toBeLessThanOrEqual(latestMs + minutes * minuteMs);
    });

    it('refuses an interval that does not come evenly', async () => {
      await expect(store.schedule('A', 7 * minuteMs)).rejects.toThrow('every 7 minutes');
      expect(() => cronOfInterval(0)).toThrow();
    });

    it('leaves what is in force undisturbed, changes it, and takes it out', async () => {
      await store.schedule('A', 15 * minuteMs);
      await store.schedule('B', 30 * minuteMs);
      const before = await changedOn();
      await store.schedule('A', 15 * minuteMs);
      expect(await changedOn()).toEqual(before);
      await store.schedule('A', null);
      await store.schedule('A', null);
      expect(await store.readSchedules()).toMatchObject([
        { intervalMs: null },
        { intervalMs: 30 * minuteMs },
      ]);
    });

    it('tells what is in force apart from what the settings say', async () => {
      await store.schedule('A', 15 * minuteMs);
      await store.schedule('B', null);
      const settings = { intervalsMs: { A: 15 * minuteMs, B: 30 * minuteMs } };
      expect(await readSchedules({ scheduleStore: store, settings })).toMatchObject([
        { intervalMs: 15 * minuteMs, declaredIntervalMs: 15 * minuteMs, isAsDeclared: true },
        { intervalMs: null, declaredIntervalMs: 30 * minuteMs, isAsDeclared: false },
      ]);
    });

    it('keeps a pause with its event, and the last tick beside it', async () => {
      const deps = { scheduleStore: store, clock };
      const tick: Tick = {
        at: clock.now().toISOString(),
        outcome: 'failed',
        planId: null,
        runId: uuidv7(),
        detail: 'x',
      };
      await store.saveTick('A', tick);
      await setSyncPause('A', true, { by: 'operator', reason: 'The org is moved.' }, deps);
      await setSyncPause('A', true, { by: 'somebody else', reason: 'Me too.' }, deps);
      expect(await store.readSchedules()).toMatchObject([
        { pause: { by: 'operator', reason: 'The org is moved.' }, lastTick: tick },
        { pause: null, lastTick: null },
      ]);
      const settings = { intervalsMs: { A: null, B: null } };
      expect((await readSchedules({ scheduleStore: store, settings }))[0]?.nextAt).toBeNull();
      await setSyncPause('A', false, { by: 'operator', reason: 'It has moved.' }, deps);
      await setSyncPause('A', false, { by: 'operator', reason: 'Again.' }, deps);
      expect(await store.readSchedules()).toMatchObject([{ pause: null, lastTick: tick }, {}]);
      expect((await readSchedules({ scheduleStore: store, settings }))[0]?.nextAt).not.toBeNull();
      expect(await createEventStore(database.tables).pendingEvents(10)).toMatchObject([
        { kind: 'syncPaused', subject: 'A', actor: 'operator', reason: 'The org is moved.' },
        { kind: 'syncResumed', subject: 'A', actor: 'operator', reason: 'It has moved.' },
      ]);
    });

    it('stores no pause without its event', async () => {
      const pause = { at: clock.now().toISOString(), by: 'operator', reason: 'Why not.' };
      const event = {
        eventId: 'no id',
        kind: 'syncPaused',
        subject: 'B',
        actor: 'x',
        reason: 'x',
        at: pause.at,
      };
      await expect(store.setPause('B', pause, event as SyncEvent)).rejects.toThrow();
      expect((await store.readSchedules())[1]?.pause).toBeNull();
    });

    it('has its daily deletion in force', async () => {
      await createRetention(database.tables, queue.timetable, clock).schedule();
      expect(await queue.timetable.read('retention')).toMatchObject({ intervalMs: 24 * 60 * minuteMs });
    });
  });
}
