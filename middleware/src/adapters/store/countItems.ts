import { type Kysely, sql } from 'kysely';
import type { RunCounts } from '../../contracts/index.ts';
import type { Tables } from './tables.ts';

/** Of a run without items. */
export const noCounts: RunCounts = {
  planned: 0,
  attempted: 0,
  written: 0,
  created: 0,
  updated: 0,
  verified: 0,
  failed: 0,
  quarantined: 0,
  skipped: 0,
  unknown: 0,
  waiting: 0,
};

/** Counts the items of a run, in one pass; nothing is kept beside the items that could differ from them. */
export async function countItems(database: Kysely<Tables>, runId: string): Promise<RunCounts> {
  return (await countItemsOf(database, [runId])).get(runId) ?? noCounts;
}

/** Counts the items of several runs at once; a run without items is left out. */
export async function countItemsOf(
  database: Kysely<Tables>,
  runIds: readonly string[],
): Promise<Map<string, RunCounts>> {
  if (runIds.length === 0) return new Map();
  const { rows } = await sql<RunCounts & { runId: string }>`
    select
      run_id as "runId",
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
    where run_id in (${sql.join(runIds)})
    group by run_id
  `.execute(database);
  return new Map(rows.map(({ runId, ...counts }) => [runId, counts]));
}
