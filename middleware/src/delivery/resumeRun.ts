import type { Run } from '../contracts/index.ts';
import type { DeliveryDeps } from './deliveryDeps.ts';
import { finishJob } from './deliverByJob.ts';
import { resolveUnknown } from './resolveUnknown.ts';

/**
 * Closes every batch that a crash left open, before anything more is sent: a stored intent is resolved by reading
 * Salesforce by key, a stored job by asking for the job. Does nothing for a run that starts for the first time.
 */
export async function resumeRun(run: Run, deps: DeliveryDeps): Promise<void> {
  const { runStore } = deps;
  for (const batch of await runStore.openBatches(run.runId)) {
    if (batch.channel === 'bulk') {
      await finishJob(run, batch, deps);
      continue;
    }
    const items = await runStore.readBatchItems(run.runId, batch.batchNumber);
    const open = items.filter(({ state }) => state === 'sent' || state === 'unknown');
    const updates = await resolveUnknown(run, open, deps);
    await runStore.saveOutcomes(run.runId, batch.batchNumber, updates, { isDone: true });
  }
}
