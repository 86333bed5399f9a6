import { SyncError } from '../errors.ts';
import type { ScheduleStore } from '../ports/scheduleStore.ts';

/** Whoever pauses a sync wants nothing written: a resync writes what both syncs write. Throws SYNC_PAUSED. */
export async function assertNotPaused(scheduleStore: Pick<ScheduleStore, 'readSchedules'>): Promise<void> {
  for (const { sync, pause } of await scheduleStore.readSchedules()) {
    if (pause === null) continue;
    throw new SyncError('SYNC_PAUSED', `Sync ${sync} was paused by ${pause.by}: ${pause.reason}`);
  }
}
