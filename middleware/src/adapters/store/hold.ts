import { type Kysely, type Transaction, sql } from 'kysely';
import { SyncError } from '../../errors.ts';
import type { Tables } from './tables.ts';

/** What is carried out by one worker at a time. */
type Held = 'plan' | 'run' | 'resync';

/** Takes it, whoever had it. */
export async function takeHold(database: Kysely<Tables>, held: Held, id: string): Promise<number> {
  const { rows } = await sql<{ hold: number }>`
    update ${sql.table(held)} set hold = hold + 1 where ${idOf(held)} = ${id}::uuid returning hold
  `.execute(database);
  const [row] = rows;
  if (row === undefined) throw new Error(`There is no ${held} ${id}.`);
  return row.hold;
}

/**
 * Throws RUN_CONFLICT if it is not in this hold any more; until the transaction ends nobody takes it. Whoever names no
 * hold is let through.
 */
export async function assertHeld(
  transaction: Transaction<Tables>,
  held: Held,
  id: string,
  hold: number | undefined,
): Promise<void> {
  if (hold === undefined) return;
  const { rows } = await sql`
    select from ${sql.table(held)} where ${idOf(held)} = ${id}::uuid and hold = ${hold} for no key update
  `.execute(transaction);
  if (rows.length > 0) return;
  throw new SyncError('RUN_CONFLICT', `Another worker goes on with the ${held} ${id}.`, {
    action: 'Nothing is to be done: this worker leaves it to the other one.',
  });
}

const idOf = (held: Held) => sql.ref(`${held}_id`);
