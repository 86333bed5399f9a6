import type { Run } from '../contracts/index.ts';
import { assertNotCanceling, changeRun, type RunControlDeps } from './changeRun.ts';
import { runEvent, type Asker } from './runEvent.ts';
import { transition } from './runState.ts';

/**
 * Pauses a run. One that is queued stands still at once; one that is running is asked to, and does so between two
 * batches. A run that stands still already, or was asked before, stays as it is. Throws NOT_FOUND, RUN_CONFLICT.
 */
export function pauseRun(runId: string, { by, reason }: Asker, deps: RunControlDeps): Promise<Run> {
  const { runStore } = deps;
  const asker = { by, reason };
  return changeRun(runId, deps, async (run, at) => {
    assertNotCanceling(run);
    if (run.state === 'paused' || run.stopRequest !== null) return run;
    if (run.state === 'running') {
      const stopRequest = { kind: 'pause', at, ...asker } as const;
      return runStore.moveRun(runId, ['running'], { stopRequest }, null, { stopKind: null });
    }
    const pause = { cause: 'asked', at, ...asker } as const;
    return runStore.moveRun(
      runId,
      ['queued'],
      { state: transition(run.state, { type: 'pauseAsked' }), pause },
      runEvent('runPaused', runId, asker, at),
      { stopKind: null },
    );
  });
}
