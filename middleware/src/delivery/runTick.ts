import type { Plan, Run, Sync, Tick } from '../contracts/index.ts';
import { SyncError } from '../errors.ts';
import { buildPlan } from '../planning/buildPlan.ts';
import { newPlan } from '../planning/newPlan.ts';
import type { Idempotency } from '../ports/runStore.ts';
import type { ScheduleStore, StoredSchedule } from '../ports/scheduleStore.ts';
import type { DeliveryDeps } from './deliveryDeps.ts';
import { releaseRun } from './releaseRun.ts';
import { startRun } from './startRun.ts';

export interface TickDeps extends DeliveryDeps {
  readonly scheduleStore: ScheduleStore;
  /** Ids of plans and runs; later ones sort after earlier ones. */
  readonly newId: () => string;
}

/** Who starts what nobody asked for. */
const actor = 'middleware';

/**
 * One tick of a sync's schedule: makes an unattended plan (docs/domain.md §8.4) and starts its run, which the queue gives
 * out. Nothing is started while the sync is paused or has a run that has not ended. The same tick given out again, by
 * its job, makes nothing twice. Throws what waiting can cure, so that the queue tries again.
 */
export async function runTick(sync: Sync, jobId: string, deps: TickDeps): Promise<void> {
  const schedule = await readSchedule(sync, deps);
  // It was put in before the schedule was switched off.
  if (schedule.intervalMs === null) return;
  const tick = await carryOut(schedule, jobId, deps);
  await saveTick(sync, tick, deps);
}

/** Ends a tick that could not be carried out. Its plan, if there is one, ends by its own job. */
export async function giveUpTick(
  sync: Sync,
  error: SyncError,
  deps: Pick<TickDeps, 'scheduleStore' | 'clock'>,
): Promise<void> {
  await saveTick(sync, { outcome: 'failed', detail: error.message }, deps);
}

type TickResult = Pick<Tick, 'outcome'> & Partial<Pick<Tick, 'planId' | 'runId' | 'detail'>>;

async function carryOut(schedule: StoredSchedule, jobId: string, deps: TickDeps): Promise<TickResult> {
  const { runStore } = deps;
  const { sync } = schedule;
  const openRun = await runStore.openRunOf(sync);
  if (schedule.pause !== null) return { ...skippedPaused(schedule), runId: openRun?.runId ?? null };
  // Every tick notes the run that is open: one that is not noted was started by this very tick, before it was interrupted.
  if (openRun?.trigger === 'schedule' && openRun.runId !== schedule.lastTick?.runId) return ran(openRun);
  if (openRun !== undefined) return skippedRunning(openRun, deps);

  const plan = await makePlan(sync, jobId, deps);
  const planId = plan.planId;
  if (plan.state === 'blocked') {
    // Its rows are kept for people to look at until the next plan is blocked; a hundred such plans a day are not.
    const { lastTick } = schedule;
    if (lastTick?.outcome === 'blocked' && lastTick.planId !== null && lastTick.planId !== planId) {
      await runStore.clearPlanItems(lastTick.planId);
    }
    const tripped = plan.guards.filter(({ isTripped }) => isTripped).map(({ guard }) => guard);
    return { outcome: 'blocked', planId, detail: `The plan is blocked by ${tripped.join(', ')}.` };
  }
  const paused = await readSchedule(sync, deps);
  if (paused.pause !== null) return { ...skippedPaused(paused), planId };
  try {
    const { run } = await startRun(
      { planId, sync, skipMoved: false },
      { runId: deps.newId(), actor, trigger: 'schedule', idempotency: idempotencyOf(jobId, 'run') },
      deps,
    );
    return ran(run);
  } catch (error) {
    if (!(error instanceof SyncError) || error.code === 'STORE_UNAVAILABLE') throw error;
    const outcome = error.code === 'RUN_CONFLICT' ? 'skippedRunning' : 'failed';
    return { outcome, planId, detail: error.message };
  }
}

/** The plan of this tick: built now, or as it was built when the tick was given out before. */
async function makePlan(sync: Sync, jobId: string, deps: TickDeps): Promise<Plan> {
  const { runStore, clock, newId } = deps;
  const { plan } = await runStore.createPlan(
    newPlan(newId(), { isAttended: false, now: clock.now() }),
    idempotencyOf(jobId, 'plan'),
  );
  await buildPlan(plan.planId, deps);
  const built = await runStore.readPlan(plan.planId);
  if (built === undefined) throw new Error(`The plan ${plan.planId} of a tick of Sync ${sync} is gone.`);
  return built;
}

/** The next tick starts anew; this one at most lets a run go on that waited for API calls. */
async function skippedRunning(run: Run, deps: TickDeps): Promise<TickResult> {
  const { runId } = run;
  const detail = `Run ${runId} is ${run.state}.`;
  if (run.state !== 'paused' || run.pause?.cause !== 'budget')
    return { outcome: 'skippedRunning', runId, detail };
  if (!(await areCallsFree(deps)))
    return { outcome: 'skippedRunning', runId, detail: `${detail} ${run.pause.reason}` };
  const reason = 'API calls are free again.';
  await releaseRun(runId, { by: actor, reason, mayReleaseBrake: false }, deps);
  return { outcome: 'skippedRunning', runId, detail: `Run ${runId} goes on: ${reason}` };
}

/** Asks Salesforce: what was known when the run was paused stays true only until calls of a day ago run out. */
async function areCallsFree({ crm, settings }: TickDeps): Promise<boolean> {
  const { isReady } = await crm.health();
  const usage = crm.apiUsage();
  return isReady && usage !== null && usage.used <= usage.limit * (1 - settings.apiReserveShare);
}

const ran = ({ planId, runId }: Run): TickResult => ({ outcome: 'ran', planId, runId });

const skippedPaused = ({ pause }: StoredSchedule): TickResult => ({
  outcome: 'skippedPaused',
  detail: pause && `Paused by ${pause.by}: ${pause.reason}`,
});

const idempotencyOf = (jobId: string, made: 'plan' | 'run'): Idempotency => ({
  key: `${actor} tick ${jobId} ${made}`,
  bodyHash: made,
});

async function readSchedule(sync: Sync, { scheduleStore }: TickDeps): Promise<StoredSchedule> {
  const schedule = (await scheduleStore.readSchedules()).find((each) => each.sync === sync);
  if (schedule === undefined) throw new Error(`There is no schedule of Sync ${sync}.`);
  return schedule;
}

async function saveTick(
  sync: Sync,
  { outcome, planId = null, runId = null, detail = null }: TickResult,
  { scheduleStore, clock }: Pick<TickDeps, 'scheduleStore' | 'clock'>,
): Promise<void> {
  await scheduleStore.saveTick(sync, { at: clock.now().toISOString(), outcome, planId, runId, detail });
}
