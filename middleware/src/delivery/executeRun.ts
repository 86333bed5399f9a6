import type { ItemError, Run, RunItemState } from '../contracts/index.ts';
import { SyncError } from '../errors.ts';
import { checkBrakes } from './brakes.ts';
import { checkPlanHolds } from './checkPlanHolds.ts';
import { deliverByCollections } from './deliverByCollections.ts';
import { deliverByJob } from './deliverByJob.ts';
import type { DeliveryDeps } from './deliveryDeps.ts';
import { resumeRun } from './resumeRun.ts';
import { isEnded, transition } from './runState.ts';
import { verifyRun } from './verifyRun.ts';

/**
 * Executes a queued run, or goes on with one whose worker died: checks that the plan holds, delivers, verifies, ends.
 * Every item ends in one terminal state. A `SyncError` that waiting cannot cure ends the run as `failed`; the others are
 * thrown, so that the queue gives the run out again.
 */
export async function executeRun(runId: string, deps: DeliveryDeps): Promise<void> {
  const { runStore, clock } = deps;
  const run = await runStore.readRun(runId);
  if (run === undefined || isEnded(run.state) || run.state === 'paused') return;
  await runStore.updateRun(runId, {
    state: transition(run.state, { type: 'started' }),
    startedAt: run.startedAt ?? clock.now().toISOString(),
  });
  try {
    await carryOut({ ...run, state: 'running' }, deps);
  } catch (error) {
    if (!(error instanceof SyncError) || error.isRetryable) throw error;
    await refuseRun(runId, error, deps);
  }
}

/**
 * Ends a run that cannot go on. What may have reached Salesforce is asked for once more, as far as Salesforce answers; what
 * was not sent is skipped, and what stays unknown is called that.
 */
export async function refuseRun(runId: string, error: SyncError, deps: DeliveryDeps): Promise<void> {
  const { runStore, clock } = deps;
  const { code, message, action, details } = error;
  const run = await runStore.readRun(runId);
  if (run === undefined || isEnded(run.state)) return;
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
    endedAt: clock.now().toISOString(),
    error: { code, message, action, details: [...details] },
  });
}

async function settleWhatIsKnown(run: Run, deps: DeliveryDeps): Promise<void> {
  try {
    // One look at a job that is still going on: whoever refuses a run does not wait for it.
    const impatient = { ...deps, settings: { ...deps.settings, jobTimeoutMs: 0 } };
    await resumeRun(run, impatient);
    await verifyRun(run, impatient);
  } catch (error) {
    // Salesforce does not answer now. The items say so below, and the next plan sees the records afresh.
    if (!(error instanceof SyncError)) throw error;
  }
}

async function carryOut(run: Run, deps: DeliveryDeps): Promise<void> {
  const { runStore, clock, settings } = deps;
  const { runId } = run;
  const timingsMs: Record<string, number> = { ...run.timingsMs };
  const stage = async <Result>(name: string, text: string, work: () => Promise<Result>): Promise<Result> => {
    await runStore.updateRun(runId, { stage: text });
    const startedAt = performance.now();
    const result = await work();
    timingsMs[name] = (timingsMs[name] ?? 0) + Math.round(performance.now() - startedAt);
    await runStore.updateRun(runId, { timingsMs });
    return result;
  };

  await resumeRun(run, deps);
  const { waiting } = await runStore.countItems(runId);
  let stopReason: StopReason | null = null;
  if (waiting > 0) {
    const plan = await runStore.readPlan(run.planId);
    if (plan === undefined) throw new SyncError('NOT_FOUND', `The plan ${run.planId} of the run is gone.`);
    await stage('check', 'checking the plan', () => checkPlanHolds(plan, run, deps));
    stopReason = await stage('deliver', 'writing', async () => {
      if (waiting > settings.maxCollectionRows) await deliverByJob(run, deps);
      return deliverByCollections(run, deps, () => reasonToStop(runId, deps));
    });
  }
  await stage('verify', 'reading back', () => verifyRun(run, deps));
  // Somebody moved the run to another state; it stays there.
  if (stopReason?.kind === 'asked') return;
  const brake = stopReason === null ? null : new SyncError('BRAKE_TRIPPED', stopReason.text);
  if (brake !== null) {
    await endItems(
      run,
      ['planned'],
      'skipped',
      { class: 'notSent', code: brake.code, message: `Not sent: ${brake.message}` },
      deps,
    );
  }
  const { planned, verified } = await runStore.countItems(runId);
  await runStore.endRun(runId, {
    state: transition('running', { type: 'finished', planned, verified }),
    stage: null,
    endedAt: clock.now().toISOString(),
    timingsMs,
    ...(brake === null
      ? {}
      : { error: { code: brake.code, message: brake.message, action: brake.action, details: [] } }),
  });
}

type StopReason = { readonly kind: 'asked' } | { readonly kind: 'brake'; readonly text: string };

async function reasonToStop(runId: string, { runStore, settings }: DeliveryDeps): Promise<StopReason | null> {
  const run = await runStore.readRun(runId);
  if (run?.state !== 'running') return { kind: 'asked' };
  const text = checkBrakes(run.counts, settings.brakes);
  return text === null ? null : { kind: 'brake', text };
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
