import { features, type Operation, type Plan, type ResyncMember } from '../contracts/index.ts';
import { SyncError } from '../errors.ts';
import { assertNoSourceDrop } from '../planning/assertNoSourceDrop.ts';
import { configHash, type PlanningDeps, readPicklists } from '../planning/buildPlan.ts';
import { assertSourceFresh, checkSourceFreshness } from '../planning/checkSourceFreshness.ts';
import type { Evaluation } from '../planning/evaluateProperties.ts';
import { createGuardTally, type GuardTallyOptions } from '../planning/guardTally.ts';
import { evaluateGuards } from '../planning/guards.ts';
import { cohortHash, createPlanHash } from '../planning/hashPlan.ts';
import { newPlan } from '../planning/newPlan.ts';
import { readGroup } from '../planning/readGroup.ts';
import type { PlanItem } from '../ports/runStore.ts';

export type PlanGroupDeps = Omit<PlanningDeps, 'sqlFiles' | 'groupStore'>;

/** A plan of one group, built and judged, with what it makes of every property of the group. */
export interface GroupPlan {
  readonly plan: Plan;
  readonly items: readonly PlanItem[];
  readonly members: readonly ResyncMember[];
}

/**
 * Plans one group on what the source and Salesforce say now, with the guards of a whole plan: shares are over all
 * existing rows of the plan built last, or over the group where there is none. Ends `ready` or `blocked`; stores and
 * writes nothing. Throws NOT_FOUND for a group that is gone, SOURCE_STALE, SOURCE_DROPPED, SALESFORCE_SCHEMA.
 */
export async function planGroup(planId: string, groupKey: string, deps: PlanGroupDeps): Promise<GroupPlan> {
  const { warehouse, runStore, crm, clock, settings } = deps;
  const now = clock.now();
  const [lastPlan, freshness] = await Promise.all([
    runStore.latestBuiltPlan(),
    checkSourceFreshness(warehouse, now, settings.sourceMaxAgeMs),
  ]);
  assertSourceFresh(freshness, settings.sourceMaxAgeMs);
  assertNoSourceDrop(freshness, lastPlan?.summary ?? null, settings.maxSourceDropShare);

  const startedAt = performance.now();
  const group = await readGroup(groupKey, deps);
  if (group === null) {
    throw new SyncError('NOT_FOUND', `The source has no property of the group ${groupKey} any more.`);
  }
  const items = group.rows.filter(({ hasChanges }) => hasChanges).map(({ item }) => item);
  const tally = createGuardTally({
    fieldMap: settings.fieldMap,
    // Where nothing is written no value can be refused, and the question can be spared.
    picklists: items.length === 0 ? {} : await readPicklists(crm, settings.fieldMap),
    rawFlagCounts: noRawFlags,
    existingCount: lastPlan?.summary?.existing,
  });
  for (const { guardRow } of group.rows) tally.addRow(guardRow);
  const guards = evaluateGuards(tally, settings.guards, { isAttended: true });
  const planHash = createPlanHash();
  for (const { operation, rowHash } of items) planHash.add({ operation, rowHash });
  const cohort = (operation: Operation): string =>
    cohortHash(items.filter((item) => item.operation === operation).map((item) => item.rdsPropertyId));

  const plan: Plan = {
    ...newPlan(planId, { isAttended: true, now, groupKey: group.groupKey }),
    state: guards.some(({ isTripped }) => isTripped) ? 'blocked' : 'ready',
    builtAt: clock.now().toISOString(),
    businessTime: now.toISOString(),
    sourceFreshAt: freshness.syncedAt?.toISOString() ?? null,
    guards,
    planHash: planHash.digest(),
    cohortHashes: { create: cohort('create'), update: cohort('update') },
    configHash: configHash(settings),
    timingsMs: { group: Math.round(performance.now() - startedAt) },
  };
  return { plan, items, members: group.members.map(toMember) };
}

// The rows of a group have one flag by rule, whatever its members have themselves: that a column is constant over them
// says nothing. Only the rows of both queues together could show it.
const noRawFlags: GuardTallyOptions['rawFlagCounts'] = Object.fromEntries(
  features.map((feature) => [feature, { enabledCount: 0, notEnabledCount: 0 }]),
) as NonNullable<GuardTallyOptions['rawFlagCounts']>;

function toMember({ rdsPropertyId, class: classification, reasonCode, property }: Evaluation): ResyncMember {
  return { rdsPropertyId, name: property.name, classification, reasonCode, state: null, error: null };
}
