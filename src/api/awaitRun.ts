import type { Run } from '../../middleware/src/contracts/index.ts';
import type { Watcher } from './buildPlan.ts';
import type { SyncApi } from './syncApi.ts';
import { waitFor } from './waitFor.ts';

/** A run that stands still or has ended; a paused one does not go on by itself. */
export function isAtRest({ state }: Run): boolean {
  return state !== 'queued' && state !== 'running';
}

/** Follows a run until it has ended or stands still, or the time is up. */
export async function awaitRun(
  api: SyncApi,
  run: Run,
  waitMs: number,
  watcher: Watcher<Run>,
  isOver: (run: Run) => boolean = isAtRest,
): Promise<Run> {
  return waitFor(run, { read: () => api.readRun(run.runId), isOver, waitMs, ...watcher });
}
