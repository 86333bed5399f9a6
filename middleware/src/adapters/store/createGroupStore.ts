import { type Kysely, sql, type Transaction } from 'kysely';
import type { GroupStore, PlannedGroup } from '../../ports/groupStore.ts';
import { assertHeld } from './hold.ts';
import { inChunks } from './inChunks.ts';
import { json } from './json.ts';
import type { Tables } from './tables.ts';

/** The groups of the plan built last. */
export function createGroupStore(database: Kysely<Tables>): GroupStore {
  return {
    openGroups: (planId, { mirroredAt, hold }) =>
      database.transaction().execute(async (transaction) => {
        await assertHeld(transaction, 'plan', planId, hold);
        await drop(transaction, planId);
        await sql`create table ${partitionOf(planId)} partition of planned_member for values in (${sql.lit(planId)})`.execute(
          transaction,
        );
        await transaction.insertInto('plannedGroups').values({ planId, mirroredAt }).execute();
      }),

    appendMembers: (planId, members, hold) =>
      database.transaction().execute(async (transaction) => {
        await assertHeld(transaction, 'plan', planId, hold);
        for (const chunk of inChunks(members)) {
          const rows = chunk.map((member) => ({ ...member, member }));
          await sql`
            insert into planned_member (plan_id, rds_property_id, group_key, ordinal, staging_ids, member)
            select ${planId}::uuid, "rdsPropertyId", "groupKey", ordinal, "stagingIds", member
            from jsonb_to_recordset(${json(rows)}::jsonb) as row (
              "rdsPropertyId" text, "groupKey" text, ordinal integer, "stagingIds" text[], member jsonb
            )
          `.execute(transaction);
        }
      }),

    async dropOldGroups() {
      const old = await database
        .selectFrom('plannedGroups')
        .leftJoin('plan', 'plan.planId', 'plannedGroups.planId')
        .select('plannedGroups.planId')
        .where((where) => where.or([where('plan.state', 'is', null), where('plan.state', '!=', 'building')]))
        .where('plannedGroups.planId', 'is distinct from', latestBuiltPlan(database).select('planId'))
        .execute();
      for (const { planId } of old) {
        await database.transaction().execute((transaction) => drop(transaction, planId));
      }
    },

    async readGroupOf(id) {
      for (;;) {
        const plan = await readLatest(database);
        if (plan === undefined) return undefined;
        const group = await readMembers(database, plan, id);
        if (group.members.length > 0) return group;
        // A plan that was built meanwhile took the groups of this one with it.
        if ((await readLatest(database))?.planId === plan.planId) return group;
      }
    },
  };
}

const partitionOf = (planId: string) => sql.table(`planned_member_${planId.replaceAll('-', '')}`);

async function drop(transaction: Transaction<Tables>, planId: string): Promise<void> {
  await sql`drop table if exists ${partitionOf(planId)}`.execute(transaction);
  await transaction.deleteFrom('plannedGroups').where('planId', '=', planId).execute();
}

/** The plan of all properties built last. */
export const latestBuiltPlan = (database: Kysely<Tables>) =>
  database
    .selectFrom('plan')
    .where('builtAt', 'is not', null)
    .where('state', 'in', ['ready', 'blocked'])
    .where('groupKey', 'is', null)
    .orderBy('builtAt', 'desc')
    .orderBy('planId', 'desc')
    .limit(1);

const readLatest = (database: Kysely<Tables>) =>
  database
    .selectFrom(
      latestBuiltPlan(database).select(['planId', 'businessTime', 'createdAt', 'sourceFreshAt']).as('plan'),
    )
    .innerJoin('plannedGroups', 'plannedGroups.planId', 'plan.planId')
    .select(['plan.planId', 'businessTime', 'createdAt', 'sourceFreshAt', 'mirroredAt'])
    .executeTakeFirst();

async function readMembers(
  database: Kysely<Tables>,
  plan: NonNullable<Awaited<ReturnType<typeof readLatest>>>,
  id: string,
): Promise<PlannedGroup> {
  const { planId, businessTime, createdAt, sourceFreshAt, mirroredAt } = plan;
  const rows = await database
    .selectFrom('plannedMember')
    .select('member')
    .where('planId', '=', planId)
    .where('groupKey', '=', (query) =>
      query
        .selectFrom(groupsNamed(database, planId, id).as('named'))
        .select(({ fn }) => fn.min('groupKey').as('groupKey')),
    )
    .orderBy('ordinal')
    .execute();
  return {
    members: rows.map(({ member }) => member),
    dataAsOf: { planId, businessTime: businessTime ?? createdAt, sourceFreshAt },
    mirroredAt,
  };
}

/**
 * The key of the group that an id names: of a property, of a group or of a staging row. One search for each, and no
 * LIMIT: for an OR, or the first row of many, PostgreSQL without statistics reads the whole plan.
 */
const groupsNamed = (database: Kysely<Tables>, planId: string, id: string) => {
  const ofPlan = database.selectFrom('plannedMember').select('groupKey').where('planId', '=', planId);
  return ofPlan
    .where('rdsPropertyId', '=', id)
    .unionAll(ofPlan.where('groupKey', '=', id))
    .unionAll(ofPlan.where(sql<boolean>`staging_ids @> array[${id}]::text[]`));
};
