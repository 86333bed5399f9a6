import type { Plan } from '../../middleware/src/contracts/index.ts';
import type { SyncApi } from './syncApi.ts';
import { waitFor } from './waitFor.ts';

/** What is told while something is waited for. */
export interface Watcher<Answer> {
  readonly onProgress: (answer: Answer) => void;
  readonly onSilence: () => void;
}

/** Asks for a plan of all properties and waits for it. It may still be building when the time is up. */
export async function buildPlan(api: SyncApi, waitMs: number, watcher: Watcher<Plan>): Promise<Plan> {
  const plan = await api.createPlan();
  return waitFor(plan, {
    read: () => api.readPlan(plan.planId),
    isOver: ({ state }) => state !== 'building',
    waitMs,
    ...watcher,
  });
}
