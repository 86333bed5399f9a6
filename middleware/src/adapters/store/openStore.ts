import type { Clock } from '../../ports/clock.ts';
import type { GroupStore } from '../../ports/groupStore.ts';
import type { RunQueue } from '../../ports/runQueue.ts';
import type { ResyncStore } from '../../ports/resyncStore.ts';
import type { Retention } from '../../ports/retention.ts';
import type { RunStore } from '../../ports/runStore.ts';
import type { ScheduleStore } from '../../ports/scheduleStore.ts';
import { createGroupStore } from './createGroupStore.ts';
import { createRetention } from './createRetention.ts';
import { createRunStore } from './createRunStore.ts';
import { openDatabase, type StoreLocation } from './openDatabase.ts';
import { openQueue, type WorkQueueOptions } from './openQueue.ts';
import { requeueOpenWork } from './requeueOpenWork.ts';
import { createResyncStore } from './resyncStore.ts';
import { createScheduleStore } from './scheduleStore.ts';
import { toStoreError } from './toStoreError.ts';
import { translatingErrors } from './translatingErrors.ts';

export interface StoreOptions extends WorkQueueOptions {
  /** What the items of runs are stamped with; the queue and its leases use the store's own time. */
  readonly clock: Clock;
}

/** The operational store, by its ports. */
export interface Store {
  readonly runStore: RunStore;
  readonly groupStore: GroupStore;
  readonly resyncStore: ResyncStore;
  readonly scheduleStore: ScheduleStore;
  readonly runQueue: RunQueue;
  readonly retention: Retention;
  /** Puts in again what is open and has lost its job; to be called before anybody works. */
  requeueOpenWork(): Promise<void>;
  close(): Promise<void>;
}

/**
 * Opens the operational store: with `dataDir` an embedded PostgreSQL that needs nothing installed and belongs to
 * this process alone, with `databaseUrl` a server that several instances share. `close` stops the queue first (call
 * `runQueue.stop` before it to let the work in hand end) and may be called twice.
 * @throws SyncError STORE_IN_USE, STORE_UNAVAILABLE, or CONFIG_INVALID if another version wrote the data.
 */
export async function openStore(location: StoreLocation, options: StoreOptions): Promise<Store> {
  try {
    const database = await openDatabase(location, options.log);
    try {
      const queue = await openQueue(database, options);
      let closing: Promise<void> | undefined;
      return {
        runStore: translatingErrors(createRunStore(database, queue.inbox, options.clock)),
        groupStore: translatingErrors(createGroupStore(database.tables)),
        resyncStore: translatingErrors(createResyncStore(database.tables, queue.inbox)),
        scheduleStore: translatingErrors(createScheduleStore(database.tables, queue.timetable)),
        runQueue: queue.runQueue,
        retention: translatingErrors(createRetention(database.tables, queue.timetable, options.clock)),
        requeueOpenWork: () => requeueOpenWork(database.tables, queue),
        close: () => (closing ??= queue.close().finally(() => database.close())),
      };
    } catch (error) {
      await database.close();
      throw error;
    }
  } catch (error) {
    throw toStoreError(error);
  }
}
