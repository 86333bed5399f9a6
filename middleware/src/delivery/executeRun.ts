import type { ItemError, Run, RunItemState } from '../contracts/index.ts';
import { type ErrorCode, SyncError } from '../errors.ts';
import { asRunHolder } from './asRunHolder.ts';
import { checkPlanHolds } from './checkPlanHolds.ts';
import { deliverByCollections } from './deliverByCollections.ts';
import { deliverByJob } from './deliverByJob.ts';
import type { DeliveryDeps } from './deliveryDeps.ts';
import { resumeRun } from './resumeRun.ts';
import { toRunError } from './runError.ts';
import { isEnded, transition } from './runState.ts';
import { reasonToStop, stopRun, type StopReason } from './stopRun.ts';
import { verifyRun } from './verifyRun.ts';

/**
 * Executes a queued run, or goes on with one whose worker died: checks that the plan holds, delivers, verifies, ends;
 * or comes to rest between two batches, because somebody asked, records fail or API calls run short. Every item of an
 * ended run is in one terminal state. A `SyncError` that waiting cannot cure ends the run as `failed`; the others are
 * thrown, so that the queue gives the run out again; RUN_CONFLICT, with nothing more sent or stored, if another worker
 * has taken the run meanwhile.
 */
export async function executeRun(runId: string, deps: DeliveryDeps): Promise<void> {
  const taken = await takeRun(runId, deps);
  if (taken === undefined) return;
  const started = await startWork(taken.run, taken.deps);
  if (started === undefined) return;
  try {
    await carryOut(started, taken.deps);
  } catch (error) {
    if (!(error instanceof SyncError)) throw error;
    const cause = pauseCauses[error.code];
    if (cause !== undefined && started.resyncId === null) {
      await settleWhatIsKnown(started, taken.deps);
      await stopRun(runId, { cause, error }, taken.deps);
      return;
    }
    if (error.isRetryable) throw error;
    await refuse(runId, error, taken.deps);
  }
}

/**
 * Ends a run that cannot go on. What may have reached Salesforce is asked for once more, as far as Salesforce answers; what
 * was not sent is skipped, and what stays unknown is called that.
 */
export async function refuseRun(runId: string, error: SyncError, deps: DeliveryDeps): Promise<void> {
  // Work that is given up late must not end a run that stands still by now.
  const taken = await takeRun(runId, deps);
  if (taken !== undefined) await refuse(runId, error, taken.deps);
}

/** What a person cures, or the time of day: the run stands still until then (docs/domain.md §11.2, §11.3). */
const pauseCauses: Partial<Record<ErrorCode, 'budget' | 'authentication'>> = {
  SALESFORCE_API_LIMIT: 'budget',
  SALESFORCE_UNAUTHORIZED: 'authentication',
};

/** Takes the run, from the queue or from a worker that was thought dead; undefined if it has ended or stands still. */
async function takeRun(
  runId: string,
  deps: DeliveryDeps,
): Promise<{ run: Run; deps: DeliveryDeps } | undefined> {
  const { runStore } = deps;
  const run = await runStore.readRun(runId);
  if (run === undefined || isEnded(run.state) || run.state === 'paused') return undefined;
  const hold = await runStore.holdRun(runId);
  return { run, deps: { ...deps, runStore: asRunHolder(runStore, hold) } };
}

async function startWork(
  { runId, state, startedAt }: Run,
  { runStore, clock }: DeliveryDeps,
): Promise<Run | undefined> {
  const patch = {
    state: transition(state, { type: 'started' }),
    startedAt: startedAt ?? clock.now().toISOString(),
  };
  return runStore.moveRun(runId, ['queued', 'running'], patch, null);
}

