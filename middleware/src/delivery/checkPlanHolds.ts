import { operationOf, type Plan, type Run } from '../contracts/index.ts';
import { SyncError } from '../errors.ts';
import { refreshMirror } from '../mirror/refreshMirror.ts';
import { checkViews } from '../planning/checkViews.ts';
import { configHash, prepareViews } from '../planning/buildPlan.ts';
import { assertSourceFresh, checkSourceFreshness } from '../planning/checkSourceFreshness.ts';
import { readQueue } from '../planning/readQueue.ts';
import type { DeliveryDeps } from './deliveryDeps.ts';

const maxNamedRows = 20;

/**
 * Asks, before anything is written, whether the plan still says what the views say now: the same settings, the same
 * views, a fresh source, and for each row that the run has still to write the same values. Rows that have joined the
 * queue since are left for the next plan. Throws PLAN_STALE naming the rows that moved.
 */
export async function checkPlanHolds(
  plan: Plan,
  run: Pick<Run, 'runId' | 'sync'>,
  deps: DeliveryDeps,
): Promise<void> {
  const { warehouse, runStore, crm, clock, settings } = deps;
  if (plan.configHash !== configHash(settings)) {
    throw new SyncError('PLAN_STALE', 'The settings have changed since the plan was made.');
  }
  const viewHashes = await checkViews(warehouse, deps.sqlFiles);
  const changedViews = Object.keys(viewHashes).filter((view) => viewHashes[view] !== plan.viewHashes[view]);
  if (changedViews.length > 0) {
    throw new SyncError('PLAN_STALE', 'Views have changed since the plan was made.', {
      details: changedViews,
    });
  }
  await refreshMirror({ warehouse, crm, clock, fieldMap: settings.fieldMap }, settings.mirror);
  const businessTime = clock.now();
  assertSourceFresh(
    await checkSourceFreshness(warehouse, businessTime, settings.sourceMaxAgeMs),
    settings.sourceMaxAgeMs,
  );
  await prepareViews(deps, businessTime);

  const operation = operationOf[run.sync];
  const waiting = await waitingIds(run.runId, deps);
  const planned = new Map<string, string>();
  for await (const items of runStore.streamPlanItems(plan.planId, operation)) {
    for (const { rdsPropertyId, rowHash } of items) {
      if (waiting.has(rdsPropertyId)) planned.set(rdsPropertyId, rowHash);
    }
  }
  for await (const rows of readQueue(warehouse, operation, settings.fieldMap, { changesOnly: true })) {
    for (const { item } of rows) {
      if (planned.get(item.rdsPropertyId) === item.rowHash) planned.delete(item.rdsPropertyId);
    }
  }
  if (planned.size === 0) return;
  const named = [...planned.keys()].slice(0, maxNamedRows);
  throw new SyncError(
    'PLAN_STALE',
    `${String(planned.size)} planned rows have changed since the plan was made.`,
    { details: named },
  );
}

/** A run that was interrupted has written some of its rows already; those have left the queue by right. */
async function waitingIds(runId: string, { runStore }: DeliveryDeps): Promise<Set<string>> {
  const ids = new Set<string>();
  let afterOrdinal = -1;
  for (;;) {
    const items = await runStore.readItems(runId, { states: ['planned'], limit: 1_000, afterOrdinal });
    const last = items.at(-1);
    if (last === undefined) return ids;
    afterOrdinal = last.ordinal;
    for (const { rdsPropertyId } of items) ids.add(rdsPropertyId);
  }
}
