import type { Kysely, Transaction } from 'kysely';
import { SyncError } from '../../errors.ts';
import type { Idempotency } from '../../ports/runStore.ts';
import type { Tables } from './tables.ts';

/**
 * Ties an Idempotency-Key to what its request is about to make. Returns undefined if the key is new, else the id of
 * what the same request made before. Of two requests at once, the second waits here for the first to commit.
 * @throws SyncError IDEMPOTENCY_KEY_REUSED if the key came with another request.
 */
export async function rememberRequest(
  transaction: Transaction<Tables>,
  { key, bodyHash }: Idempotency,
  created: { kind: 'plan' | 'run' | 'resync'; createdId: string },
): Promise<string | undefined> {
  const inserted = await transaction
    .insertInto('idempotency')
    .values({ key, bodyHash, ...created })
    .onConflict((conflict) => conflict.doNothing())
    .returning('key')
    .executeTakeFirst();
  if (inserted !== undefined) return undefined;
  return findRequest(transaction, { key, bodyHash }, created.kind);
}

/**
 * The id of what the request with this key has made; undefined for a new key.
 * @throws SyncError IDEMPOTENCY_KEY_REUSED if the key came with another request.
 */
export async function findRequest(
  database: Kysely<Tables>,
  { key, bodyHash }: Idempotency,
  kind: 'plan' | 'run' | 'resync',
): Promise<string | undefined> {
  const first = await database
    .selectFrom('idempotency')
    .select(['kind', 'bodyHash', 'createdId'])
    .where('key', '=', key)
    .executeTakeFirst();
  if (first === undefined) return undefined;
  if (first.kind !== kind || first.bodyHash !== bodyHash) {
    throw new SyncError('IDEMPOTENCY_KEY_REUSED', 'The Idempotency-Key was used for a different request.');
  }
  return first.createdId;
}
