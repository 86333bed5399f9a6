import type { Kysely } from 'kysely';
import type { ResyncStore } from '../../ports/resyncStore.ts';
import type { WorkInbox } from './openQueue.ts';
import type { Tables } from './tables.ts';

/** The resyncs of the operational store. */
export function createResyncStore(_database: Kysely<Tables>, _inbox: WorkInbox): ResyncStore {
  const missing = () => Promise.reject(new Error('Not built yet.'));
  return {
    createResync: missing,
    readResync: missing,
    updateResync: missing,
    savePlan: missing,
    openResync: missing,
  };
}
