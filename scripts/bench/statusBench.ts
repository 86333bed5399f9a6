import autocannon from 'autocannon';
import { startProgram } from '../demo/startProgram.ts';
import type { BenchContext } from './benchContext.ts';
import { measurement, type Measurement } from './measurement.ts';
import { startJanuary } from './startJanuary.ts';

const connections = 4;
const durationS = 10;
const propertyCount = 500;

/** The status of one property after another against Express answering a fixed document of the same size. */
export async function statusBench(context: BenchContext): Promise<Measurement> {
  const services = await startJanuary('status', context);
  try {
    context.say('planning');
    await services.api.buildPlan(() => undefined);
    const records = await services.orgClient.records('Product_Property__c', ['RDS_Property_ID__c']);
    const ids = records
      .map((record) => record['RDS_Property_ID__c'])
      .filter((id) => typeof id === 'string')
      .slice(0, propertyCount);
    const [first = ''] = ids;
    const bytes = JSON.stringify(await services.api.get(`/v1/properties/${first}/status`)).length;

    context.say('asking the middleware');
    const paths = ids.map((id) => `/v1/properties/${id}/status`);
    const measured = await load(services.url, paths, { authorization: `Bearer ${services.apiKey}` });

    context.say('asking bare Express');
    const bare = await startProgram<{ url: string }>('Bare Express', 'scripts/bench/bareExpress.ts', {
      programArguments: [String(bytes)],
    });
    try {
      const baseline = await load(bare.ready.url, paths, {});
      return measurement({
        benchmark: 'Status endpoint',
        what: `${String(ids.length)} properties, ${String(connections)} connections, ${String(bytes)} bytes`,
        value: measured.requestsPerS,
        baseline: 'Express, one fixed document of the same size',
        baselineValue: baseline.requestsPerS,
        unit: 'requests/s',
        also: {
          'p50 ms': measured.p50Ms,
          'p99 ms': measured.p99Ms,
          'baseline p50 ms': baseline.p50Ms,
          'baseline p99 ms': baseline.p99Ms,
        },
      });
    } finally {
      await bare.stop();
    }
  } finally {
    await services.stop();
  }
}

async function load(
  url: string,
  paths: readonly string[],
  headers: Record<string, string>,
): Promise<{ requestsPerS: number; p50Ms: number; p99Ms: number }> {
  const result = await autocannon({
    url,
    connections,
    duration: durationS,
    requests: paths.map((path) => ({ method: 'GET', path, headers })),
  });
  if (result.non2xx > 0 || result.errors > 0) {
    throw new Error(`${String(result.non2xx + result.errors)} of the requests to ${url} failed.`);
  }
  const { requests, latency } = result;
  return { requestsPerS: requests.average, p50Ms: latency.p50, p99Ms: latency.p99 };
}
