import { type Kysely, sql } from 'kysely';
import type { RunStore } from '../../ports/runStore.ts';
import type { Tables } from './tables.ts';

type TallyStore = Pick<RunStore, 'tally'>;

/** What the store holds, in numbers. */
export function createTallyStore(database: Kysely<Tables>): TallyStore {
  return {
    async tally(itemsSince) {
      const count = sql<number>`count(*)::integer`.as('count');
      const runs = await database.selectFrom('run').select(['state', count]).groupBy('state').execute();
      const resyncs = await database
        .selectFrom('resync')
        .select(['state', count])
        .where('state', 'in', ['queued', 'running'])
        .groupBy('state')
        .execute();
      const plans = await database
        .selectFrom('plan')
        .select(count)
        .where('state', '=', 'building')
        .where('groupKey', 'is', null)
        .executeTakeFirstOrThrow();
      const items = await database
        .selectFrom('runItem')
        .innerJoin('run', 'run.runId', 'runItem.runId')
        .select(['runItem.state', count])
        .where('run.createdAt', '>=', itemsSince.toISOString())
        .groupBy('runItem.state')
        .execute();
      return {
        runs: byState(runs),
        openResyncs: byState(resyncs),
        buildingPlans: plans.count,
        items: byState(items),
      };
    },
  };
}

function byState<State extends string>(
  rows: readonly { state: State; count: number }[],
): Partial<Record<State, number>> {
  const counts: Partial<Record<State, number>> = {};
  for (const { state, count } of rows) counts[state] = count;
  return counts;
}
