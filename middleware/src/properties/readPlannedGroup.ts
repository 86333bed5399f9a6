import { SyncError } from '../errors.ts';
import type { PlannedGroup } from '../ports/groupStore.ts';
import type { RunStore } from '../ports/runStore.ts';
import type { ResolvedProperty } from './resolveProperty.ts';

export interface PlannedGroupDeps {
  readonly runStore: Pick<RunStore, 'latestBuiltPlan'>;
}

/**
 * The group of a resolved id as the last plan saw it; without members when the group is newer than that. Throws
 * PLAN_MISSING before any plan was built.
 */
export async function readPlannedGroup(
  { planned }: Pick<ResolvedProperty, 'planned'>,
  { runStore }: PlannedGroupDeps,
): Promise<PlannedGroup> {
  if (planned !== null) return planned;
  const plan = await runStore.latestBuiltPlan();
  if (plan === undefined) throw new SyncError('PLAN_MISSING', 'No plan has been built yet.');
  const { planId, sourceFreshAt } = plan;
  const businessTime = plan.businessTime ?? plan.createdAt;
  return { members: [], dataAsOf: { planId, businessTime, sourceFreshAt }, mirroredAt: businessTime };
}

/** What is said of a group that has appeared since the last plan. */
export function notPlannedYet(groupKey: string): SyncError {
  return new SyncError('PLAN_MISSING', `The last plan does not hold the group ${groupKey}.`);
}
