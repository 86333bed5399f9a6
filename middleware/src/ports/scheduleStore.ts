import type { Sync, SyncEvent, SyncPause, Tick } from '../contracts/index.ts';

/** What is in force for one sync. */
export interface StoredSchedule {
  readonly sync: Sync;
  /** As the scheduler has it; null when nothing is scheduled. */
  readonly intervalMs: number | null;
  /** When the next tick is put in, by the store's clock, paused or not; null when nothing is scheduled. */
  readonly nextAt: string | null;
  readonly pause: SyncPause | null;
  readonly lastTick: Tick | null;
}

/**
 * When the syncs start by themselves. A tick is queued as work of kind `tick`, once however many instances share the
 * store. Throws `SyncError` STORE_UNAVAILABLE.
 */
export interface ScheduleStore {
  /**
   * Puts this interval (one of `intervalMinutes`) in force for the sync, or none; an interval that is in force already
   * stays undisturbed. Of the ticks that were missed while no process lived, one is made up for.
   */
  schedule(sync: Sync, intervalMs: number | null): Promise<void>;
  /** Both syncs, A first, as they are in force. */
  readSchedules(): Promise<StoredSchedule[]>;
  /** Stores the pause, or its end, with the event in one transaction; ticks go on and come to nothing. */
  setPause(sync: Sync, pause: SyncPause | null, event: SyncEvent): Promise<void>;
  saveTick(sync: Sync, tick: Tick): Promise<void>;
}
