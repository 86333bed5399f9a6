import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { januaryNow } from '../baseline/january.ts';
import { writeBaseline } from '../baseline/writeBaseline.ts';
import type { BenchContext } from './benchContext.ts';
import { measurement, percentile, type Measurement } from './measurement.ts';
import { startServices } from './startServices.ts';

/** Memory of the embedded warehouse, for the plan and for its baseline. */
const warehouseMemoryMb = 1_000;

/**
 * A plan of so many source rows against the same SQL alone. The first plan reads every Salesforce row; the second one,
 * which is compared, reads only what has changed, as every later one does.
 */
export async function planBench(rows: number, context: BenchContext): Promise<Measurement> {
  const directory = await context.directory(`plan-${String(rows)}`);
  const source = join(directory, 'baseline');
  context.say('writing the baseline');
  await writeBaseline({ outDir: source, properties: rows });

  context.say('the SQL alone');
  const rounds = await runRawSql(source, join(directory, 'raw'));

  context.say('starting org and middleware');
  const services = await startServices({
    directory,
    source,
    warehouseMemoryMb,
    databaseServer: context.databaseServer,
  });
  try {
    context.say('the first plan');
    const first = await services.api.buildPlan(() => undefined);
    context.say('the second plan');
    const startedAt = performance.now();
    const second = await services.api.buildPlan(() => undefined);
    const secondMs = performance.now() - startedAt;
    const { memoryPeaks } = await services.api.readHealth();
    const secondsOf = (timings: Record<string, number>): number =>
      Object.values(timings).reduce((sum, ms) => sum + ms, 0) / 1_000;
    return measurement({
      benchmark: 'Plan',
      what: `${rows.toLocaleString('en-US')} source rows`,
      value: secondMs / 1_000,
      baseline: 'the same SQL alone: snapshots made, both queues read',
      baselineValue: percentile(rounds, 0.5) / 1_000,
      unit: 's',
      also: {
        'rows to write': (second.summary?.toCreate ?? 0) + (second.summary?.withChanges ?? 0),
        'first plan s': secondsOf(first.timingsMs),
        'of it reading Salesforce s': (first.timingsMs['mirror'] ?? 0) / 1_000,
        'heap MB': memoryPeaks.heapMb,
        'RSS MB': memoryPeaks.rssMb,
      },
    });
  } finally {
    await services.stop();
  }
}

/** Milliseconds of each round. */
async function runRawSql(source: string, directory: string): Promise<number[]> {
  const child = spawn(
    process.execPath,
    [
      ...['scripts/bench/rawSql.ts', '--source', source, '--directory', directory],
      ...['--now', januaryNow, '--memory-mb', String(warehouseMemoryMb)],
    ],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
  const [exitCode] = (await once(child, 'close')) as [number];
  if (exitCode !== 0) throw new Error(`The raw SQL ended with exit code ${String(exitCode)}.`);
  return (JSON.parse(output) as { rounds: number[] }).rounds;
}
