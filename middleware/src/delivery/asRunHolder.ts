import type { RunStore } from '../ports/runStore.ts';

/** The store as whoever holds a run writes that run: refused once somebody else has taken it. */
export function asRunHolder(runStore: RunStore, hold: number): RunStore {
  return {
    ...runStore,
    assertHeld: (runId) => runStore.assertHeld(runId, hold),
    moveRun: (runId, from, patch, event, options) =>
      runStore.moveRun(runId, from, patch, event, { ...options, hold }),
    updateRun: (runId, patch) => runStore.updateRun(runId, patch, hold),
    updateItems: (runId, updates) => runStore.updateItems(runId, updates, hold),
    saveIntent: (batch, items) => runStore.saveIntent(batch, items, hold),
    saveJob: (runId, batchNumber, jobId) => runStore.saveJob(runId, batchNumber, jobId, hold),
    saveOutcomes: (runId, batchNumber, updates, options) =>
      runStore.saveOutcomes(runId, batchNumber, updates, { ...options, hold }),
    endRun: (runId, patch) => runStore.endRun(runId, patch, hold),
  };
}
