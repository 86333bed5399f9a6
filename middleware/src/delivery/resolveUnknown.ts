import type { Run, RunItem } from '../contracts/index.ts';
import type { ItemUpdate } from '../ports/runStore.ts';
import type { DeliveryDeps } from './deliveryDeps.ts';
import { acceptedEarlier } from './prepareBatch.ts';

const longestPauseMs = 15_000;

/**
 * Finds out what became of items whose answer was lost, by reading them from Salesforce: a record that carries this
 * run's stamp was written, any other was not and may be sent again. Nothing is ever resent blindly. Salesforce may still
 * be at work on a request whose caller has gone: until `lostAnswerSettleMs` after the sending, what is not found is
 * looked for again.
 */
export async function resolveUnknown(
  run: Pick<Run, 'runId'>,
  items: readonly RunItem[],
  deps: Pick<DeliveryDeps, 'crm' | 'settings' | 'clock' | 'pause'>,
): Promise<ItemUpdate[]> {
  const { settings, clock, pause } = deps;
  const lastSentMs = Math.max(0, ...items.map(({ sentAt }) => Date.parse(sentAt ?? '') || 0));
  const updates: ItemUpdate[] = [];
  let missing = items;
  // No longer than that from here either: another instance's clock may have stamped the sending.
  let leftMs = Math.min(
    settings.lostAnswerSettleMs,
    lastSentMs + settings.lostAnswerSettleMs - clock.now().getTime(),
  );
  for (let pauseMs = settings.lostAnswerPauseMs; ; pauseMs = Math.min(pauseMs * 2, longestPauseMs)) {
    const found = await findWritten(run, missing, deps);
    updates.push(...found);
    const foundIds = new Set(found.map(({ rdsPropertyId }) => rdsPropertyId));
    missing = missing.filter(({ rdsPropertyId }) => !foundIds.has(rdsPropertyId));
    if (missing.length === 0 || leftMs <= 0) break;
    const waitMs = Math.max(1, Math.min(pauseMs, leftMs));
    await pause.wait(waitMs);
    leftMs -= waitMs;
  }
  return [...updates, ...missing.map((item) => notWritten(item, settings.maxAttempts))];
}

async function findWritten(
  run: Pick<Run, 'runId'>,
  items: readonly RunItem[],
  { crm }: Pick<DeliveryDeps, 'crm'>,
): Promise<ItemUpdate[]> {
  const creates = items.filter(({ operation }) => operation === 'create');
  const updates = items.filter(({ operation }) => operation === 'update');
  const records = [
    ...(creates.length > 0 ? await crm.readByKeys(creates.map(({ rdsPropertyId }) => rdsPropertyId)) : []),
    ...(updates.length > 0 ? await crm.readByIds(updates.flatMap(({ stagingId }) => stagingId ?? [])) : []),
  ];
  const written = new Map(
    records
      .filter(({ syncRunId }) => syncRunId === run.runId)
      .map((record) => [record.key?.toLowerCase(), record]),
  );
  return items.flatMap((item) => {
    const record = written.get(item.rdsPropertyId);
    return record === undefined ? [] : acceptedEarlier(item, record);
  });
}

function notWritten({ rdsPropertyId, attempts }: RunItem, maxAttempts: number): ItemUpdate {
  if (attempts < maxAttempts) return { rdsPropertyId, state: 'planned' };
  return {
    rdsPropertyId,
    state: 'failed',
    error: {
      class: 'unknownOutcome',
      code: 'NOT_DELIVERED',
      message: `Salesforce did not answer ${String(attempts)} times, and the record was not written.`,
      fields: [],
    },
  };
}
