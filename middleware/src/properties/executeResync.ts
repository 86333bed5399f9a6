import {
  type Resync,
  type ResyncMember,
  type Run,
  type Sync,
  syncNames,
  operationOf,
} from '../contracts/index.ts';
import type { DeliveryDeps } from '../delivery/deliveryDeps.ts';
import { executeRun, refuseRun } from '../delivery/executeRun.ts';
import { toRunError } from '../delivery/runError.ts';
import { isEnded } from '../delivery/runState.ts';
import { assertRunnable, noCounts } from '../delivery/startRun.ts';
import { SyncError } from '../errors.ts';
import type { ResyncStore } from '../ports/resyncStore.ts';
import type { ScheduleStore } from '../ports/scheduleStore.ts';
import { asResyncHolder } from './asResyncHolder.ts';
import { assertNotPaused } from './assertNotPaused.ts';
import { planGroup } from './planGroup.ts';
import { isResyncEnded, resyncTransition } from './resyncState.ts';

export interface ResyncDeps extends DeliveryDeps {
  readonly resyncStore: ResyncStore;
  readonly scheduleStore: Pick<ScheduleStore, 'readSchedules'>;
  /** Ids of plans and runs; later ones sort after earlier ones. */
  readonly newId: () => string;
  readonly logger: { warn(details: object, message: string): void };
}

/**
 * Carries out a resync, or goes on with one whose worker died: plans the group, writes, verifies, ends. Everything that
 * has happened stands in the store, so that nothing is done twice. A `SyncError` that waiting cannot cure ends the resync
 * as `failed`; the others are thrown, so that the queue gives it out again; RUN_CONFLICT, with nothing more stored, if
 * another worker has taken the resync meanwhile.
 */
export async function executeResync(resyncId: string, deps: ResyncDeps): Promise<void> {
  const taken = await takeResync(resyncId, deps);
  if (taken === undefined) return;
  try {
    await carryOut(taken.resync, taken.deps);
  } catch (error) {
    if (!(error instanceof SyncError) || error.isRetryable) throw error;
    await refuse(resyncId, error, taken.deps);
  }
}

/** Ends a resync that cannot go on as `failed`, and its runs with it: what may have been written is asked for once more. */
export async function giveUpResync(resyncId: string, error: SyncError, deps: ResyncDeps): Promise<void> {
  const taken = await takeResync(resyncId, deps);
  if (taken !== undefined) await refuse(resyncId, error, taken.deps);
}

/** Takes the resync, from the queue or from a worker that was thought dead; undefined if it has ended. */
async function takeResync(
  resyncId: string,
  deps: ResyncDeps,
): Promise<{ resync: Resync; deps: ResyncDeps } | undefined> {
  const { resyncStore } = deps;
  const isOpen = (resync: Resync | undefined): resync is Resync =>
    resync !== undefined && !isResyncEnded(resync.state);
  if (!isOpen(await resyncStore.readResync(resyncId))) return undefined;
  const hold = await resyncStore.holdResync(resyncId);
  // A worker that was not dead may have ended it a moment before.
  const resync = await resyncStore.readResync(resyncId);
  if (!isOpen(resync)) return undefined;
  return { resync, deps: { ...deps, resyncStore: asResyncHolder(resyncStore, hold) } };
}

async function refuse(resyncId: string, error: SyncError, deps: ResyncDeps): Promise<void> {
  await deps.resyncStore.assertHeld(resyncId);
  const resync = await deps.resyncStore.readResync(resyncId);
  if (resync === undefined || isResyncEnded(resync.state)) return;
  for (const runId of resync.runIds) {
    await refuseRun(runId, error, deps);
  }
  await endResync(resync, error, deps);
}

async function carryOut(resync: Resync, deps: ResyncDeps): Promise<void> {
  const { resyncStore, runStore } = deps;
  const { resyncId } = resync;
  const isNew = resync.planId === null;
  if (isNew) await makePlan(resync, deps);
  const planned = await resyncStore.readResync(resyncId);
  const plan = planned?.planId == null ? undefined : await runStore.readPlan(planned.planId);
  if (planned === undefined || plan === undefined) throw new Error(`The plan of resync ${resyncId} is gone.`);
  assertRunnable(plan);
  const isWriting = planned.runIds.length > 0;
  await Promise.all([
    isNew && isWriting ? publish(planned, deps.clock.now().toISOString(), deps) : undefined,
    completeRuns(planned.runIds, deps),
  ]);
  await endResync(planned, null, deps);
}

