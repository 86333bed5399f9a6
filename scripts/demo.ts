import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { januaryNow, januaryProperties, januarySeed, leastProperties } from './baseline/january.ts';
import { writeBaseline } from './baseline/writeBaseline.ts';
import { copyEmptyStore } from './demo/copyEmptyStore.ts';
import { OrgClient, type LocalOrg } from './demo/orgClient.ts';
import { openRecordPage } from './demo/openRecordPage.ts';
import { count, reasonOf, step } from './demo/progress.ts';
import { runRollout, type Rollout } from './demo/runRollout.ts';
import { addresses, criteriaTable } from './demo/showResult.ts';
import { startProgram, type Program } from './demo/startProgram.ts';
import { startWarehouse, warehouseNames, type WarehouseName } from './demo/startWarehouse.ts';
import { SyncApi } from './demo/syncApi.ts';
import { variantNames, variants, type VariantName } from './demo/variants.ts';

const help = `Runs the January rollout on this machine: baseline, warehouse, Salesforce-compatible org, middleware,
plan, Sync A, Sync B, verification, success criteria, and then the record page in your browser. Nothing leaves the
machine.

Usage: npm run demo -- [--variant V] [--warehouse W] [--exit] [--json] [--no-page | --before-rollout]
                       [--properties N] [--seed S]

  --variant V      what Salesforce does to the rollout: ${variantNames.join(', ')}
                   (default clean)
  --warehouse W    where the source and the views live: duckdb (embedded, the default) or databricks-local, a
                   server on this machine that the Databricks driver talks to
  --exit           stop when done instead of staying up until Ctrl-C
  --json           the last line of stdout is one JSON document; everything else goes to stderr
  --no-page        no record page: its tools (test/tools/page) are not needed then
  --before-rollout stop after the plan, with nothing written: Park Kennedy is still missing, and a click on Resync in
                   the record page brings it
  --properties N   live properties, at least ${String(leastProperties)} (default ${String(januaryProperties)})
  --seed S         seed of the baseline (default ${String(januarySeed)})
  --help           shows this

Exit code: 0 all criteria met, 1 one was missed, 2 the demo could not run.
`;

/** Memory the middleware may use for its objects: large data must stream through it. */
const middlewareHeapMb = 256;
/** The org's automation links rows within minutes; here the minutes are seconds. */
const linkDelayMs = 1_000;

interface DemoOptions {
  readonly variant: VariantName;
  readonly warehouse: WarehouseName;
  readonly isExit: boolean;
  readonly isJson: boolean;
  readonly hasPage: boolean;
  readonly isBeforeRollout: boolean;
  readonly properties: number;
  readonly seed: number;
}

process.exitCode = await main();

async function main(): Promise<number> {
  let options: DemoOptions | 'help';
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
  const stopSignal = stopSignals();
  const directory = await mkdtemp(join(tmpdir(), 'property-sync-demo-'));
  const programs: Pick<Program<unknown>, 'stop'>[] = [];
  // A Ctrl-C before there is a result leaves it at "could not run".
  const outcome = { exitCode: 2 };
  try {
    await Promise.race([demo(options, directory, programs, outcome, stopSignal), stopSignal]);
    return outcome.exitCode;
  } catch (error) {
    process.stderr.write(`\nThe demo could not run: ${reasonOf(error)}\n`);
    return 2;
  } finally {
    await Promise.all(programs.map((program) => program.stop()));
    await rm(directory, { recursive: true, force: true });
  }
}

