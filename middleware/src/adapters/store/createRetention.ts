import { type Kysely, type RawBuilder, sql } from 'kysely';
import type { Clock } from '../../ports/clock.ts';
import type { Retention } from '../../ports/retention.ts';
import type { Timetable } from './openQueue.ts';
import type { Tables } from './tables.ts';

/** How long what is named stays, in days. */
export const retentionDays = {
  /** A request that comes again later than this makes something new. */
  idempotency: 7,
  /** Of plans whose runs have ended, from when the plan was made; what was written stands in the run's items. */
  planItem: 7,
  /** Of which nothing was run. */
  planWithoutRun: 30,
  /** From the end of the run: the before-images that a rollback needs. */
  runItem: 90,
} as const;

const rowsPerStatement = 5_000;
const dayMs = 24 * 60 * 60_000;
/** At night in the United States, and not on the hour, when both syncs tick. */
const dailyCron = '20 9 * * *';

/** The daily deletion. Plans and runs carry business time, requests the store's own. */
export function createRetention(database: Kysely<Tables>, timetable: Timetable, clock: Clock): Retention {
  const before = (days: number) =>
    sql`${new Date(clock.now().getTime() - days * dayMs).toISOString()}::timestamptz`;
  const remove = async (table: string, expired: RawBuilder<unknown>): Promise<number> => {
    for (let removed = 0; ;) {
      const { numAffectedRows = 0n } = await sql`
        delete from ${sql.table(table)} where ctid = any (array (
          select ${sql.table(table)}.ctid ${expired} limit ${rowsPerStatement}
        ))
      `.execute(database);
      removed += Number(numAffectedRows);
      if (numAffectedRows < rowsPerStatement) return removed;
    }
  };
  return {
    schedule: () => timetable.set('retention', { cron: dailyCron, work: { kind: 'retention', id: 'daily' } }),

    deleteExpired: async () => ({
      idempotency: await remove(
        'idempotency',
        sql`from idempotency where created_at < now() - make_interval(days => ${retentionDays.idempotency}::integer)`,
      ),
      planItem: await remove(
        'plan_item',
        sql`from plan join plan_item using (plan_id)
          where plan.created_at < ${before(retentionDays.planItem)}
            and not exists (select from run where run.plan_id = plan.plan_id and run.ended_at is null)`,
      ),
      plan: await remove(
        'plan',
        sql`from plan
          where created_at < ${before(retentionDays.planWithoutRun)}
            and not exists (select from run where run.plan_id = plan.plan_id)
            and not exists (select from resync where resync.plan_id = plan.plan_id)
            -- The source may not have dropped since the plan built last.
            and plan_id is distinct from (
              select plan_id from plan
              where state in ('ready', 'blocked') and group_key is null
              order by built_at desc, plan_id desc limit 1
            )`,
      ),
      // What is known of a property stays known: its newest item, and the last one that was verified.
      runItem: await remove(
        'run_item',
        sql`from run join run_item using (run_id)
          where run.ended_at < ${before(retentionDays.runItem)}
            and not exists (
              select from audit_outbox where audit_outbox.run_id = run.run_id and completed_at is null
            )
            and exists (
              select from run_item as later
              where later.rds_property_id = run_item.rds_property_id
                and later.run_id > run_item.run_id
                and later.state = 'verified'
            )`,
      ),
    }),
  };
}
