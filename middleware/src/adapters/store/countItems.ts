import { type Kysely, sql } from 'kysely';
import type { RunCounts } from '../../contracts/index.ts';
import type { Tables } from './tables.ts';

/** Counts the items of a run, in one pass; nothing is kept beside the items that could differ from them. */
export async function countItems(database: Kysely<Tables>, runId: string): Promise<RunCounts> {
  const { rows } = await sql<RunCounts>`
    select
      count(*)::integer as planned,
      count(sent_at)::integer as attempted,
      count(accepted_at)::integer as written,
      count(accepted_at) filter (where was_created)::integer as created,
      count(accepted_at) filter (where was_created is not true)::integer as updated,
      count(*) filter (where state = 'verified')::integer as verified,
      count(*) filter (where state = 'failed')::integer as failed,
      count(*) filter (where state = 'quarantined')::integer as quarantined,
      count(*) filter (where state = 'skipped')::integer as skipped,
      count(*) filter (where state = 'unknown')::integer as unknown,
      count(*) filter (where state = 'planned')::integer as waiting
    from run_item
    where run_id = ${runId}
  `.execute(database);
  const [counts] = rows;
  if (counts === undefined) throw new Error('An aggregate without groups has one row.');
  return counts;
}
