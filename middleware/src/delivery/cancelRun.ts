import type { ItemError, Run } from '../contracts/index.ts';
import { changeRun, type RunControlDeps } from './changeRun.ts';
import { runEvent, type Asker } from './runEvent.ts';
import { transition } from './runState.ts';

/**
 * Cancels a run: what was written stays and is verified, the rest is skipped. A run with nothing on its way ends at
 * once; any other is asked to, and ends when what is on its way has been settled. Throws NOT_FOUND, RUN_CONFLICT.
 */
export function cancelRun(runId: string, { by, reason }: Asker, deps: RunControlDeps): Promise<Run> {
  const { runStore } = deps;
  const asker = { by, reason };
  return changeRun(runId, deps, async (run, at) => {
    const stopKind = run.stopRequest?.kind ?? null;
    if (stopKind === 'cancel') return run;
    const stopRequest = { kind: 'cancel', at, ...asker } as const;
    if (run.state === 'running') {
      return runStore.moveRun(runId, ['running'], { stopRequest }, null, { stopKind });
    }
    // A pause for want of API calls may have left records on their way: the worker asks for them first.
    if (await hasUnsettledItems(runId, deps)) {
      return runStore.moveRun(runId, [run.state], { state: 'queued', pause: null, stopRequest }, null, {
        stopKind,
        isQueued: true,
      });
    }
    return runStore.moveRun(
      runId,
      [run.state],
      { state: transition(run.state, { type: 'canceled' }), pause: null, stage: null, endedAt: at },
      runEvent('runCanceled', runId, asker, at),
      { stopKind, skip: canceledItem(asker) },
    );
  });
}

/** Whether Salesforce may hold something of the run that has not been read back. */
export async function hasUnsettledItems(
  runId: string,
  { runStore }: Pick<RunControlDeps, 'runStore'>,
): Promise<boolean> {
  const items = await runStore.readItems(runId, { states: ['sent', 'accepted', 'unknown'], limit: 1 });
  return items.length > 0;
}

/** Why an item of a canceled run was not sent. */
export function canceledItem({ by, reason }: Asker): ItemError {
  return {
    class: 'notSent',
    code: 'CANCELED',
    message: `Not sent: ${by} canceled the run: ${reason}`,
    fields: [],
  };
}
