import type { Run, RunItemState } from '../contracts/index.ts';
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

/** Ends a run that cannot go on: what was not sent is skipped, what was sent keeps what is known of it. */
export async function refuseRun(
  runId: string,
  error: SyncError,
  { runStore, clock }: Pick<DeliveryDeps, 'runStore' | 'clock'>,
): Promise<void> {
  const { code, message, action, details } = error;
  const run = await runStore.readRun(runId);
  if (run === undefined || isEnded(run.state)) return;
  const cause = { code, message: `Not sent: ${message}`, fields: [] };
  await endItems(runId, ['planned'], 'skipped', { class: 'moved', ...cause }, runStore);
  await endItems(
    runId,
    ['sent', 'unknown', 'accepted'],
    'failed',
    { class: 'unknownOutcome', ...cause, message },
    runStore,
  );
  await runStore.endRun(runId, {
    state: transition(run.state, { type: 'refused' }),
    stage: null,
    endedAt: clock.now().toISOString(),
    error: { code, message, action, details: [...details] },
  });
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

  const { attempted, planned: itemCount } = await runStore.countItems(runId);
  if (attempted === 0 && itemCount > 0) {
    const plan = await runStore.readPlan(run.planId);
    if (plan === undefined) throw new SyncError('NOT_FOUND', `The plan ${run.planId} of the run is gone.`);
    await stage('check', 'checking the plan', () => checkPlanHolds(plan, run.sync, deps));
  }
  const stopReason = await stage('deliver', 'writing', async () => {
    await resumeRun(run, deps);
    const { waiting } = await runStore.countItems(runId);
    if (waiting > settings.maxCollectionRows) await deliverByJob(run, deps);
    return deliverByCollections(run, deps, () => reasonToStop(runId, deps));
  });
  await stage('verify', 'reading back', () => verifyRun(run, deps));
  if (stopReason !== null) {
    const now = await runStore.readRun(runId);
    // A person may have paused or canceled it meanwhile; only a brake changes the state from here.
    if (now?.state === 'running') {
      await runStore.updateRun(runId, {
        state: transition('running', { type: 'brakeTripped' }),
        stage: stopReason,
      });
    }
    return;
  }
  const { planned, verified } = await runStore.countItems(runId);
  await runStore.endRun(runId, {
    state: transition('running', { type: 'finished', planned, verified }),
    stage: null,
    endedAt: clock.now().toISOString(),
    timingsMs,
  });
}

async function reasonToStop(runId: string, { runStore, settings }: DeliveryDeps): Promise<string | null> {
  const run = await runStore.readRun(runId);
  if (run?.state !== 'running') return `the run is ${run?.state ?? 'gone'}`;
  return checkBrakes(run.counts, settings.brakes);
}

async function endItems(
  runId: string,
  from: readonly RunItemState[],
  state: RunItemState,
  error: { class: 'moved' | 'unknownOutcome'; code: string; message: string; fields: string[] },
  runStore: DeliveryDeps['runStore'],
): Promise<void> {
  for (;;) {
    const items = await runStore.readItems(runId, { states: from, limit: 1_000 });
    if (items.length === 0) return;
    await runStore.updateItems(
      runId,
      items.map(({ rdsPropertyId }) => ({ rdsPropertyId, state, error })),
    );
  }
}
