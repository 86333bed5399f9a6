import { join } from 'node:path';
import { stringify } from 'csv-stringify/sync';
import jsforce from 'jsforce';
import { stagingObject, type Page, type RunItem } from '../../middleware/src/contracts/index.ts';
import { writeBaseline } from '../baseline/writeBaseline.ts';
import type { BenchContext } from './benchContext.ts';
import { measurement, type Measurement } from './measurement.ts';
import { startServices, type Services } from './startServices.ts';

const pollIntervalMs = 250;

/**
 * Sync B of an org whose derived fields are all blank, by one Bulk API 2.0 job, against jsforce's own bulk2 call with the
 * same CSV on the same org, put back to where it was.
 */
export async function deliveryBench(context: BenchContext): Promise<Measurement[]> {
  const directory = await context.directory('delivery');
  const source = join(directory, 'baseline');
  context.say('writing the baseline');
  await writeBaseline({ outDir: source, variant: 'fresh-org' });
  context.say('starting org and middleware');
  const services = await startServices({ directory, source, databaseServer: context.databaseServer });
  try {
    context.say('planning');
    const plan = await services.api.buildPlan(() => undefined);
    context.say('Sync B');
    const startedAt = performance.now();
    const run = await services.api.runSync(plan.planId, 'B', () => undefined);
    const wholeS = (performance.now() - startedAt) / 1_000;
    const items = await readItems(services, run.runId);
    context.say('jsforce with the same CSV');
    await services.control('POST', 'reset');
    const rawS = await uploadRaw(services, items);
    const rows = items.length.toLocaleString('en-US');
    const baseline = 'jsforce bulk2.loadAndWaitForResults, same CSV';
    return [
      measurement({
        benchmark: 'Delivery',
        what: `${rows} updates: before-images, intents, job, outcomes`,
        value: (run.timingsMs['deliver'] ?? 0) / 1_000,
        baseline,
        baselineValue: rawS,
        unit: 's',
        also: { 'records per s': items.length / ((run.timingsMs['deliver'] ?? 1) / 1_000) },
      }),
      measurement({
        benchmark: 'Delivery',
        what: `${rows} updates: the whole run, checked before and read back after`,
        value: wholeS,
        baseline,
        baselineValue: rawS,
        unit: 's',
        also: {
          'check s': (run.timingsMs['check'] ?? 0) / 1_000,
          'verify s': (run.timingsMs['verify'] ?? 0) / 1_000,
          verified: run.counts.verified,
        },
      }),
    ];
  } finally {
    await services.stop();
  }
}

async function readItems(services: Services, runId: string): Promise<RunItem[]> {
  const items: RunItem[] = [];
  let cursor: string | null = null;
  do {
    const query: string = cursor === null ? '' : `&cursor=${encodeURIComponent(cursor)}`;
    const page: Page<RunItem> = await services.api.get(`/v1/runs/${runId}/items?limit=200${query}`);
    items.push(...page.items);
    cursor = page.nextCursor;
  } while (cursor !== null);
  return items;
}

async function uploadRaw({ org }: Services, items: readonly RunItem[]): Promise<number> {
  const rows = items.map(({ stagingId, changes }) => ({
    Id: stagingId,
    ...Object.fromEntries(changes.map(({ field, to }) => [field, to === null ? '#N/A' : to])),
  }));
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const csv = stringify(rows, { header: true, columns, cast: { boolean: String } });
  const connection = new jsforce.Connection({
    instanceUrl: org.url,
    accessToken: org.accessToken,
    version: '66.0',
  });
  const startedAt = performance.now();
  const results = await connection.bulk2.loadAndWaitForResults({
    object: stagingObject,
    operation: 'update',
    input: csv,
    pollTimeout: 600_000,
    pollInterval: pollIntervalMs,
  });
  const seconds = (performance.now() - startedAt) / 1_000;
  if (results.successfulResults.length !== items.length) {
    throw new Error(`jsforce updated ${String(results.successfulResults.length)} rows only.`);
  }
  return seconds;
}