async function demo(
  options: DemoOptions,
  directory: string,
  programs: Pick<Program<unknown>, 'stop'>[],
  outcome: { exitCode: number },
  stopSignal: Promise<void>,
): Promise<void> {
  const timer = stopwatch();
  const baselineDirectory = join(directory, 'baseline');
  await step(
    'Make the January baseline',
    (say) =>
      writeBaseline({
        outDir: baselineDirectory,
        seed: options.seed,
        properties: options.properties,
        variant: variants[options.variant].baseline,
        format: 'csv',
        onProgress: ({ table, rows }) => say(`${table} ${count(rows)}`),
      }),
    () => `${count(options.properties)} properties, seed ${String(options.seed)}, ${options.variant}`,
  );
  const generate = timer.lap();

  const apiKey = newKey();
  // The named credential's: all that Salesforce may do is read and ask for resyncs.
  const pageKey = newKey();
  const { org, middleware } = await step(
    'Start org and middleware',
    async (say) => {
      say('org');
      const orgProgram = await startProgram<LocalOrg>('local-org', 'local-org/src/main.ts', {
        programArguments: [
          ...['--port', '0', '--seed-dir', baselineDirectory, '--now', januaryNow],
          ...['--key-unique', 'false', '--link-delay-ms', String(linkDelayMs)],
        ],
      });
      programs.push(orgProgram);
      say('warehouse');
      const warehouse = await startWarehouse(options.warehouse, baselineDirectory);
      if (warehouse.program !== null) programs.push(warehouse.program);
      say('middleware');
      const dataDirectory = join(directory, 'data');
      await copyEmptyStore(join(dataDirectory, 'store'));
      const { url, clientId, clientSecret } = orgProgram.ready;
      const middlewareProgram = await startProgram<{ url: string }>(
        'The middleware',
        'middleware/src/server.ts',
        {
          nodeArguments: [`--max-old-space-size=${String(middlewareHeapMb)}`],
          environment: {
            HOST: '127.0.0.1',
            PORT: '0',
            LOG_LEVEL: 'warn',
            DATA_DIR: dataDirectory,
            DATABASE_URL: '',
            PROPERTY_SYNC_API_KEYS: `demo:admin:${hashOf(apiKey)},salesforce:read+resync:${hashOf(pageKey)}`,
            SALESFORCE_LOGIN_URL: url,
            SALESFORCE_CLIENT_ID: clientId,
            SALESFORCE_CLIENT_SECRET: clientSecret,
            SALESFORCE_POLL_INTERVAL_MS: '250',
            ...warehouse.environment,
            BUSINESS_CLOCK_START: januaryNow,
            PROPERTY_SYNC_SETTINGS: 'scripts/demo/settings.yaml',
          },
        },
      );
      programs.push(middlewareProgram);
      return { org: orgProgram.ready, middleware: middlewareProgram.ready };
    },
    ({ middleware: { url } }) => url,
  );
  const start = timer.lap();

  const api = new SyncApi(middleware.url, apiKey);
  // An embedded warehouse has them since its start; on any other one somebody has to want them.
  if (options.warehouse !== 'duckdb') {
    await step(
      'Apply the views',
      () => api.applyViews(),
      ({ views }) => `${count(Object.keys(views).length)} objects`,
    );
  }
  const openPage = () => openRecordPage(org, { url: middleware.url, apiKey: pageKey }, api, programs);
  if (options.isBeforeRollout) {
    await step(
      'Plan',
      (say) => api.buildPlan(({ stage }) => say(stage ?? '')),
      ({ summary }) => `${count(summary?.toCreate ?? 0)} to create, nothing written`,
    );
    const page = await openPage();
    process.stderr.write(`\n${addresses({ ...page, ...urlsOf(middleware, org) }, keysOf(apiKey, org))}\n`);
    await stopSignal;
    return;
  }
  const rollout = await runRollout(api, new OrgClient(org), baselineDirectory, options.variant);
  const { memoryPeaks } = await api.readHealth();
  const timingsMs = { generate, start, ...rollout.timingsMs, total: timer.total() };
  const memory = { heapPeakMb: memoryPeaks.heapMb, rssPeakMb: memoryPeaks.rssMb };
  outcome.exitCode = rollout.criteria.every(({ passed }) => passed) ? 0 : 1;
  showResult(rollout, timingsMs, memory);

  const urls = { ...(options.hasPage ? await openPage() : {}), ...urlsOf(middleware, org) };
  const keys = keysOf(apiKey, org);
  const { parkKennedyDifferences: _, timingsMs: __, ...result } = rollout;
  const document = {
    // The document of the clean rollout is what it was before there were others.
    ...(options.variant === 'clean' ? {} : { variant: options.variant }),
    ...result,
    timingsMs,
    memory,
    ...(options.isExit ? {} : { urls, keys }),
  };
  if (options.isJson) process.stdout.write(`${JSON.stringify(document)}\n`);
  if (!options.isExit) {
    process.stderr.write(`\n${addresses(urls, keys)}\n`);
    await stopSignal;
  }
}

