import { type Kysely, sql, type Transaction } from 'kysely';
import type { Resync } from '../../contracts/index.ts';
import type { ResyncStore } from '../../ports/resyncStore.ts';
import { assertHeld, takeHold } from './hold.ts';
import { inChunks } from './inChunks.ts';
import { json } from './json.ts';
import type { WorkInbox } from './openQueue.ts';
import { insertItems, toPlanRow } from './planStore.ts';
import { findRequest, rememberRequest } from './rememberRequest.ts';
import { copyPlanItems, insertRun } from './runRowStore.ts';
import type { Tables } from './tables.ts';

/** The resyncs of the operational store. */
export function createResyncStore(database: Kysely<Tables>, inbox: WorkInbox): ResyncStore {
  return {
    async createResync(resync, idempotency) {
      const created = await database.transaction().execute(async (transaction) => {
        const { resyncId } = resync;
        const earlierId = await rememberRequest(transaction, idempotency, {
          kind: 'resync',
          createdId: resyncId,
        });
        const keptId = earlierId ?? (await insertOrJoin(transaction, resync, inbox));
        if (earlierId === undefined && keptId !== resyncId) {
          await transaction
            .updateTable('idempotency')
            .set({ createdId: keptId })
            .where('key', '=', idempotency.key)
            .execute();
        }
        const stored = await readResync(transaction, keptId);
        if (stored === undefined) throw new Error(`The resync ${keptId} of this key is gone.`);
        return { resync: stored, isNew: keptId === resyncId };
      });
      inbox.wake();
      return created;
    },

    async findResync(idempotency) {
      const resyncId = await findRequest(database, idempotency, 'resync');
      return resyncId === undefined ? undefined : readResync(database, resyncId);
    },

    readResync: (resyncId) => readResync(database, resyncId),

    holdResync: (resyncId) => takeHold(database, 'resync', resyncId),

    assertHeld: (resyncId, hold) =>
      database.transaction().execute((transaction) => assertHeld(transaction, 'resync', resyncId, hold)),

    updateResync: (resyncId, patch, hold) =>
      database.transaction().execute(async (transaction) => {
        await assertHeld(transaction, 'resync', resyncId, hold);
        await updateResync(transaction, resyncId, patch);
      }),

    savePlan: (resyncId, { plan, items, runs, members }, hold) =>
      database.transaction().execute(async (transaction) => {
        await assertHeld(transaction, 'resync', resyncId, hold);
        // The lock lets one of two attempts at once store its plan, and the other see it.
        const { planId } = await transaction
          .selectFrom('resync')
          .select('planId')
          .where('resyncId', '=', resyncId)
          .forUpdate()
          .executeTakeFirstOrThrow(() => new Error(`There is no resync ${resyncId}.`));
        if (planId !== null) return;
        await transaction.insertInto('plan').values(toPlanRow(plan)).execute();
        for (const chunk of inChunks(items)) await insertItems(transaction, plan.planId, chunk);
        for (const run of runs) {
          await insertRun(transaction, run);
          await copyPlanItems(transaction, run);
        }
        await updateResync(transaction, resyncId, {
          planId: plan.planId,
          members: [...members],
          stage: runs.length === 0 ? null : 'writing',
          ...(plan.groupKey === null ? {} : { groupKey: plan.groupKey }),
        });
      }),

    async openResync(groupKey) {
      const row = await database
        .selectFrom('resync')
        .select('resyncId')
        .where('groupKey', '=', groupKey)
        .where('state', 'in', ['queued', 'running'])
        .orderBy('resyncId', 'desc')
        .executeTakeFirst();
      return row && readResync(database, row.resyncId);
    },
  };
}

/** Stores the resync with its job, or joins the one that waits for the same group. Returns the id of whichever it is. */
async function insertOrJoin(
  transaction: Transaction<Tables>,
  resync: Resync,
  inbox: WorkInbox,
): Promise<string> {
  const { runIds: _, ...row } = resync;
  const isUrgent = resync.urgency === 'urgent';
  for (;;) {
    const inserted = await transaction
      .insertInto('resync')
      .values(toResyncRow(row))
      // The index on resyncs that have not been started; resync ids are new.
      .onConflict((conflict) => conflict.doNothing())
      .returning('resyncId')
      .executeTakeFirst();
    if (inserted !== undefined) {
      await inbox.put(
        transaction,
        { kind: 'resync', id: resync.resyncId },
        { groupKey: resync.groupKey, isUrgent },
      );
      return resync.resyncId;
    }
    const waiting = await transaction
      .selectFrom('resync')
      .select(['resyncId', 'urgency'])
      .where('groupKey', '=', resync.groupKey)
      .where('state', '=', 'queued')
      .forUpdate()
      .executeTakeFirst();
    // None: it has been started since, and what it reads may be older than this request.
    if (waiting === undefined) continue;
    if (isUrgent && waiting.urgency !== 'urgent') {
      await updateResync(transaction, waiting.resyncId, { urgency: 'urgent' });
      await inbox.raise(transaction, resync.groupKey);
    }
    return waiting.resyncId;
  }
}

const resyncColumns = [
  'resyncId',
  'groupKey',
  'requestedId',
  'urgency',
  'state',
  'stage',
  'requestedBy',
  'actingUser',
  'createdAt',
  'startedAt',
  'endedAt',
  'planId',
  'members',
  'error',
] as const satisfies readonly (keyof Resync)[];

async function readResync(database: Kysely<Tables>, resyncId: string): Promise<Resync | undefined> {
  const row = await database
    .selectFrom('resync')
    .select(resyncColumns)
    .where('resyncId', '=', resyncId)
    .executeTakeFirst();
  if (row === undefined) return undefined;
  const runs = await database
    .selectFrom('run')
    .select((run) => [
      'run.runId',
      run
        .exists(
          run
            .selectFrom('runItem')
            .select(sql.lit(1).as('one'))
            .whereRef('runItem.runId', '=', 'run.runId')
            .where('runItem.state', 'in', ['planned', 'sent', 'unknown']),
        )
        .as('isWriting'),
    ])
    .where('resyncId', '=', resyncId)
    .orderBy('run.sync')
    .execute();
  // Told by the ledger: once nothing is left to send, what remains is reading back.
  const stage = row.stage === 'writing' && !runs.some(({ isWriting }) => isWriting) ? 'verifying' : row.stage;
  return { ...row, stage, runIds: runs.map(({ runId }) => runId) };
}

async function updateResync(
  database: Kysely<Tables>,
  resyncId: string,
  patch: Partial<Omit<Resync, 'resyncId' | 'runIds'>>,
): Promise<void> {
  if (Object.keys(patch).length === 0) return;
  await database
    .updateTable('resync')
    .set(toResyncRow(patch))
    .where('resyncId', '=', resyncId)
    .returning('resyncId')
    .executeTakeFirstOrThrow(() => new Error(`There is no resync ${resyncId}.`));
}

/** A resync, or a part of one, as its row is written. */
function toResyncRow<T extends Partial<Omit<Resync, 'runIds'>>>(resync: T) {
  return { ...resync, members: json(resync.members), error: json(resync.error) };
}
