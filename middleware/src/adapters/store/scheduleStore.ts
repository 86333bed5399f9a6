import type { Kysely } from 'kysely';
import type { ScheduleStore } from '../../ports/scheduleStore.ts';
import type { Tables } from './tables.ts';

/** When the syncs start by themselves: the ticks of the queue, and what is stored beside them. */
export function createScheduleStore(_database: Kysely<Tables>): ScheduleStore {
  const missing = () => Promise.reject(new Error('Not built yet.'));
  return { schedule: missing, readSchedules: missing, setPause: missing, saveTick: missing };
}