/** Plans the group and stores the plan with its runs, in one transaction: from there on the ledger says what is done. */
async function makePlan(resync: Resync, deps: ResyncDeps): Promise<void> {
  const { resyncStore, clock } = deps;
  const { resyncId } = resync;
  await resyncStore.updateResync(resyncId, {
    state: resyncTransition(resync.state, { type: 'started' }),
    stage: 'planning',
    startedAt: resync.startedAt ?? clock.now().toISOString(),
  });
  await assertNotPaused(deps.scheduleStore);
  const { plan, items, members } = await planGroup(deps.newId(), resync.groupKey, deps);
  await assertNobodyWrites(
    items.map(({ rdsPropertyId }) => rdsPropertyId),
    deps,
  );
  const syncs = syncNames.filter(
    (sync) => plan.state === 'ready' && items.some(({ operation }) => operation === operationOf[sync]),
  );
  const createdAt = clock.now().toISOString();
  const runs = syncs.map((sync) => newRun(sync, plan.planId, resync, { runId: deps.newId(), createdAt }));
  await resyncStore.savePlan(resyncId, { plan, items, runs, members });
}

/**
 * A record is written by one run at a time: two upserts of one key at once may make two records where the key is not
 * unique. Throws RUN_CONFLICT, which waiting cures, while a run that has not ended has one of these rows on its way. The
 * store refuses a second intent too; asking first keeps a resync from waiting in its worker's place.
 */
async function assertNobodyWrites(ids: readonly string[], { runStore }: ResyncDeps): Promise<void> {
  for (const { newest, runState } of await runStore.latestItems(ids)) {
    if (isEnded(runState) || (newest.state !== 'sent' && newest.state !== 'unknown')) continue;
    throw new SyncError(
      'RUN_CONFLICT',
      `Run ${newest.runId}, which is ${runState}, has ${newest.rdsPropertyId} on its way.`,
    );
  }
}

function newRun(
  sync: Sync,
  planId: string,
  { resyncId, requestedBy, actingUser }: Resync,
  { runId, createdAt }: Pick<Run, 'runId' | 'createdAt'>,
): Run {
  return {
    runId,
    planId,
    sync,
    kind: 'resync',
    state: 'queued',
    stage: null,
    trigger: 'resync',
    actor: requestedBy,
    actingUser,
    resyncId,
    // A row that somebody edits meanwhile is no reason to leave the rest of the group.
    skipMoved: true,
    pause: null,
    stopRequest: null,
    brakeBase: null,
    createdAt,
    startedAt: null,
    endedAt: null,
    counts: noCounts,
    timingsMs: {},
    error: null,
  };
}

/** Creates before updates; each run to its end. */
async function completeRuns(runIds: readonly string[], deps: ResyncDeps): Promise<void> {
  for (const runId of runIds) {
    for (let run = await deps.runStore.readRun(runId); run !== undefined && !isEnded(run.state);) {
      await executeRun(runId, deps);
      run = await deps.runStore.readRun(runId);
    }
  }
}

async function endResync(resync: Resync, error: SyncError | null, deps: ResyncDeps): Promise<void> {
  const { resyncStore, runStore, clock } = deps;
  const members = await withOutcomes(resync, deps);
  const runs = await Promise.all(resync.runIds.map((runId) => runStore.readRun(runId)));
  const ended = {
    state: resyncTransition(
      resync.state,
      error === null ? { type: 'finished', members } : { type: 'refused' },
    ),
    stage: null,
    endedAt: clock.now().toISOString(),
    members,
    error: error === null ? (runs.find((run) => run?.error)?.error ?? null) : toRunError(error),
  };
  await resyncStore.updateResync(resync.resyncId, ended);
  await publish({ ...resync, ...ended }, ended.endedAt, deps);
}

/** The members with what the ledger says of those that had to be written. */
async function withOutcomes({ members, runIds }: Resync, { runStore }: ResyncDeps): Promise<ResyncMember[]> {
  const ids = members.map(({ rdsPropertyId }) => rdsPropertyId);
  const items = await Promise.all(runIds.map((runId) => runStore.readItemsByKey(runId, ids)));
  const byId = new Map(items.flat().map((item) => [item.rdsPropertyId, item]));
  return members.map((member) => {
    const item = byId.get(member.rdsPropertyId);
    return item === undefined ? member : { ...member, state: item.state, error: item.error };
  });
}

/** Tells the pages that show the group. Told at most once: a page that misses it asks. */
async function publish(
  { groupKey, resyncId, state }: Pick<Resync, 'groupKey' | 'resyncId' | 'state'>,
  occurredAt: string,
  { crm, logger }: ResyncDeps,
): Promise<void> {
  try {
    await crm.publishResync({ groupKey, resyncId, state, occurredAt });
  } catch (error) {
    logger.warn({ err: error, resyncId }, 'the event of a resync was not published');
  }
}
