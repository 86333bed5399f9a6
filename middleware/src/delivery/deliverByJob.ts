import type { Run, RunItem } from '../contracts/index.ts';
import { operationOf, stampFields } from '../contracts/index.ts';
import { SyncError } from '../errors.ts';
import type { RecordWrite } from '../ports/crm.ts';
import type { DeliveryBatch, ItemUpdate } from '../ports/runStore.ts';
import type { DeliveryDeps, ShouldStop } from './deliveryDeps.ts';
import { fitsBulkFile } from './fitsBulkFile.ts';
import { prepareBatch } from './prepareBatch.ts';
import { resolveUnknown } from './resolveUnknown.ts';
import { settleOutcomes } from './settleOutcomes.ts';
import { toRecordWrite } from './toRecordWrite.ts';

const rowsPerPage = 1_000;
/** Records of one transaction of a job, not adjustable (Bulk API 2.0 Developer Guide). Smaller ones go as collections. */
const jobTransactionRecords = 200;

/**
 * Sends the planned items of a run as one Bulk API 2.0 job. Before-images and intents are stored page by page, the job id
 * before the upload; nothing is held in memory as a whole. Items that no file can carry stay planned. Returns the reason
 * for stopping before the job was opened, or null.
 */
export async function deliverByJob<Reason>(
  run: Run,
  deps: DeliveryDeps,
  shouldStop: ShouldStop<Reason>,
): Promise<Reason | null> {
  const { runStore, crm, settings } = deps;
  const operation = operationOf[run.sync];
  const batchNumber = await runStore.nextBatchNumber(run.runId);
  const batch: DeliveryBatch = { runId: run.runId, batchNumber, channel: 'bulk', jobId: null, isDone: false };
  let memberCount = 0;
  let afterOrdinal = -1;
  for (;;) {
    const page = await runStore.readItems(run.runId, {
      states: ['planned'],
      limit: rowsPerPage,
      afterOrdinal,
    });
    const last = page.at(-1);
    if (last === undefined) break;
    afterOrdinal = last.ordinal;
    const items = page.filter(({ expected }) => fitsBulkFile(expected));
    const records =
      operation === 'create'
        ? await crm.readByKeys(items.map(({ rdsPropertyId }) => rdsPropertyId))
        : await crm.readByIds(items.flatMap(({ stagingId }) => stagingId ?? []));
    const { intents, settled } = prepareBatch(items, records, settings.fieldMap);
    if (settled.length > 0) await runStore.updateItems(run.runId, settled);
    // What another run is writing now stays planned, and goes in a smaller call afterwards.
    const held = intents.length === 0 ? [] : await runStore.saveIntent(batch, intents);
    memberCount += intents.length - held.length;
  }
  if (memberCount === 0) return null;
  const stopReason = await shouldStop();
  if (stopReason !== null) {
    await returnMembers(run, batch, deps);
    return stopReason;
  }

  const writeOperation = operation === 'create' ? 'upsert' : 'update';
  const jobId = await crm.openJob(writeOperation);
  await runStore.saveJob(run.runId, batchNumber, jobId); // A crash from here on is resumed by job id.
  await crm.uploadJob(jobId, writeOperation, bulkFields(deps), uploadRows(run, deps));
  await finishJob(run, { ...batch, jobId }, deps);
  return null;
}

/**
 * Brings a stored batch to its end, whatever state a crash left it in: a job that was never uploaded was never processed
 * and is aborted; any other is awaited and its three result files are read.
 */
export async function finishJob(run: Run, batch: DeliveryBatch, deps: DeliveryDeps): Promise<void> {
  const { runStore, crm } = deps;
  if (batch.jobId === null) {
    await returnMembers(run, batch, deps);
    return;
  }
  const { state } = await crm.readJob(batch.jobId);
  if (state === 'open') {
    await runStore.assertHeld(run.runId); // Whoever has the run now may be uploading it.
    await crm.abortJob(batch.jobId);
    await returnMembers(run, batch, deps);
    return;
  }
  const isAborted = (await awaitJob(run, batch.jobId, deps)) === 'aborted';
  await saveJobOutcomes(run, batch, batch.jobId, { isAborted }, deps);
  // Whatever no result file named is asked for by key, like a lost answer.
  for (;;) {
    const lost = await runStore.readItems(run.runId, { states: ['sent', 'unknown'], limit: rowsPerPage });
    if (lost.length === 0) break;
    await runStore.saveOutcomes(run.runId, batch.batchNumber, await resolveUnknown(run, lost, deps), {
      isDone: false,
    });
  }
  await runStore.saveOutcomes(run.runId, batch.batchNumber, [], { isDone: true });
}

