import { type ItemError, operationOf, type Plan, type Run } from '../contracts/index.ts';
import { SyncError } from '../errors.ts';
import { refreshMirror } from '../mirror/refreshMirror.ts';
import { checkViews } from '../planning/checkViews.ts';
import { configHash, prepareViews } from '../planning/buildPlan.ts';
import { assertSourceFresh, checkSourceFreshness } from '../planning/checkSourceFreshness.ts';
import { readGroup } from '../planning/readGroup.ts';
import { readQueue } from '../planning/readQueue.ts';
import type { PlanItem } from '../ports/runStore.ts';
import type { DeliveryDeps } from './deliveryDeps.ts';

const maxNamedRows = 20;
const itemsPerPage = 1_000;
/** A group's plan of this age was made by the attempt that carries it out now. */
const newGroupPlanMs = 5_000;

/**
 * Asks, before anything is written, whether the plan still says what the source and Salesforce say now: the same
 * settings, a fresh source, and for each row that the run has still to write the same values. Of a whole plan the views
 * and the mirror are asked, of the plan of one group the raw rows of that group; rows that have joined the queue since
 * are left for the next plan. Throws PLAN_STALE naming the rows that moved, or ends them as `skipped` if the run goes on
 * without them. A row that another run of ours has written since then makes no plan stale: it ends as `skipped`.
 */
export async function checkPlanHolds(
  plan: Plan,
  run: Pick<Run, 'runId' | 'sync' | 'skipMoved'>,
  deps: DeliveryDeps,
): Promise<void> {
  const { runStore, clock, settings } = deps;
  if (plan.configHash !== configHash(settings)) {
    throw new SyncError('PLAN_STALE', 'The settings have changed since the plan was made.');
  }
  // What moves within the next moment is found record by record before its write; asking now would only cost calls.
  if (plan.groupKey !== null && ageMs(plan, clock.now()) < newGroupPlanMs) return;

  const queued =
    plan.groupKey === null ? queueOfViews(plan, run, deps) : queueOfGroup(plan.groupKey, run, deps);
  const waiting = await waitingIds(run.runId, deps);
  const planned = new Map<string, string>();
  for await (const items of runStore.streamPlanItems(plan.planId, operationOf[run.sync])) {
    for (const { rdsPropertyId, rowHash } of items) {
      if (waiting.has(rdsPropertyId)) planned.set(rdsPropertyId, rowHash);
    }
  }
  const changed: string[] = [];
  for await (const items of queued) {
    for (const { rdsPropertyId, rowHash } of items) {
      const plannedHash = planned.get(rdsPropertyId);
      if (plannedHash === undefined) continue;
      planned.delete(rdsPropertyId);
      if (plannedHash !== rowHash) changed.push(rdsPropertyId);
    }
  }
  const left = [...planned.keys()];
  const written = await writtenSince(left, plan, run.runId, deps);
  const moved = [...changed, ...left.filter((id) => !written.has(id))];
  if (moved.length > 0 && !run.skipMoved) {
    throw new SyncError(
      'PLAN_STALE',
      `${String(moved.length)} planned rows have changed since the plan was made.`,
      { details: moved.slice(0, maxNamedRows) },
    );
  }
  await skip(run.runId, [...written], resynced, deps);
  await skip(run.runId, moved, stale, deps);
}

const resynced: ItemError = {
  class: 'moved',
  code: 'RESYNCED',
  message: 'Another run has written and verified this row since the plan was made.',
  fields: [],
};
const stale: ItemError = {
  class: 'moved',
  code: 'PLAN_STALE',
  message: 'The row has changed since the plan was made.',
  fields: [],
};

const ageMs = ({ builtAt }: Plan, now: Date): number =>
  builtAt === null ? Infinity : now.getTime() - Date.parse(builtAt);

type Queued = AsyncIterable<readonly Pick<PlanItem, 'rdsPropertyId' | 'rowHash'>[]>;

/** What the views say now, after the same steps as those of a plan. */
async function* queueOfViews(plan: Plan, run: Pick<Run, 'sync'>, deps: DeliveryDeps): Queued {
  const { warehouse, crm, clock, settings } = deps;
  const viewHashes = await checkViews(warehouse, deps.sqlFiles);
  const changedViews = Object.keys(viewHashes).filter((view) => viewHashes[view] !== plan.viewHashes[view]);
  if (changedViews.length > 0) {
    throw new SyncError('PLAN_STALE', 'Views have changed since the plan was made.', {
      details: changedViews,
    });
  }
  await refreshMirror({ warehouse, crm, clock, fieldMap: settings.fieldMap }, settings.mirror);
  const businessTime = clock.now();
  await assertFresh(businessTime, deps);
  await prepareViews(deps, businessTime);
  const operation = operationOf[run.sync];
  for await (const rows of readQueue(warehouse, operation, settings.fieldMap, { changesOnly: true })) {
    yield rows.map(({ item }) => item);
  }
}

/** What the reference evaluator says of one group now. */
async function* queueOfGroup(groupKey: string, run: Pick<Run, 'sync'>, deps: DeliveryDeps): Queued {
  await assertFresh(deps.clock.now(), deps);
  const group = await readGroup(groupKey, deps);
  yield (group?.rows ?? [])
    .filter(({ item, hasChanges }) => hasChanges && item.operation === operationOf[run.sync])
    .map(({ item }) => item);
}

async function assertFresh(now: Date, { warehouse, settings }: DeliveryDeps): Promise<void> {
  assertSourceFresh(
    await checkSourceFreshness(warehouse, now, settings.sourceMaxAgeMs),
    settings.sourceMaxAgeMs,
  );
}

/** A run that was interrupted has written some of its rows already; those have left the queue by right. */
async function waitingIds(runId: string, { runStore }: DeliveryDeps): Promise<Set<string>> {
  const ids = new Set<string>();
  let afterOrdinal = -1;
  for (;;) {
    const items = await runStore.readItems(runId, { states: ['planned'], limit: itemsPerPage, afterOrdinal });
    const last = items.at(-1);
    if (last === undefined) return ids;
    afterOrdinal = last.ordinal;
    for (const { rdsPropertyId } of items) ids.add(rdsPropertyId);
  }
}

/** Of these rows, those that another run has verified since the plan was begun. */
async function writtenSince(
  ids: readonly string[],
  plan: Plan,
  runId: string,
  { runStore }: DeliveryDeps,
): Promise<Set<string>> {
  const written = new Set<string>();
  for (let from = 0; from < ids.length; from += itemsPerPage) {
    for (const { rdsPropertyId, verified } of await runStore.latestItems(
      ids.slice(from, from + itemsPerPage),
    )) {
      if (verified === null || verified.runId === runId) continue;
      if (Date.parse(verified.endedAt ?? '') >= Date.parse(plan.createdAt)) written.add(rdsPropertyId);
    }
  }
  return written;
}

async function skip(
  runId: string,
  ids: readonly string[],
  error: ItemError,
  { runStore }: DeliveryDeps,
): Promise<void> {
  if (ids.length === 0) return;
  await runStore.updateItems(
    runId,
    ids.map((rdsPropertyId) => ({ rdsPropertyId, state: 'skipped', error })),
  );
}
