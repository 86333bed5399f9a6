import type { Run, RunPause } from '../contracts/index.ts';
import { SyncError } from '../errors.ts';
import { canceledItem, hasUnsettledItems } from './cancelRun.ts';
import { checkBrakes } from './brakes.ts';
import type { DeliveryDeps } from './deliveryDeps.ts';
import { runEvent } from './runEvent.ts';
import { toRunError } from './runError.ts';
import { transition } from './runState.ts';

/** Why a run stops before its end. Whoever asked is read when it stops: a cancel may have come after a pause. */
export type StopReason =
  | { readonly cause: 'asked' }
  | { readonly cause: 'brake' | 'budget' | 'authentication'; readonly error: SyncError };

/** Who pauses a run when nobody asked. */
const middleware = 'middleware';

/** Asked between two batches: the reason to stop here, or null. */
export async function reasonToStop(
  runId: string,
  { runStore, crm, settings }: Pick<DeliveryDeps, 'runStore' | 'crm' | 'settings'>,
): Promise<StopReason | null> {
  const run = await runStore.readRun(runId);
  if (run?.state !== 'running' || run.stopRequest !== null) return { cause: 'asked' };
  // A resync is one group, and it is watched: it ends within a few batches.
  if (run.resyncId !== null) return null;
  const brake = checkBrakes(run, settings.brakes);
  if (brake !== null) return { cause: 'brake', error: new SyncError('BRAKE_TRIPPED', brake) };
  const budget = run.trigger === 'schedule' ? checkBudget(crm.apiUsage(), settings.apiReserveShare) : null;
  if (budget !== null) return { cause: 'budget', error: new SyncError('SALESFORCE_API_LIMIT', budget) };
  return null;
}

/** docs/domain.md §11.2: a scheduled run leaves a share of the day's API calls to others. */
function checkBudget(usage: { used: number; limit: number } | null, reserveShare: number): string | null {
  if (usage === null || usage.used <= usage.limit * (1 - reserveShare)) return null;
  const { used, limit } = usage;
  return `${String(used)} of ${String(limit)} API calls of the day are used: a scheduled run leaves ${String(reserveShare * 100)} % to others.`;
}

/**
 * Brings a running run to rest after what was on its way has been settled: canceled if that was asked, else paused. The
 * request may be taken back or sharpened meanwhile; a run that nobody wants stopped any more is queued again.
 */
export async function stopRun(runId: string, reason: StopReason, deps: DeliveryDeps): Promise<void> {
  const { runStore, clock } = deps;
  for (;;) {
    const run = await runStore.readRun(runId);
    if (run?.state !== 'running') return;
    const stopped = await rest(run, reason, clock.now().toISOString(), deps);
    if (stopped !== undefined) return;
  }
}

async function rest(
  { runId, state, stopRequest }: Run,
  reason: StopReason,
  at: string,
  { runStore }: DeliveryDeps,
): Promise<Run | undefined> {
  const stopKind = stopRequest?.kind ?? null;
  const atRest = { stage: null, stopRequest: null };
  if (stopRequest?.kind === 'cancel') {
    if (await hasUnsettledItems(runId, { runStore })) {
      // Nobody knows yet what the run has written: the queue gives it out again.
      throw reason.cause === 'asked' ? new Error(`Run ${runId} has records on their way.`) : reason.error;
    }
    return runStore.moveRun(
      runId,
      ['running'],
      { ...atRest, state: transition(state, { type: 'canceled' }), endedAt: at },
      runEvent('runCanceled', runId, stopRequest, at),
      { stopKind, skip: canceledItem(stopRequest) },
    );
  }
  if (reason.cause === 'asked' && stopRequest === null) {
    return runStore.moveRun(
      runId,
      ['running'],
      { ...atRest, state: transition(state, { type: 'resumed' }) },
      null,
      {
        stopKind,
        isQueued: true,
      },
    );
  }
  const pause = pauseOf(reason, stopRequest, at);
  return runStore.moveRun(
    runId,
    ['running'],
    {
      ...atRest,
      state: transition(state, { type: pauseEvents[pause.cause] }),
      pause,
      error: reason.cause === 'asked' ? null : toRunError(reason.error),
    },
    runEvent('runPaused', runId, pause, at),
    { stopKind },
  );
}

const pauseEvents = {
  asked: 'pauseAsked',
  brake: 'brakeTripped',
  budget: 'budgetSpent',
  authentication: 'loginRefused',
} as const;

function pauseOf(reason: StopReason, asker: Run['stopRequest'], at: string): RunPause {
  return reason.cause === 'asked'
    ? { cause: 'asked', at, by: asker?.by ?? middleware, reason: asker?.reason ?? '' }
    : { cause: reason.cause, at, by: middleware, reason: reason.error.message };
}
