import type { Run, RunItem } from '../contracts/index.ts';
import type { ItemUpdate } from '../ports/runStore.ts';
import type { DeliveryDeps } from './deliveryDeps.ts';
import { acceptedEarlier } from './prepareBatch.ts';

/**
 * Finds out what became of items whose answer was lost, by reading them from Salesforce: a record that carries this
 * run's stamp was written, any other was not and may be sent again. Nothing is ever resent blindly.
 */
export async function resolveUnknown(
  run: Pick<Run, 'runId'>,
  items: readonly RunItem[],
  { crm, settings }: Pick<DeliveryDeps, 'crm' | 'settings'>,
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
  return items.map((item): ItemUpdate => {
    const { rdsPropertyId, attempts } = item;
    const record = written.get(rdsPropertyId);
    if (record !== undefined) return acceptedEarlier(item, record);
    if (attempts < settings.maxAttempts) return { rdsPropertyId, state: 'planned' };
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
  });
}
