import type { Kysely } from 'kysely';
import { syncNames, type Sync } from '../../contracts/index.ts';
import type { ScheduleStore, StoredSchedule } from '../../ports/scheduleStore.ts';
import { cronOfInterval } from './cronOfInterval.ts';
import { insertEvent } from './insertEvent.ts';
import { json } from './json.ts';
import type { Timetable } from './openQueue.ts';
import type { Tables } from './tables.ts';

/** When the syncs start by themselves: the ticks of the queue, and what is stored beside them. */
export function createScheduleStore(database: Kysely<Tables>, timetable: Timetable): ScheduleStore {
  return {
    async schedule(sync, intervalMs) {
      const entry =
        intervalMs === null
          ? null
          : { cron: cronOfInterval(intervalMs), work: { kind: 'tick' as const, id: sync } };
      await timetable.set(entryOf(sync), entry);
    },

    async readSchedules() {
      const rows = await database.selectFrom('syncSchedule').selectAll().execute();
      const schedules: StoredSchedule[] = [];
      for (const sync of syncNames) {
        const row = rows.find((each) => each.sync === sync);
        const inForce = await timetable.read(entryOf(sync));
        schedules.push({
          sync,
          intervalMs: inForce?.intervalMs ?? null,
          nextAt: inForce?.nextAt.toISOString() ?? null,
          pause: row?.pause ?? null,
          lastTick: row?.lastTick ?? null,
        });
      }
      return schedules;
    },

    setPause: (sync, pause, event) =>
      database.transaction().execute(async (transaction) => {
        const values = { pause: json(pause) };
        await transaction
          .insertInto('syncSchedule')
          .values({ sync, lastTick: null, ...values })
          .onConflict((conflict) => conflict.column('sync').doUpdateSet(values))
          .execute();
        await insertEvent(transaction, event);
      }),

    async saveTick(sync, tick) {
      const values = { lastTick: json(tick) };
      await database
        .insertInto('syncSchedule')
        .values({ sync, pause: null, ...values })
        .onConflict((conflict) => conflict.column('sync').doUpdateSet(values))
        .execute();
    },
  };
}

const entryOf = (sync: Sync): string => `tick-${sync}`;
