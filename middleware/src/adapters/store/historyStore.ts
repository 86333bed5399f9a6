import type { Kysely } from 'kysely';
import type { RunStore } from '../../ports/runStore.ts';
import type { Tables } from './tables.ts';

type HistoryStore = Pick<RunStore, 'listHistory' | 'latestItems'>;

/** What the ledger knows of properties, over all runs. */
export function createHistoryStore(_database: Kysely<Tables>): HistoryStore {
  return {
    listHistory: () => Promise.reject(new Error('Not built yet.')),
    latestItems: () => Promise.reject(new Error('Not built yet.')),
  };
}
