import type { Plan, Run, RunCounts, StartRunRequest } from '../contracts/index.ts';
import { operationOf } from '../contracts/index.ts';
import { SyncError } from '../errors.ts';
import type { Clock } from '../ports/clock.ts';
import type { Idempotency, RunStore } from '../ports/runStore.ts';

/** Of a run without items. */
export const noCounts: RunCounts = {
  planned: 0,
  attempted: 0,
  written: 0,
  created: 0,
  updated: 0,
  verified: 0,
  failed: 0,
  quarantined: 0,
  skipped: 0,
  unknown: 0,
  waiting: 0,
};

/**
 * Stores a run of one sync of a plan and queues it. The same idempotency key returns the same run. Throws NOT_FOUND,
 * PLAN_NOT_READY, PLAN_BLOCKED or PLAN_FAILED by the plan's state, RUN_CONFLICT while the sync is running.
 */
export async function startRun(
  request: StartRunRequest,
  context: { runId: string; actor: string; trigger: string; idempotency: Idempotency },
  { runStore, clock }: { runStore: RunStore; clock: Clock },
): Promise<{ run: Run; isNew: boolean }> {
  const plan = await runStore.readPlan(request.planId);
  if (plan === undefined) throw new SyncError('NOT_FOUND', `There is no plan ${request.planId}.`);
  if (plan.groupKey !== null) {
    throw new SyncError(
      'REQUEST_INVALID',
      `Plan ${plan.planId} belongs to a resync, which carries it out itself.`,
    );
  }
  assertRunnable(plan);
  assertNotTooOld(plan, clock.now());
  const run: Run = {
    runId: context.runId,
    planId: plan.planId,
    sync: request.sync,
    kind: operationOf[request.sync],
    state: 'queued',
    stage: null,
    trigger: context.trigger,
    actor: context.actor,
    actingUser: null,
    resyncId: null,
    skipMoved: request.skipMoved,
    pause: null,
    stopRequest: null,
    brakeBase: null,
    createdAt: clock.now().toISOString(),
    startedAt: null,
    endedAt: null,
    counts: noCounts,
    timingsMs: {},
    error: null,
  };
  return runStore.createRun(run, context.idempotency);
}

/** Younger than the retention of plan items: a plan without its rows would run as if there were nothing to do. */
const maxPlanAgeMs = 6 * 24 * 60 * 60_000;

function assertNotTooOld({ planId, createdAt }: Plan, now: Date): void {
  if (now.getTime() - Date.parse(createdAt) <= maxPlanAgeMs) return;
  throw new SyncError('PLAN_STALE', `Plan ${planId} was made at ${createdAt}: it is older than six days.`);
}

/** Refuses a plan that no run may execute: PLAN_NOT_READY, PLAN_FAILED, PLAN_BLOCKED, SOURCE_STALE. */
export function assertRunnable({ planId, state, guards, error, isSourceStale, sourceFreshAt }: Plan): void {
  if (state === 'building') throw new SyncError('PLAN_NOT_READY', `Plan ${planId} is still being built.`);
  if (state === 'failed') {
    throw new SyncError(
      'PLAN_FAILED',
      `Plan ${planId} could not be built: ${error?.message ?? 'no cause is stored'}`,
    );
  }
  if (state === 'blocked') {
    const tripped = guards.filter(({ isTripped }) => isTripped);
    throw new SyncError(
      'PLAN_BLOCKED',
      `Plan ${planId} is blocked by ${tripped.map(({ guard }) => guard).join(', ')}.`,
      {
        details: tripped.map(({ detail }) => detail),
      },
    );
  }
  if (isSourceStale) {
    throw new SyncError(
      'SOURCE_STALE',
      `Plan ${planId} was made from a source last ingested at ${sourceFreshAt ?? 'no time known'}.`,
    );
  }
}
