import { realpath } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { constants } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { getHeapStatistics } from 'node:v8';
import { pino, type Logger } from 'pino';
import { uuidv7 } from 'uuidv7';
import { createSystemClock } from './adapters/clock/systemClock.ts';
import { openDatabricksWarehouse } from './adapters/databricks/databricksWarehouse.ts';
import { readDatabricksOptions } from './adapters/databricks/readDatabricksOptions.ts';
import { openDuckDbWarehouse } from './adapters/duckdb/duckdbWarehouse.ts';
import { loadSourceFiles } from './adapters/duckdb/loadSourceFiles.ts';
import { readSalesforceLogin } from './adapters/salesforce/readSalesforceLogin.ts';
import { SalesforceCrm } from './adapters/salesforce/salesforceCrm.ts';
import { SalesforceSession } from './adapters/salesforce/salesforceSession.ts';
import { readSqlFiles } from './adapters/sqlFiles/readSqlFiles.ts';
import { openStore } from './adapters/store/openStore.ts';
import { createApp } from './app.ts';
import { parseConfig, type Config } from './config.ts';
import { defaultFieldMap, syncNames } from './contracts/index.ts';
import { SyncError, errorTable } from './errors.ts';
import { applyViews } from './planning/applyViews.ts';
import { checkSources } from './planning/checkSources.ts';
import { sourceTables, type SourceNames } from './planning/sourceContract.ts';
import { withSourceViews } from './planning/sourceViews.ts';
import type { SqlFiles } from './planning/sqlFiles.ts';
import type { RunStore } from './ports/runStore.ts';
import type { Warehouse } from './ports/warehouse.ts';
import { readSettings } from './settings/readSettings.ts';
import { serviceSettings } from './settings/serviceSettings.ts';
import type { Settings } from './settings/settingsSchema.ts';
import { startWorker } from './worker.ts';

const codeVersion = '0.1.0';
/** How long work in hand, and then answers in hand, may take to end when the process is asked to stop. */
const stopTimeoutMs = 10_000;
/** Whatever hangs, the process ends within this time. */
const killTimeoutMs = 30_000;

/** The composition root: the only place that names adapters and reads the environment. */
async function main(): Promise<void> {
  const config = parseConfig(process.env);
  const settings = await readSettings(config.PROPERTY_SYNC_SETTINGS);
  const logger = pino(
    { level: config.LOG_LEVEL, redact: ['req.headers.authorization', 'req.headers["x-api-key"]'] },
    pino.destination(2),
  );
  endOnFaults(logger);
  const closers: (() => Promise<void>)[] = [];
  const closeAll = async (): Promise<void> => {
    for (const close of closers.splice(0).toReversed()) await close();
  };
  stopOnSignals(closeAll, logger);
  try {
    const url = await startService(config, settings, logger, closers);
    process.stdout.write(`${JSON.stringify({ url })}\n`);
  } catch (error) {
    await closeAll();
    throw error;
  }
}

/** Starts every part, in order; `closers` end them in the opposite one. Returns the address. */
async function startService(
  config: Config,
  settings: Settings,
  logger: Logger,
  closers: (() => Promise<void>)[],
): Promise<string> {
  const memoryPeaks = watchMemory();
  const inForce = serviceSettings(settings, { pollIntervalMs: config.SALESFORCE_POLL_INTERVAL_MS });
  const clock = createSystemClock({ startAt: config.BUSINESS_CLOCK_START });
  const [store, { warehouse, sqlFiles }] = await openBoth(
    openStore(
      config.DATABASE_URL === undefined
        ? { dataDir: join(config.DATA_DIR, 'store') }
        : { databaseUrl: config.DATABASE_URL },
      { log: logger, clock },
    ),
    openWarehouse(config, inForce.sourceNames, logger),
    closers,
  );
  const { groupStore, resyncStore, scheduleStore, runQueue, retention } = store;
  const stopping = new AbortController();
  const runStore = withoutNewBatches(store.runStore, stopping.signal);

  const session = new SalesforceSession({
    loginUrl: config.SALESFORCE_LOGIN_URL,
    login: await readSalesforceLogin(config),
    apiVersion: config.SALESFORCE_API_VERSION,
    timeoutMs: config.SALESFORCE_TIMEOUT_MS,
    maxRetries: 3,
  });
  const crm = new SalesforceCrm(session, defaultFieldMap, {
    pollIntervalMs: inForce.pollIntervalMs,
    jobTimeoutMs: inForce.jobTimeoutMs,
  });
  const deps = {
    ...{ warehouse, sqlFiles, crm, clock, logger, codeVersion },
    ...{ runStore, groupStore, resyncStore, scheduleStore, runQueue, retention },
    settings: inForce,
    newId: uuidv7,
    pause: { wait: (ms: number) => wait(ms), jitter: Math.random },
  };

  for (const sync of syncNames) await scheduleStore.schedule(sync, inForce.intervalsMs[sync]);
  await retention.schedule();
  await store.requeueOpenWork();
  await startWorker(deps);
  closers.push(() => {
    stopping.abort();
    return runQueue.stop(stopTimeoutMs);
  });

  const server = createServer(
    serverLimits,
    createApp({
      ...deps,
      apiKeys: config.PROPERTY_SYNC_API_KEYS,
      rateLimits: inForce.rateLimits,
      trustedProxyHops: config.TRUSTED_PROXY_HOPS,
      memoryPeaks,
    }),
  );
  server.maxRequestsPerSocket = maxRequestsPerSocket;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(config.PORT, config.HOST, resolve);
  });
  closers.push(() => closeServer(server));
  const { port } = server.address() as AddressInfo;
  return `http://${config.HOST}:${String(port)}`;
}