function urlsOf(middleware: { url: string }, org: LocalOrg): Record<string, string> {
  return { middleware: middleware.url, org: org.url };
}

function keysOf(apiKey: string, { clientId, clientSecret, accessToken }: LocalOrg): Record<string, string> {
  return { apiKey, clientId, clientSecret, accessToken };
}

function newKey(): string {
  return randomBytes(24).toString('base64url');
}
function hashOf(key: string): string {
  return createHash('sha256').update(key).digest('hex');
}

function showResult(
  rollout: Rollout,
  timingsMs: Record<string, number>,
  memory: { heapPeakMb: number; rssPeakMb: number },
): void {
  const seconds = ((timingsMs['total'] ?? 0) / 1000).toFixed(1);
  process.stderr.write(`\n${criteriaTable(rollout.criteria)}\n`);
  for (const difference of rollout.parkKennedyDifferences)
    process.stderr.write(`Park Kennedy: ${difference}\n`);
  process.stderr.write(
    `${seconds} s in all; middleware: ${count(memory.heapPeakMb)} MB heap, ${count(memory.rssPeakMb)} MB resident at most.\n`,
  );
}

function readOptions(): DemoOptions | 'help' {
  const { values } = parseArgs({
    options: {
      variant: { type: 'string', default: 'clean' },
      warehouse: { type: 'string', default: 'duckdb' },
      exit: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      'no-page': { type: 'boolean', default: false },
      'before-rollout': { type: 'boolean', default: false },
      properties: { type: 'string', default: String(januaryProperties) },
      seed: { type: 'string', default: String(januarySeed) },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) return 'help';
  const isBeforeRollout = values['before-rollout'];
  if (isBeforeRollout && (values.exit || values.json || values['no-page']))
    throw new Error('--before-rollout is for the page: it goes with none of --exit, --json and --no-page.');
  return {
    variant: nameOf('--variant', variantNames, values.variant),
    warehouse: nameOf('--warehouse', warehouseNames, values.warehouse),
    isExit: values.exit,
    isJson: values.json,
    hasPage: !values.exit && !values['no-page'],
    isBeforeRollout,
    properties: wholeNumber('--properties', values.properties, leastProperties),
    seed: wholeNumber('--seed', values.seed, 0),
  };
}

function nameOf<Name extends string>(flag: string, names: readonly Name[], text: string): Name {
  const name = names.find((each) => each === text);
  if (name === undefined) throw new Error(`${flag} must be one of ${names.join(', ')}, not "${text}".`);
  return name;
}

function wholeNumber(flag: string, text: string, least: number): number {
  const number = Number(text);
  if (/^\d+$/.test(text) && Number.isSafeInteger(number) && number >= least) return number;
  throw new Error(`${flag} must be a whole number of at least ${String(least)}, not "${text}".`);
}

/** Resolves at the first Ctrl-C or SIGTERM. */
async function stopSignals(): Promise<void> {
  await Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')]);
}

function stopwatch(): { lap: () => number; total: () => number } {
  const startedAt = performance.now();
  let lapStartedAt = startedAt;
  return {
    lap: () => {
      const lapMs = Math.round(performance.now() - lapStartedAt);
      lapStartedAt = performance.now();
      return lapMs;
    },
    total: () => Math.round(performance.now() - startedAt),
  };
}
