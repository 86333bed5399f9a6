import type { BenchContext } from './benchContext.ts';
import { measurement, type Measurement } from './measurement.ts';
import { startJanuary } from './startJanuary.ts';

const recordsPerCall = 200;

/** API calls of a plan and both runs when nothing is left to do, against sending every row in calls of 200. */
export async function noopBench(context: BenchContext): Promise<Measurement> {
  const services = await startJanuary('noop', context);
  try {
    const first = await services.api.buildPlan(() => undefined);
    await services.api.runSync(first.planId, 'A', () => undefined);
    await services.api.runSync(first.planId, 'B', () => undefined);
    // The second refresh of the mirror still sees what the runs wrote; the third one sees nothing new.
    await services.api.buildPlan(() => undefined);
    context.say('planning and running with nothing to do');
    const before = await services.orgClient.apiCalls();
    const startedAt = performance.now();
    const plan = await services.api.buildPlan(() => undefined);
    const a = await services.api.runSync(plan.planId, 'A', () => undefined);
    const b = await services.api.runSync(plan.planId, 'B', () => undefined);
    const rows = (plan.summary?.existing ?? 0) + (plan.summary?.toCreate ?? 0);
    return measurement({
      benchmark: 'No-op run',
      what: `plan, Sync A and Sync B of ${rows.toLocaleString('en-US')} rows, nothing to do`,
      value: (await services.orgClient.apiCalls()) - before,
      baseline: `every row sent in calls of ${String(recordsPerCall)}`,
      baselineValue: Math.ceil(rows / recordsPerCall),
      unit: 'API calls',
      also: {
        'records written': a.counts.attempted + b.counts.attempted,
        's in all': (performance.now() - startedAt) / 1_000,
      },
    });
  } finally {
    await services.stop();
  }
}