/** Once stopped, work in hand ends after its batch, as if the store had gone: the queue gives it out again. */
function withoutNewBatches(runStore: RunStore, stopped: AbortSignal): RunStore {
  return {
    ...runStore,
    nextBatchNumber: (runId) =>
      stopped.aborted
        ? Promise.reject(new SyncError('STORE_UNAVAILABLE', 'The process is stopping.'))
        : runStore.nextBatchNumber(runId),
  };
}

/** A request is small and comes whole, or it is somebody who holds sockets open. */
const serverLimits = { requestTimeout: 30_000, headersTimeout: 10_000, keepAliveTimeout: 5_000 };
/** A client that stays for ever moves to a fresh connection now and then. */
const maxRequestsPerSocket = 10_000;

/** Takes no more requests, lets those in hand be answered, and then waits for nobody. */
async function closeServer(server: Server): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeIdleConnections();
  const timer = setTimeout(() => server.closeAllConnections(), stopTimeoutMs);
  await closed;
  clearTimeout(timer);
}

/** Ends the process in order at the first signal, and at once at the second. */
function stopOnSignals(closeAll: () => Promise<void>, logger: Logger): void {
  let isStopping = false;
  const stop = (signal: NodeJS.Signals): void => {
    if (isStopping) process.exit(exitCodeOf(signal));
    isStopping = true;
    logger.info({ signal }, 'stopping');
    setTimeout(() => {
      logger.fatal('did not stop in time');
      process.exit(1);
    }, killTimeoutMs).unref();
    closeAll().then(
      () => process.exit(0),
      (error: unknown) => {
        logger.error({ err: error }, 'did not stop cleanly');
        process.exit(1);
      },
    );
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, stop);
}

/** As a shell tells that a signal ended a process. */
const exitCodeOf = (signal: NodeJS.Signals): number => 128 + constants.signals[signal];

/** A promise that nobody looks after is a bug: what the process would do from here on is unknown. */
function endOnFaults(logger: Logger): void {
  for (const fault of ['unhandledRejection', 'uncaughtException'] as const) {
    process.on(fault, (error: unknown) => {
      logger.fatal({ err: error }, fault);
      process.exit(1);
    });
  }
}

interface OpenWarehouse {
  readonly warehouse: Warehouse;
  readonly sqlFiles: SqlFiles;
  readonly close: () => Promise<void>;
}

async function openWarehouse(
  config: Config,
  sourceNames: SourceNames,
  logger: Logger,
): Promise<OpenWarehouse> {
  return config.WAREHOUSE === 'databricks'
    ? openDatabricks(config, sourceNames, logger)
    : openDuckDb(config, sourceNames);
}

/**
 * Names the warehouse and leaves it asleep: the service answers while it starts, and an admin applies the views. A plan is
 * refused until they are there.
 */
async function openDatabricks(
  config: Config,
  sourceNames: SourceNames,
  logger: Logger,
): Promise<OpenWarehouse> {
  const warehouse = openDatabricksWarehouse({
    ...(await readDatabricksOptions(config)),
    log: { info: (message) => logger.info(message), warn: (message) => logger.warn(message) },
  });
  const sqlFiles = withSourceViews(await readSqlFiles(), sourceNames);
  return { warehouse, sqlFiles, close: () => warehouse.close() };
}

/** Opens the embedded warehouse with its source and applies the views. */
async function openDuckDb(config: Config, sourceNames: SourceNames): Promise<OpenWarehouse> {
  const { WAREHOUSE_SOURCE_DIR: given } = config;
  // A link may be turned to newer files while these are loaded (scripts/load-rds.ts).
  const sourceDirectory = given === undefined ? undefined : await realpath(given).catch(() => given);
  const warehouse = await openDuckDbWarehouse({
    directory: join(config.DATA_DIR, 'warehouse'),
    memoryLimitMb: config.WAREHOUSE_MEMORY_MB,
    threads: config.WAREHOUSE_THREADS,
    readableDirectories: sourceDirectory === undefined ? [] : [sourceDirectory],
  });
  try {
    if (sourceDirectory !== undefined) {
      await loadSourceFiles(warehouse, sourceDirectory, Object.values(sourceTables));
    }
    await checkSources(warehouse, sourceNames);
    const sqlFiles = withSourceViews(await readSqlFiles(), sourceNames);
    await applyViews(warehouse, sqlFiles);
    return { warehouse, sqlFiles, close: () => warehouse.close() };
  } catch (error) {
    await warehouse.close();
    throw error;
  }
}

/** Waits for two openings side by side; whichever succeeded is closed with the rest, also when the other fails. */
async function openBoth<First extends Closable, Second extends Closable>(
  first: Promise<First>,
  second: Promise<Second>,
  closers: (() => Promise<void>)[],
): Promise<[First, Second]> {
  for (const opened of await Promise.allSettled([first, second])) {
    if (opened.status === 'fulfilled') closers.push(opened.value.close);
  }
  return Promise.all([first, second]);
}

interface Closable {
  readonly close: () => Promise<void>;
}

/** Samples this process's memory, so that its peaks can be told. */
function watchMemory(): () => { heapMb: number; rssMb: number } {
  let heapBytes = 0;
  const sample = (): void => {
    heapBytes = Math.max(heapBytes, getHeapStatistics().used_heap_size);
  };
  setInterval(sample, 50).unref();
  return () => {
    sample();
    return {
      heapMb: Math.round(heapBytes / 2 ** 20),
      rssMb: Math.round(process.resourceUsage().maxRSS / 1024),
    };
  };
}

main().catch((error: unknown) => {
  if (error instanceof SyncError) {
    process.stderr.write(`${error.code}: ${error.message}\n${error.action}\n`);
    process.exit(errorTable[error.code].exitCode);
  }
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  process.exit(1);
});
