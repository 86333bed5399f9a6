import { type Kysely, type Transaction, sql } from 'kysely';
import type { Plan } from '../../contracts/index.ts';
import type { PlanItem, RunStore } from '../../ports/runStore.ts';
import { latestBuiltPlan } from './createGroupStore.ts';
import { assertHeld, takeHold } from './hold.ts';
import { inChunks } from './inChunks.ts';
import { json } from './json.ts';
import { rememberRequest } from './rememberRequest.ts';
import type { Tables } from './tables.ts';
import type { WorkInbox } from './openQueue.ts';

type PlanStore = Pick<
  RunStore,
  | 'createPlan'
  | 'readPlan'
  | 'latestBuiltPlan'
  | 'listPlans'
  | 'holdPlan'
  | 'updatePlan'
  | 'clearPlanItems'
  | 'appendPlanItems'
  | 'listPlanItems'
  | 'streamPlanItems'
>;

const pageSize = 1000;

/** The plans of the run store. */
export function createPlanStore(database: Kysely<Tables>, inbox: WorkInbox): PlanStore {
  return {
    async createPlan(plan, idempotency) {
      const created = await database.transaction().execute(async (transaction) => {
        const planId = await rememberRequest(transaction, idempotency, {
          kind: 'plan',
          createdId: plan.planId,
        });
        if (planId === undefined) {
          await transaction.insertInto('plan').values(toPlanRow(plan)).execute();
          await inbox.put(transaction, { kind: 'plan', id: plan.planId });
        }
        const stored = await selectPlan(transaction, planId ?? plan.planId).executeTakeFirstOrThrow();
        return { plan: stored, isNew: planId === undefined };
      });
      if (created.isNew) inbox.wake();
      return created;
    },

    readPlan: (planId) => selectPlan(database, planId).executeTakeFirst(),

    latestBuiltPlan: () => latestBuiltPlan(database).select(planColumns).executeTakeFirst(),

    listPlans: ({ limit, afterId }) =>
      database
        .selectFrom('plan')
        .select(planColumns)
        .where('groupKey', 'is', null)
        .$if(afterId !== undefined, (query) => query.where('planId', '<', afterId ?? ''))
        .orderBy('planId', 'desc')
        .limit(limit)
        .execute(),

    holdPlan: (planId) => takeHold(database, 'plan', planId),

    async updatePlan(planId, patch, hold) {
      if (Object.keys(patch).length === 0) return;
      await database.transaction().execute(async (transaction) => {
        await assertHeld(transaction, 'plan', planId, hold);
        await transaction
          .updateTable('plan')
          .set(toPlanRow(patch))
          .where('planId', '=', planId)
          .returning('planId')
          .executeTakeFirstOrThrow(() => new Error(`There is no plan ${planId}.`));
      });
    },

    clearPlanItems: (planId, hold) =>
      database.transaction().execute(async (transaction) => {
        await assertHeld(transaction, 'plan', planId, hold);
        await transaction.deleteFrom('planItem').where('planId', '=', planId).execute();
      }),

    appendPlanItems: (planId, items, hold) =>
      database.transaction().execute(async (transaction) => {
        await assertHeld(transaction, 'plan', planId, hold);
        for (const chunk of inChunks(items)) await insertItems(transaction, planId, chunk);
      }),

    listPlanItems: (planId, { limit, after, operation }) =>
      database
        .selectFrom('planItem')
        .select(planItemColumns)
        .where('planId', '=', planId)
        .$if(operation !== undefined, (query) => query.where('operation', '=', operation ?? 'create'))
        .$if(after !== undefined, (query) =>
          query.where(
            sql<boolean>`(operation, ordinal) > (${after?.operation ?? 'create'}, ${after?.ordinal ?? 0}::integer)`,
          ),
        )
        .orderBy('operation')
        .orderBy('ordinal')
        .limit(limit)
        .execute(),

    async *streamPlanItems(planId, operation) {
      let afterOrdinal = -1;
      for (;;) {
        const page: PlanItem[] = await database
          .selectFrom('planItem')
          .select(planItemColumns)
          .where('planId', '=', planId)
          .where('operation', '=', operation)
          .where('ordinal', '>', afterOrdinal)
          .orderBy('ordinal')
          .limit(pageSize)
          .execute();
        const last = page.at(-1);
        if (last === undefined) return;
        yield page;
        if (page.length < pageSize) return;
        afterOrdinal = last.ordinal;
      }
    },
  };
}

const planColumns = [
  'planId',
  'groupKey',
  'state',
  'stage',
  'isAttended',
  'createdAt',
  'builtAt',
  'businessTime',
  'isSourceStale',
  'summary',
  'guards',
  'planHash',
  'cohortHashes',
  'configHash',
  'viewHashes',
  'mirrorWatermark',
  'sourceFreshAt',
  'timingsMs',
  'error',
] as const satisfies readonly (keyof Plan)[];

const planItemColumns = [
  'rdsPropertyId',
  'operation',
  'ordinal',
  'stagingId',
  'groupKey',
  'priority',
  'expected',
  'changes',
  'warnings',
  'rowHash',
] as const satisfies readonly (keyof PlanItem)[];

function selectPlan(database: Kysely<Tables>, planId: string) {
  return database.selectFrom('plan').select(planColumns).where('planId', '=', planId);
}

/** A plan, or a part of one, as its row is written. */
export function toPlanRow<T extends Partial<Plan>>(plan: T) {
  return {
    ...plan,
    summary: json(plan.summary),
    guards: json(plan.guards),
    cohortHashes: json(plan.cohortHashes),
    viewHashes: json(plan.viewHashes),
    timingsMs: json(plan.timingsMs),
    error: json(plan.error),
  };
}

/** Stores the items of a plan, in one statement. */
export async function insertItems(
  transaction: Transaction<Tables>,
  planId: string,
  items: readonly PlanItem[],
): Promise<void> {
  await sql`
    insert into plan_item (
      plan_id, operation, ordinal, rds_property_id, staging_id, group_key, priority, expected, changes, warnings,
      row_hash
    )
    select
      ${planId}::uuid, operation, ordinal, "rdsPropertyId", "stagingId", "groupKey", priority, expected, changes,
      warnings, "rowHash"
    from jsonb_to_recordset(${json(items)}::jsonb) as item (
      operation text, ordinal integer, "rdsPropertyId" text, "stagingId" text, "groupKey" text, priority text,
      expected jsonb, changes jsonb, warnings jsonb, "rowHash" text
    )
  `.execute(transaction);
}
