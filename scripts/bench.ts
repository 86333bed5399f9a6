import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { cpus, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { leastProperties } from './baseline/january.ts';
import type { BenchContext } from './bench/benchContext.ts';
import { deliveryBench } from './bench/deliveryBench.ts';
import type { Measurement } from './bench/measurement.ts';
import { noopBench } from './bench/noopBench.ts';
import { planBench } from './bench/planBench.ts';
import { toMarkdown, type Machine } from './bench/report.ts';
import { resyncBench } from './bench/resyncBench.ts';
import { statusBench } from './bench/statusBench.ts';
import { step } from './demo/progress.ts';

const benchmarkNames = ['plan', 'delivery', 'status', 'resync', 'noop'] as const;
type BenchmarkName = (typeof benchmarkNames)[number];

const help = `Measures the product against named baselines in the same run and prints the ratios.

Usage: npm run bench -- [--only plan,delivery,status,resync,noop] [--rows 20174,200000,1000000] [--out DIR]

  --only NAMES     which benchmarks (default all)
  --rows N,N       source rows of the plan benchmark (default 20174,200000,1000000)
  --out DIR        also writes bench.md and bench.json there
  --help           shows this

With BENCH_DATABASE_URL the store of each benchmark is a database of its own on that PostgreSQL server, and is dropped
afterwards; else it is the embedded one.

The last line of stdout is the result as JSON; the lines before it are the same as Markdown. A benchmark never fails for
being slow. Run it on a machine that does nothing else.
`;

/** A URL may hold a password: it has no place on the command line. */
const databaseServer = process.env['BENCH_DATABASE_URL'] || null;

process.exitCode = await main();

async function main(): Promise<number> {
  let options: { names: readonly BenchmarkName[]; rows: readonly number[]; out: string | null } | 'help';
  try {
    options = readOptions();
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    return 2;
  }
  if (options === 'help') {
    process.stdout.write(help);
    return 0;
  }
  const root = await mkdtemp(join(tmpdir(), 'property-sync-bench-'));
  try {
    const measurements: Measurement[] = [];
    for (const [title, run] of benchmarks(options.names, options.rows)) {
      const results = await measure(title, root, run);
      measurements.push(...results);
    }
    const machine = readMachine();
    const markdown = toMarkdown(machine, measurements);
    const json = JSON.stringify({ machine, measurements });
    process.stdout.write(`${markdown}\n${json}\n`);
    if (options.out !== null) {
      await mkdir(options.out, { recursive: true });
      await writeFile(join(options.out, 'bench.md'), markdown);
      await writeFile(join(options.out, 'bench.json'), `${json}\n`);
    }
    return 0;
  } finally {
    await rm(root, { recursive: true, force: true });
  }
}

type Benchmark = (context: BenchContext) => Promise<Measurement | Measurement[]>;

function benchmarks(names: readonly BenchmarkName[], rows: readonly number[]): [string, Benchmark][] {
  const all: Record<BenchmarkName, [string, Benchmark][]> = {
    plan: rows.map((count) => [
      `Plan of ${count.toLocaleString('en-US')} rows`,
      (context) => planBench(count, context),
    ]),
    delivery: [['Delivery', deliveryBench]],
    status: [['Status endpoint', statusBench]],
    resync: [['Resync', resyncBench]],
    noop: [['No-op run', noopBench]],
  };
  return names.flatMap((name) => all[name]);
}

async function measure(title: string, root: string, run: Benchmark): Promise<Measurement[]> {
  const directories: string[] = [];
  try {
    return await step(
      title,
      async (say) => {
        const result = await run({
          say,
          databaseServer,
          async directory(name) {
            const directory = join(root, name);
            await mkdir(directory);
            directories.push(directory);
            return directory;
          },
        });
        return [result].flat();
      },
      (results) => results.map(({ ratio }) => `ratio ${ratio.toFixed(2)}`).join(', '),
    );
  } finally {
    for (const directory of directories) await rm(directory, { recursive: true, force: true });
  }
}

function readOptions():
  { names: readonly BenchmarkName[]; rows: readonly number[]; out: string | null } | 'help' {
  const { values } = parseArgs({
    options: {
      only: { type: 'string', default: benchmarkNames.join(',') },
      rows: { type: 'string', default: '20174,200000,1000000' },
      out: { type: 'string' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) return 'help';
  const names = values.only.split(',').map((text) => {
    const name = benchmarkNames.find((known) => known === text.trim());
    if (name === undefined) throw new Error(`--only knows ${benchmarkNames.join(', ')}, not "${text}".`);
    return name;
  });
  const rows = values.rows.split(',').map((text) => {
    const count = Number(text);
    if (Number.isSafeInteger(count) && count >= leastProperties) return count;
    throw new Error(`--rows takes whole numbers of at least ${String(leastProperties)}, not "${text}".`);
  });
  return { names, rows, out: values.out ?? null };
}

function readMachine(): Machine {
  const [cpu] = cpus();
  return {
    cpu: cpu?.model.trim() ?? 'unknown',
    cores: cpus().length,
    memoryGb: Math.round(totalmem() / 2 ** 30),
    platform: `${process.platform} ${process.arch}`,
    node: process.versions.node,
    store: databaseServer === null ? 'embedded PostgreSQL' : 'PostgreSQL server',
    takenAt: new Date().toISOString().slice(0, 10),
  };
}
