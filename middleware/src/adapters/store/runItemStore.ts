import { type Kysely, type Transaction, sql } from 'kysely';
import type { RunItem } from '../../contracts/index.ts';
import type { Clock } from '../../ports/clock.ts';
import type { ItemUpdate, RunStore } from '../../ports/runStore.ts';
import { countItems } from './countItems.ts';
import { assertHeld } from './hold.ts';
import { inChunks } from './inChunks.ts';
import type { Tables } from './tables.ts';
import { updateItems } from './updateItems.ts';

type RunItemStore = Pick<
  RunStore,
  | 'countItems'
  | 'readItems'
  | 'readItemsByKey'
  | 'readItemsByStagingId'
  | 'readBatchItems'
  | 'updateItems'
  | 'saveIntent'
  | 'saveJob'
  | 'saveOutcomes'
  | 'openBatches'
  | 'nextBatchNumber'
>;

/** The items of runs, stamped with business time, and the batches they are delivered in. */
export function createRunItemStore(database: Kysely<Tables>, clock: Clock): RunItemStore {
  const selectItems = (runId: string) =>
    database.selectFrom('runItem').select(runItemColumns).where('runId', '=', runId).orderBy('ordinal');

  const readItemsBy = async (
    column: 'rdsPropertyId' | 'stagingId',
    runId: string,
    ids: readonly string[],
  ): Promise<RunItem[]> => {
    const items: RunItem[] = [];
    for (const chunk of inChunks(ids)) {
      items.push(...(await selectItems(runId).where(column, 'in', chunk).execute()));
    }
    return items.sort((a, b) => a.ordinal - b.ordinal);
  };

  return {
    countItems: (runId) => countItems(database, runId),

    readItems: (runId, { states, limit, afterOrdinal }) =>
      selectItems(runId)
        .where('state', 'in', states)
        .$if(afterOrdinal !== undefined, (query) => query.where('ordinal', '>', afterOrdinal ?? 0))
        .limit(limit)
        .execute(),

    readItemsByKey: (runId, rdsPropertyIds) => readItemsBy('rdsPropertyId', runId, rdsPropertyIds),

    readItemsByStagingId: (runId, stagingIds) => readItemsBy('stagingId', runId, stagingIds),

    readBatchItems: (runId, batchNumber) =>
      selectItems(runId).where('batchNumber', '=', batchNumber).execute(),

    updateItems: (runId, updates, hold) =>
      database.transaction().execute(async (transaction) => {
        await assertHeld(transaction, 'run', runId, hold);
        await updateItems(transaction, runId, updates, clock.now());
      }),

    saveIntent: ({ runId, batchNumber, ...batch }, items, hold) =>
      database.transaction().execute(async (transaction) => {
        await assertHeld(transaction, 'run', runId, hold);
        await transaction
          .insertInto('deliveryBatch')
          .values({ runId, batchNumber, ...batch })
          .onConflict((conflict) => conflict.columns(['runId', 'batchNumber']).doUpdateSet(batch))
          .execute();
        const held = await heldElsewhere(transaction, runId, items);
        const intents = items
          .filter(({ rdsPropertyId }) => !held.has(rdsPropertyId))
          .map((item) => ({ ...item, state: 'sent' as const }));
        await updateItems(transaction, runId, intents, clock.now(), { batchNumber });
        return [...held];
      }),

    saveJob: (runId, batchNumber, jobId, hold) =>
      database.transaction().execute(async (transaction) => {
        await assertHeld(transaction, 'run', runId, hold);
        await updateBatch(transaction, runId, batchNumber, { jobId });
      }),

    saveOutcomes: (runId, batchNumber, updates, { isDone, hold }) =>
      database.transaction().execute(async (transaction) => {
        await assertHeld(transaction, 'run', runId, hold);
        await updateItems(transaction, runId, updates, clock.now());
        await updateBatch(transaction, runId, batchNumber, { isDone });
      }),

    openBatches: (runId) =>
      database
        .selectFrom('deliveryBatch')
        .selectAll()
        .where('runId', '=', runId)
        .where('isDone', '=', false)
        .orderBy('batchNumber')
        .execute(),

    async nextBatchNumber(runId) {
      const { last } = await database
        .selectFrom('deliveryBatch')
        .select((select) => select.fn.max('batchNumber').as('last'))
        .where('runId', '=', runId)
        .executeTakeFirstOrThrow();
      return ((last as number | null) ?? 0) + 1;
    },
  };
}

const runItemColumns = [
  'runId',
  'rdsPropertyId',
  'ordinal',
  'operation',
  'state',
  'stagingId',
  'groupKey',
  'expected',
  'changes',
  'attempts',
  'wasCreated',
  'before',
  'after',
  'systemModstampBefore',
  'systemModstampAfter',
  'error',
  'warnings',
  'sentAt',
  'acceptedAt',
  'endedAt',
] as const satisfies readonly (keyof RunItem)[];

/** Which of these properties another run has on its way. One intent at a time is asked and stored, over all instances. */
async function heldElsewhere(
  transaction: Transaction<Tables>,
  runId: string,
  items: readonly ItemUpdate[],
): Promise<Set<string>> {
  await sql`select pg_advisory_xact_lock(hashtext('run_item intent'))`.execute(transaction);
  const held = new Set<string>();
  for (const chunk of inChunks(items)) {
    const rows = await transaction
      .selectFrom('runItem')
      .innerJoin('run', 'run.runId', 'runItem.runId')
      .select('runItem.rdsPropertyId')
      .where('runItem.state', 'in', ['sent', 'unknown'])
      .where(
        'runItem.rdsPropertyId',
        'in',
        chunk.map(({ rdsPropertyId }) => rdsPropertyId),
      )
      .where('runItem.runId', '<>', runId)
      .where('run.state', 'in', ['queued', 'running', 'paused'])
      .execute();
    for (const { rdsPropertyId } of rows) held.add(rdsPropertyId);
  }
  return held;
}

async function updateBatch(
  database: Kysely<Tables>,
  runId: string,
  batchNumber: number,
  change: { jobId: string } | { isDone: boolean },
): Promise<void> {
  await database
    .updateTable('deliveryBatch')
    .set(change)
    .where('runId', '=', runId)
    .where('batchNumber', '=', batchNumber)
    .returning('batchNumber')
    .executeTakeFirstOrThrow(() => new Error(`Run ${runId} has no batch ${batchNumber}.`));
}
