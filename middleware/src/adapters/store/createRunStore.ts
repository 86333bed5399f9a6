import { sql } from 'kysely';
import type { Clock } from '../../ports/clock.ts';
import type { RunStore } from '../../ports/runStore.ts';
import { createEventStore } from './eventStore.ts';
import { createHistoryStore } from './historyStore.ts';
import type { Database } from './openDatabase.ts';
import type { WorkInbox } from './openQueue.ts';
import { createPlanStore } from './planStore.ts';
import { createRunItemStore } from './runItemStore.ts';
import { createRunRowStore } from './runRowStore.ts';
import { createTallyStore } from './tallyStore.ts';
import { toStoreError } from './toStoreError.ts';

/** The run store over an open database. */
export function createRunStore(database: Database, inbox: WorkInbox, clock: Clock): RunStore {
  return {
    ...createPlanStore(database.tables, inbox),
    ...createRunRowStore(database.tables, inbox),
    ...createRunItemStore(database.tables, clock),
    ...createHistoryStore(database.tables),
    ...createEventStore(database.tables),
    ...createTallyStore(database.tables),
    async health() {
      try {
        await sql`select 1`.execute(database.tables);
        return { isReady: true, detail: database.description };
      } catch (error) {
        return { isReady: false, detail: (toStoreError(error) as Error).message };
      }
    },
  };
}
