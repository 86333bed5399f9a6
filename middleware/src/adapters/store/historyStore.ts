import type { Kysely } from 'kysely';
import { runItemSchema, type RunItem, type RunState } from '../../contracts/index.ts';
import type { LatestItem, RunStore } from '../../ports/runStore.ts';
import { inChunks } from './inChunks.ts';
import type { Tables } from './tables.ts';

type HistoryStore = Pick<RunStore, 'listHistory' | 'latestItems'>;

/** What the ledger knows of properties over all runs. Run ids are ordered by time: the newest is the greatest. */
export function createHistoryStore(database: Kysely<Tables>): HistoryStore {
  return {
    async listHistory(rdsPropertyIds, { limit, after }) {
      if (rdsPropertyIds.length === 0) return [];
      return database
        .selectFrom('runItem')
        .innerJoin('run', 'run.runId', 'runItem.runId')
        .select(entryColumns)
        .where('runItem.rdsPropertyId', 'in', rdsPropertyIds)
        .$if(after !== undefined, (query) =>
          query.where((where) =>
            where.or([
              where('runItem.runId', '<', after?.runId ?? ''),
              where('runItem.runId', '=', after?.runId ?? '').and(
                'runItem.rdsPropertyId',
                '>',
                after?.rdsPropertyId ?? '',
              ),
            ]),
          ),
        )
        .orderBy('runItem.runId', 'desc')
        .orderBy('runItem.rdsPropertyId', 'asc')
        .limit(limit)
        .execute();
    },

    async latestItems(rdsPropertyIds) {
      const latest: LatestItem[] = [];
      for (const chunk of inChunks(rdsPropertyIds)) {
        const newest = await selectNewest(database, chunk).execute();
        const verified = await selectNewest(database, chunk)
          .where('runItem.state', '=', 'verified')
          .execute();
        const verifiedById = new Map(verified.map((row) => [row.rdsPropertyId, toItem(row)]));
        latest.push(
          ...newest.map((row) => ({
            rdsPropertyId: row.rdsPropertyId,
            newest: toItem(row),
            runState: row.runState,
            verified: verifiedById.get(row.rdsPropertyId) ?? null,
          })),
        );
      }
      return latest;
    },
  };
}

const entryColumns = [
  'runItem.runId',
  'runItem.rdsPropertyId',
  'run.kind',
  'run.trigger',
  'run.actor',
  'run.actingUser',
  'runItem.operation',
  'runItem.state',
  'runItem.changes',
  'runItem.wasCreated',
  'runItem.error',
  'runItem.sentAt',
  'runItem.endedAt',
] as const;

const itemColumns = runItemSchema.keyof().options.map((column) => `runItem.${column}` as const);

/** Of each property the item of its newest run; further conditions narrow the items that are looked at. */
const selectNewest = (database: Kysely<Tables>, rdsPropertyIds: readonly string[]) =>
  database
    .selectFrom('runItem')
    .innerJoin('run', 'run.runId', 'runItem.runId')
    .distinctOn('runItem.rdsPropertyId')
    .select([...itemColumns, 'run.state as runState'])
    .where('runItem.rdsPropertyId', 'in', rdsPropertyIds)
    .orderBy('runItem.rdsPropertyId', 'asc')
    .orderBy('runItem.runId', 'desc');

function toItem({ runState: _runState, ...item }: RunItem & { runState: RunState }): RunItem {
  return item;
}
