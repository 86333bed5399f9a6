import type { MappedValue, Run, RunItem } from '../contracts/index.ts';
import { evaluateProperties, type Evaluation } from '../planning/evaluateProperties.ts';
import { toEvaluationSettings } from '../planning/evaluationSettings.ts';
import { readSourceRows } from '../planning/readSourceRows.ts';
import type { PropertyId } from '../planning/salesforceId.ts';
import { toStagingRow } from '../planning/toStagingRow.ts';
import type { StagingRecord } from '../ports/crm.ts';
import type { ItemUpdate } from '../ports/runStore.ts';
import type { DeliveryDeps } from './deliveryDeps.ts';

const itemsPerPage = 1_000;

/**
 * Reads every accepted record back from Salesforce and compares each mapped field with what the reference evaluator makes
 * of the raw source: neither the mirror nor the views that fed the run are asked (docs/domain.md §9). Items end as
 * `verified`, or as `failed` with the fields that differ.
 */
export async function verifyRun(run: Run, deps: DeliveryDeps): Promise<void> {
  const { runStore, crm, settings } = deps;
  const { written } = await runStore.countItems(run.runId);
  if (written > settings.maxCollectionRows) {
    for await (const records of crm.streamRunRecords(run.runId)) {
      const keys = records.flatMap(({ key }) => key?.toLowerCase() ?? []);
      const items = (await runStore.readItemsByKey(run.runId, keys)).filter(
        ({ state }) => state === 'accepted',
      );
      await verifyPage(run, items, records, deps);
    }
  }
  for (;;) {
    const items = await runStore.readItems(run.runId, { states: ['accepted'], limit: itemsPerPage });
    if (items.length === 0) return;
    const records = await crm.readByIds(items.flatMap(({ stagingId }) => stagingId ?? []));
    await verifyPage(run, items, records, deps);
  }
}

async function verifyPage(
  run: Run,
  items: readonly RunItem[],
  records: readonly StagingRecord[],
  { runStore, warehouse, crm, settings }: DeliveryDeps,
): Promise<void> {
  if (items.length === 0) return;
  const source = await readSourceRows(
    warehouse,
    items.map(({ rdsPropertyId }) => rdsPropertyId),
  );
  const evaluations = evaluateProperties(
    { ...source, stagingRows: records.map(toStagingRow) },
    toEvaluationSettings(settings, await crm.productionKeyPrefix()),
  );
  const byId = new Map(records.map((record) => [record.id, record]));
  const updates = items.map((item) =>
    verdict(item, byId.get(item.stagingId ?? ''), evaluations.get(item.rdsPropertyId as PropertyId)),
  );
  await runStore.updateItems(run.runId, updates);
}

/** Judges one record that Salesforce accepted. */
export function verdict(
  { rdsPropertyId }: Pick<RunItem, 'rdsPropertyId'>,
  record: StagingRecord | undefined,
  evaluation: Evaluation | undefined,
): ItemUpdate {
  if (record === undefined)
    return mismatch(rdsPropertyId, 'RECORD_MISSING', 'Salesforce does not show the record.', []);
  const read = { after: record.values, systemModstampAfter: record.systemModstamp };
  if (record.key?.toLowerCase() !== rdsPropertyId) {
    return { ...mismatch(rdsPropertyId, 'KEY_MISMATCH', 'The record carries another key.', []), ...read };
  }
  if (evaluation?.expected == null) {
    const reason = evaluation?.reasonCode ?? 'it is not in the source';
    return {
      ...mismatch(rdsPropertyId, 'NOT_EXPECTED', `The source says not to sync this property: ${reason}.`, []),
      ...read,
    };
  }
  if (evaluation.changes.length === 0) return { rdsPropertyId, state: 'verified', error: null, ...read };
  const differences = evaluation.changes.map(
    ({ field, from, to }) => `${field} is ${show(from)}, not ${show(to)}`,
  );
  return {
    ...mismatch(
      rdsPropertyId,
      'VALUE_MISMATCH',
      `${differences.join('; ')}.`,
      evaluation.changes.map(({ field }) => field),
    ),
    ...read,
  };
}

function mismatch(rdsPropertyId: string, code: string, message: string, fields: string[]): ItemUpdate {
  return { rdsPropertyId, state: 'failed', error: { class: 'verification', code, message, fields } };
}

function show(value: MappedValue): string {
  return value === null ? 'empty' : JSON.stringify(value);
}
