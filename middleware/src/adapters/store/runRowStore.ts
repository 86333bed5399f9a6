import { type Kysely, type Transaction, sql } from 'kysely';
import { operationOf, type ItemError, type Run } from '../../contracts/index.ts';
import { SyncError } from '../../errors.ts';
import type { RunStore } from '../../ports/runStore.ts';
import { countItems, countItemsOf, noCounts } from './countItems.ts';
import { assertHeld, takeHold } from './hold.ts';
import { insertEvent } from './insertEvent.ts';
import { json } from './json.ts';
import { rememberRequest } from './rememberRequest.ts';
import type { Tables } from './tables.ts';
import type { WorkInbox } from './openQueue.ts';

type RunRowStore = Pick<
  RunStore,
  | 'createRun'
  | 'readRun'
  | 'listRuns'
  | 'openRunOf'
  | 'holdRun'
  | 'assertHeld'
  | 'moveRun'
  | 'updateRun'
  | 'endRun'
  | 'pendingAudits'
  | 'completeAudit'
>;

/** The runs of the run store, and the audits that wait for the warehouse. */
export function createRunRowStore(database: Kysely<Tables>, inbox: WorkInbox): RunRowStore {
  return {
    async createRun(run, idempotency) {
      const created = await database.transaction().execute(async (transaction) => {
        const runId = await rememberRequest(transaction, idempotency, { kind: 'run', createdId: run.runId });
        if (runId === undefined) {
          await insertRun(transaction, run);
          await copyPlanItems(transaction, run);
          await inbox.put(transaction, { kind: 'run', id: run.runId });
        }
        const stored = await readRun(transaction, runId ?? run.runId);
        if (stored === undefined) throw new Error(`The run ${runId} of this key is gone.`);
        return { run: stored, isNew: runId === undefined };
      });
      if (created.isNew) inbox.wake();
      return created;
    },

    readRun: (runId) => readRun(database, runId),

    async listRuns({ limit, afterId, states, sync, kinds }) {
      const rows = await database
        .selectFrom('run')
        .select(runColumns)
        .$if(afterId !== undefined, (query) => query.where('runId', '<', afterId ?? ''))
        .$if(states !== undefined, (query) => query.where('state', 'in', states ?? []))
        .$if(sync !== undefined, (query) => query.where('sync', '=', sync ?? 'A'))
        .$if(kinds !== undefined, (query) => query.where('kind', 'in', kinds ?? []))
        .orderBy('runId', 'desc')
        .limit(limit)
        .execute();
      const counts = await countItemsOf(
        database,
        rows.map(({ runId }) => runId),
      );
      return rows.map((row) => ({ ...row, counts: counts.get(row.runId) ?? noCounts }));
    },

    async openRunOf(sync) {
      const row = await database
        .selectFrom('run')
        .select('runId')
        .where('sync', '=', sync)
        .where('kind', 'in', ['create', 'update'])
        .where('state', 'in', ['queued', 'running', 'paused'])
        .executeTakeFirst();
      return row && readRun(database, row.runId);
    },

    holdRun: (runId) => takeHold(database, 'run', runId),

    assertHeld: (runId, hold) =>
      database.transaction().execute((transaction) => assertHeld(transaction, 'run', runId, hold)),

    async moveRun(runId, from, patch, event, { stopKind, isQueued = false, skip, hold } = {}) {
      const moved = await database.transaction().execute(async (transaction) => {
        await assertHeld(transaction, 'run', runId, hold);
        const row = await transaction
          .updateTable('run')
          .set(toRunRow(patch))
          .where('runId', '=', runId)
          .where('state', 'in', from)
          .$if(stopKind !== undefined, (query) =>
            query.where(sql`stop_request ->> 'kind'`, 'is not distinct from', stopKind ?? null),
          )
          .returning('runId')
          .executeTakeFirst();
        if (row === undefined) return undefined;
        if (event !== null) await insertEvent(transaction, event);
        if (isQueued) await inbox.put(transaction, { kind: 'run', id: runId });
        if (skip !== undefined) {
          await skipPlannedItems(transaction, runId, skip, patch.endedAt ?? null);
          await queueAudit(transaction, runId);
        }
        return readRun(transaction, runId);
      });
      if (moved !== undefined && isQueued) inbox.wake();
      return moved;
    },

    updateRun: (runId, patch, hold) =>
      database.transaction().execute(async (transaction) => {
        await assertHeld(transaction, 'run', runId, hold);
        await updateRun(transaction, runId, patch);
      }),

    endRun: (runId, patch, hold) =>
      database.transaction().execute(async (transaction) => {
        await assertHeld(transaction, 'run', runId, hold);
        const ended = await transaction
          .updateTable('run')
          .set(toRunRow(patch))
          .where('runId', '=', runId)
          .where('state', 'in', ['queued', 'running', 'paused'])
          .returning('runId')
          .executeTakeFirst();
        if (ended !== undefined) await queueAudit(transaction, runId);
      }),

    async pendingAudits(limit) {
      const rows = await database
        .selectFrom('auditOutbox')
        .select('runId')
        .where('completedAt', 'is', null)
        .orderBy('queuedAt')
        .orderBy('runId')
        .limit(limit)
        .execute();
      return rows.map(({ runId }) => runId);
    },

    async completeAudit(runId) {
      await database
        .updateTable('auditOutbox')
        .set({ completedAt: sql`now()` })
        .where('runId', '=', runId)
        .where('completedAt', 'is', null)
        .execute();
    },
  };
}

