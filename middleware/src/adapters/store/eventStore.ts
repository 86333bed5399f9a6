import { type Kysely, sql } from 'kysely';
import type { RunStore } from '../../ports/runStore.ts';
import type { Tables } from './tables.ts';

type EventStore = Pick<RunStore, 'pendingEvents' | 'completeEvents'>;

/** The events of the store that wait for the warehouse. */
export function createEventStore(database: Kysely<Tables>): EventStore {
  return {
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
