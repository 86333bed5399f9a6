import type { FieldMapping, MemberStatus, PropertyStatus, Resync } from '../contracts/index.ts';
import type { Clock } from '../ports/clock.ts';
import type { ResyncStore } from '../ports/resyncStore.ts';
import type { LatestItem, RunStore } from '../ports/runStore.ts';
import type { ScheduleStore, StoredSchedule } from '../ports/scheduleStore.ts';
import { groupState, propertyState, standingFailure, wasVerifiedSince } from './propertyState.ts';
import type { PlannedGroup, PlannedMember } from '../ports/groupStore.ts';
import { notPlannedYet, readPlannedGroup, type PlannedGroupDeps } from './readPlannedGroup.ts';
import { resolveProperty, type ResolveDeps } from './resolveProperty.ts';

/** From a change at the source to Salesforce, at most (docs/domain.md §9, lag facts). */
const lagMs = 45 * 60_000;

export interface StatusDeps extends ResolveDeps, PlannedGroupDeps {
  readonly runStore: Pick<RunStore, 'latestBuiltPlan' | 'latestItems'>;
  readonly resyncStore: Pick<ResyncStore, 'openResync'>;
  readonly scheduleStore: Pick<ScheduleStore, 'readSchedules'>;
  readonly clock: Clock;
  readonly settings: { readonly fieldMap: readonly FieldMapping[] };
}

/**
 * How the group that an id names stands: what the last plan saw, overlaid by what the ledger knows since. Throws
 * REQUEST_INVALID, NOT_FOUND, PLAN_MISSING.
 */
export async function readPropertyStatus(id: string, deps: StatusDeps): Promise<PropertyStatus> {
  const resolved = await resolveProperty(id, deps);
  const { groupKey, sfdcId, rdsPropertyId, memberIds } = resolved;
  const [group, latestItems, resync, schedules] = await Promise.all([
    readPlannedGroup(resolved, deps),
    deps.runStore.latestItems(memberIds),
    deps.resyncStore.openResync(groupKey),
    deps.scheduleStore.readSchedules(),
  ]);
  if (group.members.length === 0) throw notPlannedYet(groupKey);
  const latestById = new Map(latestItems.map((latest) => [latest.rdsPropertyId, latest]));
  const memberStatus = (member: PlannedMember): MemberStatus => {
    const latest = latestById.get(member.rdsPropertyId);
    const facts = {
      classification: member.classification,
      changes: member.changes,
      mirroredAt: group.mirroredAt,
      latest,
      hasOpenResync: resync !== undefined,
      isSyncPaused: schedules.some(({ pause }) => pause !== null),
    };
    const shown = wasVerifiedSince(facts) ? settled(member, latest) : member;
    const isDifferent = shown.classification === 'CREATE' || shown.classification === 'UPDATE';
    return {
      rdsPropertyId: member.rdsPropertyId,
      name: typeof member.expected['Name'] === 'string' ? member.expected['Name'] : null,
      state: propertyState(facts, deps.settings.fieldMap),
      isContributor: member.isContributor,
      classification: shown.classification,
      reasonCode: shown.reasonCode,
      warnings: [...member.warnings],
      stagingIds: [...shown.stagingIds],
      linkedId: member.linkedId,
      changes: [...shown.changes],
      isInFlight: isDifferent && deps.clock.now().getTime() - changedAtMs(member, latest, group) < lagMs,
      lastVerifiedAt: latest?.verified?.endedAt ?? null,
      lastRunId: latest?.newest.runId ?? null,
      error: standingFailure(facts)?.error ?? null,
    };
  };
  const members = group.members.map(memberStatus);
  const states = members.map(({ state }) => state);
  return {
    groupKey,
    sfdcId,
    rdsPropertyId,
    state: groupState(states),
    doMembersDiffer: new Set(states).size > 1,
    members,
    resync: resync === undefined ? null : shownResync(resync),
    schedules: schedules.map(shownSchedule),
    dataAsOf: group.dataAsOf,
  };
}

type Shown = Pick<PlannedMember, 'classification' | 'reasonCode' | 'stagingIds' | 'changes'>;

/** A member that was written and read back since: its one row holds what it should. */
function settled({ stagingIds }: PlannedMember, latest: LatestItem | undefined): Shown {
  const stagingId = latest?.newest.stagingId ?? null;
  return {
    classification: 'IN_SYNC',
    reasonCode: null,
    stagingIds: stagingId === null ? stagingIds : [stagingId],
    changes: [],
  };
}

/** When a difference can have arisen last: the source of anybody whose values count has changed, or the row was written. */
function changedAtMs(
  member: PlannedMember,
  latest: LatestItem | undefined,
  { members }: PlannedGroup,
): number {
  const contributors = member.isContributor ? members.filter(({ isContributor }) => isContributor) : [];
  const times = [
    member.sourceUpdatedAt,
    ...contributors.map(({ sourceUpdatedAt }) => sourceUpdatedAt),
    member.rowModifiedAt,
    latest?.newest.acceptedAt ?? null,
  ];
  return Math.max(...times.map((time) => (time === null ? -Infinity : new Date(time).getTime())));
}

function shownResync({ resyncId, state, stage, createdAt, actingUser }: Resync): PropertyStatus['resync'] {
  return { resyncId, state, stage, createdAt, actingUser };
}

/** A paused sync has ticks that come to nothing: it starts at none of them. */
function shownSchedule({ sync, nextAt, pause }: StoredSchedule): PropertyStatus['schedules'][number] {
  return { sync, nextAt: pause === null ? nextAt : null, pause };
}