async function refuse(runId: string, error: SyncError, deps: DeliveryDeps): Promise<void> {
  const { runStore, clock } = deps;
  const { code, message } = error;
  await runStore.assertHeld(runId);
  const run = await runStore.readRun(runId);
  if (run === undefined || isEnded(run.state) || run.state === 'paused') return;
  if (run.counts.attempted > 0) await settleWhatIsKnown(run, deps);
  await endItems(
    run,
    ['planned'],
    'skipped',
    { class: 'notSent', code, message: `Not sent: ${message}` },
    deps,
  );
  await endItems(
    run,
    ['accepted'],
    'failed',
    { class: 'verification', code, message: `Accepted, but not read back: ${message}` },
    deps,
  );
  await endItems(
    run,
    ['sent', 'unknown'],
    'failed',
    { class: 'unknownOutcome', code, message: `Sent, outcome unknown: ${message}` },
    deps,
  );
  await runStore.endRun(runId, {
    state: transition(run.state, { type: 'refused' }),
    stage: null,
    stopRequest: null,
    endedAt: clock.now().toISOString(),
    error: toRunError(error),
  });
}

async function settleWhatIsKnown(run: Run, deps: DeliveryDeps): Promise<void> {
  try {
    // One look at what is still going on: whoever refuses a run does not wait for it.
    const impatient = { ...deps, settings: { ...deps.settings, jobTimeoutMs: 0, lostAnswerSettleMs: 0 } };
    await resumeRun(run, impatient);
    await verifyRun(run, impatient);
  } catch {
    // Whatever it is, the run ends: the items say below that nothing is known of them, and the next plan sees the records
    // afresh. Why the run is given up has been told.
  }
}

async function carryOut(run: Run, deps: DeliveryDeps): Promise<void> {
  const { runStore, clock } = deps;
  const { runId } = run;
  const timingsMs: Record<string, number> = { ...run.timingsMs };
  const stage: Stage = async (name, text, work) => {
    await runStore.updateRun(runId, { stage: text });
    const startedAt = performance.now();
    const result = await work();
    timingsMs[name] = (timingsMs[name] ?? 0) + Math.round(performance.now() - startedAt);
    await runStore.updateRun(runId, { timingsMs });
    return result;
  };

  await resumeRun(run, deps);
  const { waiting } = await runStore.countItems(runId);
  const stopReason = waiting === 0 ? null : await deliver(run, waiting, stage, deps);
  await stage('verify', 'reading back', () => verifyRun(run, deps));
  if (stopReason !== null) {
    await stopRun(runId, stopReason, deps);
    return;
  }
  const { planned, verified } = await runStore.countItems(runId);
  await runStore.endRun(runId, {
    state: transition('running', { type: 'finished', planned, verified }),
    stage: null,
    // Whatever was asked came too late: nothing is left to stop.
    stopRequest: null,
    endedAt: clock.now().toISOString(),
    timingsMs,
  });
}

type Stage = <Result>(name: string, text: string, work: () => Promise<Result>) => Promise<Result>;

/** Sends what waits, and answers why it stopped before the end, or null. */
async function deliver(
  run: Run,
  waiting: number,
  stage: Stage,
  deps: DeliveryDeps,
): Promise<StopReason | null> {
  const { runStore, settings } = deps;
  const shouldStop = () => reasonToStop(run.runId, deps);
  // Somebody may have asked before the work was taken, or while it waited to be given out again.
  const stopReason = await shouldStop();
  if (stopReason !== null) return stopReason;
  const plan = await runStore.readPlan(run.planId);
  if (plan === undefined) throw new SyncError('NOT_FOUND', `The plan ${run.planId} of the run is gone.`);
  await stage('check', 'checking the plan', () => checkPlanHolds(plan, run, deps));
  return stage('deliver', 'writing', async () => {
    if (waiting > settings.maxCollectionRows) {
      const reason = await deliverByJob(run, deps, shouldStop);
      if (reason !== null) return reason;
    }
    return deliverByCollections(run, deps, shouldStop);
  });
}

async function endItems(
  { runId }: Run,
  from: readonly RunItemState[],
  state: RunItemState,
  error: Omit<ItemError, 'fields'>,
  { runStore }: DeliveryDeps,
): Promise<void> {
  for (;;) {
    const items = await runStore.readItems(runId, { states: from, limit: 1_000 });
    if (items.length === 0) return;
    await runStore.updateItems(
      runId,
      items.map(({ rdsPropertyId }) => ({ rdsPropertyId, state, error: { ...error, fields: [] } })),
    );
  }
}
