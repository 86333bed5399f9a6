import { type Kysely, sql } from 'kysely';
import type { RunStore } from '../../ports/runStore.ts';
import { insertEvent } from './insertEvent.ts';
import type { Tables } from './tables.ts';

type EventStore = Pick<RunStore, 'recordEvent' | 'pendingEvents' | 'completeEvents'>;

/** The events of the store, on their way to the warehouse. */
export function createEventStore(database: Kysely<Tables>): EventStore {
  return {
    recordEvent: (event) => database.transaction().execute((transaction) => insertEvent(transaction, event)),

    pendingEvents: (limit) =>
      database
        .selectFrom('syncEvent')
        .select(['eventId', 'kind', 'subject', 'actor', 'reason', 'at'])
        .where('carriedAt', 'is', null)
        .orderBy('at')
        .orderBy('eventId')
        .limit(limit)
        .execute(),

    async completeEvents(eventIds) {
      if (eventIds.length === 0) return;
      await database
        .updateTable('syncEvent')
        .set({ carriedAt: sql`now()` })
        .where('eventId', 'in', eventIds)
        .execute();
    },
  };
}