async function saveJobOutcomes(
  run: Run,
  batch: DeliveryBatch,
  jobId: string,
  { isAborted }: { isAborted: boolean },
  deps: DeliveryDeps,
): Promise<void> {
  const { runStore, crm, settings } = deps;
  const isCreate = operationOf[run.sync] === 'create';
  const identityOf = (item: RunItem): string => (isCreate ? item.rdsPropertyId : (item.stagingId ?? ''));
  for await (const chunk of crm.streamJobOutcomes(jobId, isCreate ? 'upsert' : 'update')) {
    // A job that is aborted may still work its last rows off: what it calls unprocessed is asked for by key.
    const outcomes = chunk.filter(({ kind }) => !(isAborted && kind === 'unprocessed'));
    const identities = outcomes.map(({ key }) => key);
    const items = isCreate
      ? await runStore.readItemsByKey(run.runId, identities)
      : await runStore.readItemsByStagingId(run.runId, identities);
    const { updates } = settleOutcomes(items, outcomes, {
      identityOf,
      batchSize: jobTransactionRecords,
      maxAttempts: settings.maxAttempts,
    });
    await runStore.saveOutcomes(run.runId, batch.batchNumber, updates, { isDone: false });
  }
}

/** Puts the members of a batch that was never processed back in the line. */
async function returnMembers(run: Run, batch: DeliveryBatch, { runStore }: DeliveryDeps): Promise<void> {
  for (;;) {
    const items = await runStore.readItems(run.runId, { states: ['sent', 'unknown'], limit: rowsPerPage });
    if (items.length === 0) break;
    const updates = items.map(({ rdsPropertyId }): ItemUpdate => ({ rdsPropertyId, state: 'planned' }));
    await runStore.saveOutcomes(run.runId, batch.batchNumber, updates, { isDone: false });
  }
  await runStore.saveOutcomes(run.runId, batch.batchNumber, [], { isDone: true });
}

/**
 * Waits until the job has ended. One whose run is canceled meanwhile is aborted: what Salesforce has processed stays
 * (Bulk API 2.0 Developer Guide, "Close or Abort a Job").
 */
async function awaitJob(
  run: Run,
  jobId: string,
  { crm, runStore, pause, settings }: DeliveryDeps,
): Promise<'ended' | 'aborted'> {
  const { pollIntervalMs, jobTimeoutMs } = settings;
  let isAbortAsked = false;
  for (
    let waitedMs = 0, intervalMs = Math.min(200, pollIntervalMs);
    ;
    intervalMs = Math.min(intervalMs * 2, pollIntervalMs)
  ) {
    const { state, message } = await crm.readJob(jobId);
    if (state === 'complete') return 'ended';
    if (state === 'aborted') return 'aborted';
    if (state === 'failed') {
      // A failed job may have processed some of its rows: its result files still say which.
      if (message === null || !/InvalidBatch/.test(message)) return 'ended';
      throw new SyncError('SALESFORCE_REJECTED', `Salesforce refused the job ${jobId}: ${message}`);
    }
    if (!isAbortAsked && (await runStore.readRun(run.runId))?.stopRequest?.kind === 'cancel') {
      await crm.abortJob(jobId);
      isAbortAsked = true;
    }
    if (waitedMs >= jobTimeoutMs) {
      throw new SyncError(
        'SALESFORCE_UNAVAILABLE',
        `The job ${jobId} has not ended yet. It goes on, and is found again by its id.`,
      );
    }
    await pause.wait(intervalMs);
    waitedMs += intervalMs;
  }
}

async function* uploadRows(
  run: Run,
  { runStore, clock, settings }: DeliveryDeps,
): AsyncIterable<RecordWrite[]> {
  const stamp = { sentAt: clock.now().toISOString(), runId: run.runId };
  let afterOrdinal = -1;
  for (;;) {
    const items = await runStore.readItems(run.runId, { states: ['sent'], limit: rowsPerPage, afterOrdinal });
    const last = items.at(-1);
    if (last === undefined) return;
    afterOrdinal = last.ordinal;
    yield items.map((item) => toRecordWrite(item, stamp, settings.fieldMap));
  }
}

function bulkFields({ settings }: DeliveryDeps): string[] {
  return [...settings.fieldMap.map(({ field }) => field), ...Object.values(stampFields)];
}
