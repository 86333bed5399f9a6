import type { Run } from '../contracts/index.ts';
import { SyncError } from '../errors.ts';
import type { Clock } from '../ports/clock.ts';
import type { RunStore } from '../ports/runStore.ts';
import { isEnded } from './runState.ts';

export interface RunControlDeps {
  readonly runStore: RunStore;
  readonly clock: Clock;
}

/**
 * Changes a run that may move on meanwhile: `change` is given the run as it stands and answers it changed, or undefined
 * if it had moved on by then, and is asked again. Throws NOT_FOUND; RUN_CONFLICT for a run that has ended, or that
 * belongs to a resync, which carries it out by itself.
 */
export async function changeRun(
  runId: string,
  { runStore, clock }: RunControlDeps,
  change: (run: Run, now: string) => Promise<Run | undefined>,
): Promise<Run> {
  for (;;) {
    const run = await runStore.readRun(runId);
    if (run === undefined) throw new SyncError('NOT_FOUND', `There is no run ${runId}.`);
    if (run.resyncId !== null) {
      throw new SyncError('RUN_CONFLICT', `Run ${runId} belongs to the resync ${run.resyncId}.`, {
        action: 'Wait until the resync has ended.',
      });
    }
    if (isEnded(run.state)) {
      throw new SyncError('RUN_CONFLICT', `Run ${runId} has ended: it is ${run.state}.`, {
        action: 'Read the run; there is nothing left to change.',
      });
    }
    const changed = await change(run, clock.now().toISOString());
    if (changed !== undefined) return changed;
  }
}

/** Refuses what comes too late for a run that is being canceled. */
export function assertNotCanceling({ runId, stopRequest }: Run): void {
  if (stopRequest?.kind !== 'cancel') return;
  throw new SyncError('RUN_CONFLICT', `Run ${runId} is being canceled by ${stopRequest.by}.`, {
    action: 'Make a new plan and run that one.',
  });
}
