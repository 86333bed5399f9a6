import type { Run } from '../contracts/index.ts';
import { SyncError } from '../errors.ts';
import { brakeBaseOf } from './brakes.ts';
import { assertNotCanceling, changeRun, type RunControlDeps } from './changeRun.ts';
import { runEvent, type Asker } from './runEvent.ts';
import { transition } from './runState.ts';

/**
 * Lets a paused run go on: it is queued again, and takes back a pause that was asked and not yet made. A run that
 * stands still because of its brake needs somebody who may release brakes; its error rate is counted anew from here. A
 * run that goes on anyway stays as it is. Throws NOT_FOUND, RUN_CONFLICT, FORBIDDEN.
 */
export function releaseRun(
  runId: string,
  asker: Asker & { readonly mayReleaseBrake: boolean },
  deps: RunControlDeps,
): Promise<Run> {
  const { runStore } = deps;
  const { by, reason, mayReleaseBrake } = asker;
  return changeRun(runId, deps, async (run, at) => {
    assertNotCanceling(run);
    if (run.state === 'running' && run.stopRequest !== null) {
      return runStore.moveRun(runId, ['running'], { stopRequest: null }, null, { stopKind: 'pause' });
    }
    if (run.state !== 'paused') return run;
    const brake = run.pause?.cause === 'brake' ? run.pause : null;
    if (brake !== null && !mayReleaseBrake) {
      throw new SyncError('FORBIDDEN', `Run ${runId} was stopped by its brake: ${brake.reason}`, {
        action: 'Use a key with the scope approve.',
      });
    }
    return runStore.moveRun(
      runId,
      ['paused'],
      {
        state: transition(run.state, { type: 'resumed' }),
        pause: null,
        error: null,
        ...(brake === null ? {} : { brakeBase: brakeBaseOf(run) }),
      },
      runEvent('runResumed', runId, { by, reason }, at),
      { isQueued: true },
    );
  });
}
