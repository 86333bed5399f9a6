import type { Run, RunItem } from '../contracts/index.ts';
import { operationOf } from '../contracts/index.ts';
import { SyncError } from '../errors.ts';
import type { RecordOutcome } from '../ports/crm.ts';
import { nextBatchSize } from './batchSize.ts';
import type { DeliveryDeps } from './deliveryDeps.ts';
import { prepareBatch } from './prepareBatch.ts';
import { resolveUnknown } from './resolveUnknown.ts';
import { settleOutcomes } from './settleOutcomes.ts';
import { toRecordWrite } from './toRecordWrite.ts';

/** Called between two batches; a text stops the delivery, with the reason. */
export type ShouldStop = () => Promise<string | null>;

/**
 * Sends the planned items of a run in sObject Collections calls of at most 200, along the ramp. Before each call the
 * before-images and the intent are stored; after it every item has an outcome, a cause, or its place back in the line.
 * Returns the reason for stopping early, or null when no planned item is left.
 */
export async function deliverByCollections(
  run: Run,
  deps: DeliveryDeps,
  shouldStop: ShouldStop,
): Promise<string | null> {
  const { runStore, pause, settings } = deps;
  const ramp = settings.ramp.sizes[operationOf[run.sync]];
  let safeSize = Number.POSITIVE_INFINITY;
  let pauseMs = settings.retryPauseMs;
  for (let sent = 0; ; sent += 1) {
    const stopReason = await shouldStop();
    if (stopReason !== null) return stopReason;
    const size = nextBatchSize(ramp, sent, safeSize);
    const items = await runStore.readItems(run.runId, { states: ['planned'], limit: size });
    if (items.length === 0) return null;
    // A ramp gives people time to look before more is sent; after its last step there is nothing to wait for.
    if (sent > 0 && sent < ramp.length) await pause.wait(settings.ramp.pauseMs);

    const { hasCapacityError, hasContention } = await deliverBatch(run, items, deps);
    if (hasCapacityError) safeSize = Math.max(1, Math.floor(items.length / 2));
    if (hasContention) {
      await pause.wait(pauseMs * (0.5 + pause.jitter()));
      pauseMs = Math.min(pauseMs * 2, 30_000);
    } else {
      pauseMs = settings.retryPauseMs;
    }
  }
}

async function deliverBatch(
  run: Run,
  items: readonly RunItem[],
  deps: DeliveryDeps,
): Promise<{ hasCapacityError: boolean; hasContention: boolean }> {
  const { runStore, crm, clock, pause, settings } = deps;
  const operation = operationOf[run.sync];
  const records =
    operation === 'create'
      ? await crm.readByKeys(items.map(({ rdsPropertyId }) => rdsPropertyId))
      : await crm.readByIds(items.flatMap(({ stagingId }) => stagingId ?? []));
  const { send, intents, skipped } = prepareBatch(items, records, settings.fieldMap);
  if (skipped.length > 0) await runStore.updateItems(run.runId, skipped);
  if (send.length === 0) return { hasCapacityError: false, hasContention: false };

  const batchNumber = await runStore.nextBatchNumber(run.runId);
  await runStore.saveIntent(
    { runId: run.runId, batchNumber, channel: 'collection', jobId: null, isDone: false },
    intents,
  );
  const stamp = { sentAt: clock.now().toISOString(), runId: run.runId };
  let outcomes: RecordOutcome[];
  try {
    outcomes = await crm.writeRecords(
      operation === 'create' ? 'upsert' : 'update',
      send.map((item) => toRecordWrite(item, stamp, settings.fieldMap)),
    );
  } catch (error) {
    if (!(error instanceof SyncError) || error.code !== 'SALESFORCE_UNAVAILABLE') throw error;
    // The answer is lost, not the outcome.
    await pause.wait(settings.lostAnswerPauseMs);
    const attempted = await runStore.readBatchItems(run.runId, batchNumber);
    const updates = await resolveUnknown(run, attempted, deps);
    await runStore.saveOutcomes(run.runId, batchNumber, updates, { isDone: true });
    return { hasCapacityError: false, hasContention: true };
  }
  const { updates, hasCapacityError, hasContention } = settleOutcomes(send, outcomes, {
    maxAttempts: settings.maxAttempts,
    identityOf: ({ rdsPropertyId }) => rdsPropertyId,
  });
  await runStore.saveOutcomes(run.runId, batchNumber, updates, { isDone: true });
  return { hasCapacityError, hasContention };
}
