import type { Transaction } from 'kysely';
import type { SyncEvent } from '../../contracts/index.ts';
import type { Tables } from './tables.ts';

/** Stores who did what, in the transaction that does it. */
export async function insertEvent(transaction: Transaction<Tables>, event: SyncEvent): Promise<void> {
  await transaction
    .insertInto('syncEvent')
    .values({ ...event, carriedAt: null })
    .execute();
}
