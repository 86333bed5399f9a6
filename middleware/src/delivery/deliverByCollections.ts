import type { Run, RunItem } from '../contracts/index.ts';
import { operationOf } from '../contracts/index.ts';
import { SyncError } from '../errors.ts';
import type { RecordOutcome } from '../ports/crm.ts';
import { createBatchSizer } from './batchSize.ts';
import type { DeliveryDeps, ShouldStop } from './deliveryDeps.ts';
import { prepareBatch } from './prepareBatch.ts';
import { resolveUnknown } from './resolveUnknown.ts';
import { settleOutcomes } from './settleOutcomes.ts';
import { toRecordWrite } from './toRecordWrite.ts';

const maxRetryPauseMs = 30_000;
/** So often a resync looks whether others have let go of its records, before it leaves its place to other resyncs. */
const maxHeldRounds = 3;
const maxNamedRows = 20;
/** How long a run that waits takes to see that it is asked to stop. */
const lookIntervalMs = 2_000;

/** What a batch told about the org. */
interface BatchResult {
  readonly isOverloaded: boolean;
  /** Records were locked, the org was busy or an answer was lost: wait a little before they go again. */
  readonly isPauseNeeded: boolean;
  /** Another run has every record of it on its way. */
  readonly isHeldElsewhere?: boolean;
}

/**
 * Sends the planned items of a run in sObject Collections calls of at most 200, along the ramp. Before each call the
 * before-images and the intent are stored; after it every item has an outcome, a cause, or its place back in the line.
 * Returns the reason for stopping early, or null when no planned item is left. Throws RUN_CONFLICT for a resync whose
 * records another run keeps.
 */
export async function deliverByCollections<Reason>(
  run: Run,
  deps: DeliveryDeps,
  shouldStop: ShouldStop<Reason>,
): Promise<Reason | null> {
  const { runStore, pause, settings } = deps;
  const ramp = settings.ramp.sizes[operationOf[run.sync]];
  const sizer = createBatchSizer(ramp);
  let retryPauseMs = settings.retryPauseMs;
  let heldRounds = 0;
  for (let batches = 0; ; batches += 1) {
    const items = await runStore.readItems(run.runId, { states: ['planned'], limit: sizer.next() });
    if (items.length === 0) return null;
    // A ramp gives people time to look before more is sent; after its last step there is nothing to wait for.
    const isOnRamp = batches > 0 && batches < ramp.length;
    const stopReason = await waitUnlessStopped(isOnRamp ? settings.ramp.pauseMs : 0, shouldStop, deps);
    if (stopReason !== null) return stopReason;

    const { isOverloaded, isPauseNeeded, isHeldElsewhere = false } = await deliverBatch(run, items, deps);
    heldRounds = isHeldElsewhere ? heldRounds + 1 : 0;
    if (run.resyncId !== null && heldRounds === maxHeldRounds) {
      throw new SyncError('RUN_CONFLICT', 'Another run has these records on their way.', {
        details: items.slice(0, maxNamedRows).map(({ rdsPropertyId }) => rdsPropertyId),
      });
    }
    if (isOverloaded) sizer.overloaded(items.length);
    else sizer.passed(items.length);
    if (isPauseNeeded) {
      await pause.wait(retryPauseMs * (0.5 + pause.jitter()));
      retryPauseMs = Math.min(retryPauseMs * 2, maxRetryPauseMs);
    } else {
      retryPauseMs = settings.retryPauseMs;
    }
  }
}

/** Waits, and looks meanwhile and in the end whether to stop. */
async function waitUnlessStopped<Reason>(
  waitMs: number,
  shouldStop: ShouldStop<Reason>,
  { pause }: DeliveryDeps,
): Promise<Reason | null> {
  for (let leftMs = waitMs; ; leftMs -= lookIntervalMs) {
    const stopReason = await shouldStop();
    if (stopReason !== null || leftMs <= 0) return stopReason;
    await pause.wait(Math.min(leftMs, lookIntervalMs));
  }
}

async function deliverBatch(run: Run, items: readonly RunItem[], deps: DeliveryDeps): Promise<BatchResult> {
  const { runStore, crm, clock, settings } = deps;
  const { runId } = run;
  const operation = operationOf[run.sync];
  const records =
    operation === 'create'
      ? await crm.readByKeys(items.map(({ rdsPropertyId }) => rdsPropertyId))
      : await crm.readByIds(items.flatMap(({ stagingId }) => stagingId ?? []));
  const { send: prepared, intents, settled } = prepareBatch(items, records, settings.fieldMap);
  if (settled.length > 0) await runStore.updateItems(runId, settled);
  if (prepared.length === 0) return { isOverloaded: false, isPauseNeeded: false };

  const batchNumber = await runStore.nextBatchNumber(runId);
  const held = new Set(
    await runStore.saveIntent(
      { runId, batchNumber, channel: 'collection', jobId: null, isDone: false },
      intents,
    ),
  );
  // Another run is writing these now; they stay planned and are looked at again.
  const send = prepared.filter(({ rdsPropertyId }) => !held.has(rdsPropertyId));
  if (send.length === 0) {
    await runStore.saveOutcomes(runId, batchNumber, [], { isDone: true });
    return { isOverloaded: false, isPauseNeeded: true, isHeldElsewhere: true };
  }
  const stamp = { sentAt: clock.now().toISOString(), runId };
  // A worker that has stood still since the intent must not send what another one has settled.
  await runStore.assertHeld(runId);
  let outcomes: readonly RecordOutcome[] = [];
  let isAnswerLost = false;
  try {
    outcomes = await crm.writeRecords(
      operation === 'create' ? 'upsert' : 'update',
      send.map((item) => toRecordWrite(item, stamp, settings.fieldMap)),
    );
  } catch (error) {
    if (!(error instanceof SyncError) || error.code !== 'SALESFORCE_UNAVAILABLE') throw error;
    // The answer is lost, not the outcome: every item is unknown until it has been read.
    isAnswerLost = true;
    await deps.pause.wait(settings.lostAnswerPauseMs);
  }
  const sent = await runStore.readBatchItems(runId, batchNumber);
  const { updates, hasCapacityError, hasContention } = settleOutcomes(sent, outcomes, {
    identityOf: ({ rdsPropertyId }) => rdsPropertyId,
    batchSize: send.length,
    maxAttempts: settings.maxAttempts,
  });
  const unknown = new Set(
    updates.flatMap(({ rdsPropertyId, state }) => (state === 'unknown' ? rdsPropertyId : [])),
  );
  const resolved =
    unknown.size === 0
      ? []
      : await resolveUnknown(
          run,
          sent.filter(({ rdsPropertyId }) => unknown.has(rdsPropertyId)),
          deps,
        );
  await runStore.saveOutcomes(
    runId,
    batchNumber,
    [...updates.filter(({ rdsPropertyId }) => !unknown.has(rdsPropertyId)), ...resolved],
    { isDone: true },
  );
  return { isOverloaded: hasCapacityError, isPauseNeeded: hasContention || isAnswerLost || unknown.size > 0 };
}
