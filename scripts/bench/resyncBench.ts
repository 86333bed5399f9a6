import { setTimeout as wait } from 'node:timers/promises';
import jsforce from 'jsforce';
import { stagingObject, type Resync } from '../../middleware/src/contracts/index.ts';
import type { BenchContext } from './benchContext.ts';
import { measurement, percentile, type Measurement } from './measurement.ts';
import { startJanuary } from './startJanuary.ts';
import type { Services } from './startServices.ts';

const resyncCount = 60;
const salesforceLatencyMs = 20;
const pollIntervalMs = 10;

/**
 * From the click to the verified record, one after the other, with every answer of Salesforce coming 20 ms late; against
 * jsforce reading, updating and reading back the same record with the same delay.
 */
export async function resyncBench(context: BenchContext): Promise<Measurement> {
  const services = await startJanuary('resync', context);
  try {
    context.say('planning and running, so that all is in sync');
    const plan = await services.api.buildPlan(() => undefined);
    await services.api.runSync(plan.planId, 'A', () => undefined);
    await services.api.runSync(plan.planId, 'B', () => undefined);
    const records = await editByHand(services);
    await services.control('PUT', 'faults', {
      rules: [{ kind: 'slow', delayMs: salesforceLatencyMs, every: 1 }],
    });
    context.say('resyncing');
    const calls = await services.orgClient.apiCalls();
    const latenciesMs: number[] = [];
    for (const { key } of records) latenciesMs.push(await resync(services, key));
    const callsPerResync = ((await services.orgClient.apiCalls()) - calls) / records.length;
    context.say('jsforce');
    const rawMs: number[] = [];
    for (const { id } of records) rawMs.push(await rawUpdate(services, id));
    return measurement({
      benchmark: 'Resync',
      what: `click to verified, ${String(records.length)} hand-edited records, ${String(salesforceLatencyMs)} ms per answer of Salesforce`,
      value: percentile(latenciesMs, 0.5),
      baseline: 'jsforce: read, update and read back one record',
      baselineValue: percentile(rawMs, 0.5),
      unit: 'ms (p50)',
      also: {
        'p95 ms': percentile(latenciesMs, 0.95),
        'baseline p95 ms': percentile(rawMs, 0.95),
        'API calls each': callsPerResync,
      },
    });
  } finally {
    await services.stop();
  }
}

/** Gives records that are in sync a wrong name, as a person would. */
async function editByHand({ org, orgClient, control }: Services): Promise<{ id: string; key: string }[]> {
  const { accessToken } = (await control('POST', 'tokens', { user: 'admin' })) as { accessToken: string };
  const connection = new jsforce.Connection({ instanceUrl: org.url, accessToken, version: '66.0' });
  const rows = await orgClient.records(stagingObject, ['Id', 'RDS_Property_ID__c', 'Sync_Run_ID__c']);
  const edited: { id: string; key: string }[] = [];
  for (const { Id: id, RDS_Property_ID__c: key, Sync_Run_ID__c: runId } of rows) {
    if (typeof id !== 'string' || typeof key !== 'string' || typeof runId !== 'string') continue;
    await connection.sobject(stagingObject).update({ Id: id, Name: 'Edited by hand' });
    edited.push({ id, key });
    if (edited.length === resyncCount) break;
  }
  return edited;
}

async function resync({ api }: Services, key: string): Promise<number> {
  const startedAt = performance.now();
  const { resyncId } = await api.post<Resync>(`/v1/properties/${key}/resyncs`, { actingUser: 'Bench' });
  for (;;) {
    const { state, error } = await api.get<Resync>(`/v1/resyncs/${resyncId}`);
    if (state === 'succeeded') return performance.now() - startedAt;
    if (state !== 'queued' && state !== 'running') {
      throw new Error(`The resync of ${key} is ${state}: ${error?.message ?? 'no cause is given'}`);
    }
    await wait(pollIntervalMs);
  }
}

async function rawUpdate({ org }: Services, id: string): Promise<number> {
  const connection = new jsforce.Connection({
    instanceUrl: org.url,
    accessToken: org.accessToken,
    version: '66.0',
  });
  const startedAt = performance.now();
  await connection.sobject(stagingObject).retrieve(id);
  await connection.sobject(stagingObject).update({ Id: id, Name: 'Raw update' });
  await connection.sobject(stagingObject).retrieve(id);
  return performance.now() - startedAt;
}