const runColumns = [
  'runId',
  'planId',
  'sync',
  'kind',
  'state',
  'stage',
  'trigger',
  'actor',
  'actingUser',
  'resyncId',
  'skipMoved',
  'pause',
  'stopRequest',
  'brakeBase',
  'createdAt',
  'startedAt',
  'endedAt',
  'timingsMs',
  'error',
] as const satisfies readonly (keyof Run)[];

/** Stores a run without its items. Throws RUN_CONFLICT if a run of the same sync has not ended. */
export async function insertRun(transaction: Transaction<Tables>, { counts: _, ...run }: Run): Promise<void> {
  const inserted = await transaction
    .insertInto('run')
    .values(toRunRow(run))
    // The index on runs that have not ended; run ids are new.
    .onConflict((conflict) => conflict.doNothing())
    .returning('runId')
    .executeTakeFirst();
  if (inserted !== undefined) return;
  const other = await transaction
    .selectFrom('run')
    .select(['runId', 'state'])
    .where('kind', '=', run.kind)
    .where('state', 'in', ['queued', 'running', 'paused'])
    .executeTakeFirst();
  throw new SyncError(
    'RUN_CONFLICT',
    `Sync ${run.sync} has a run that has not ended${other === undefined ? '' : `: ${other.runId} is ${other.state}`}.`,
  );
}

/** Gives a run one planned item per plan item of its operation. */
export async function copyPlanItems(transaction: Transaction<Tables>, run: Run): Promise<void> {
  await transaction
    .insertInto('runItem')
    .columns([
      'runId',
      'rdsPropertyId',
      'ordinal',
      'operation',
      'state',
      'stagingId',
      'groupKey',
      'expected',
      'changes',
      'warnings',
    ])
    .expression((query) =>
      query
        .selectFrom('planItem')
        .select([
          sql<string>`${run.runId}::uuid`.as('runId'),
          'rdsPropertyId',
          'ordinal',
          'operation',
          sql.lit('planned').as('state'),
          'stagingId',
          'groupKey',
          'expected',
          'changes',
          'warnings',
        ])
        .where('planId', '=', run.planId)
        .where('operation', '=', operationOf[run.sync]),
    )
    .execute();
}

/** The run with its counts. */
export async function readRun(database: Kysely<Tables>, runId: string): Promise<Run | undefined> {
  const row = await database
    .selectFrom('run')
    .select(runColumns)
    .where('runId', '=', runId)
    .executeTakeFirst();
  return row && { ...row, counts: await countItems(database, runId) };
}

async function updateRun(
  database: Kysely<Tables>,
  runId: string,
  patch: Partial<Omit<Run, 'runId' | 'counts'>>,
): Promise<void> {
  if (Object.keys(patch).length === 0) return;
  await database
    .updateTable('run')
    .set(toRunRow(patch))
    .where('runId', '=', runId)
    .returning('runId')
    .executeTakeFirstOrThrow(() => new Error(`There is no run ${runId}.`));
}

async function skipPlannedItems(
  transaction: Transaction<Tables>,
  runId: string,
  error: ItemError,
  endedAt: string | null,
): Promise<void> {
  await transaction
    .updateTable('runItem')
    .set({ state: 'skipped', error: json(error), endedAt })
    .where('runId', '=', runId)
    .where('state', '=', 'planned')
    .execute();
}

async function queueAudit(transaction: Transaction<Tables>, runId: string): Promise<void> {
  await transaction
    .insertInto('auditOutbox')
    .values({ runId })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

/** A run, or a part of one, as its row is written. */
function toRunRow<T extends Partial<Omit<Run, 'counts'>>>(run: T) {
  return {
    ...run,
    pause: json(run.pause),
    stopRequest: json(run.stopRequest),
    brakeBase: json(run.brakeBase),
    timingsMs: json(run.timingsMs),
    error: json(run.error),
  };
}
