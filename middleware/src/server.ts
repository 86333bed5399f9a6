import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { getHeapStatistics } from 'node:v8';
import { pino } from 'pino';
import { createSystemClock } from './adapters/clock/systemClock.ts';
import { openDuckDbWarehouse } from './adapters/duckdb/duckdbWarehouse.ts';
import { loadSourceFiles } from './adapters/duckdb/loadSourceFiles.ts';
import { SalesforceCrm } from './adapters/salesforce/salesforceCrm.ts';
import { SalesforceSession } from './adapters/salesforce/salesforceSession.ts';
import { readSqlFiles } from './adapters/sqlFiles/readSqlFiles.ts';
import { openStore } from './adapters/store/openStore.ts';
import { createApp } from './app.ts';
import { parseConfig, type Config } from './config.ts';
import { defaultFieldMap } from './contracts/index.ts';
import { defaultBrakeSettings } from './delivery/brakes.ts';
import { defaultRampSettings } from './delivery/batchSize.ts';
import { defaultDeliveryLimits, type DeliverySettings } from './delivery/deliveryDeps.ts';
import { SyncError, errorTable } from './errors.ts';
import { defaultMirrorSettings } from './mirror/refreshMirror.ts';
import { applyViews } from './planning/applyViews.ts';
import { checkSources } from './planning/checkSources.ts';
import { defaultGuardSettings } from './planning/guards.ts';
import { defaultSourceNames, sourceTables } from './planning/sourceContract.ts';
import { withSourceViews } from './planning/sourceViews.ts';
import type { SqlFiles } from './planning/sqlFiles.ts';
import { defaultViewSettings } from './planning/writeSyncContext.ts';
import type { Warehouse } from './ports/warehouse.ts';
import { startWorker } from './worker.ts';

const codeVersion = '0.1.0';
/** How long work in hand may take to end when the process is asked to stop. */
const stopTimeoutMs = 10_000;

/** The composition root: the only place that names adapters and reads the environment. */
async function main(): Promise<void> {
  const config = parseConfig(process.env);
  const logger = pino(
    { level: config.LOG_LEVEL, redact: ['req.headers.authorization', 'req.headers["x-api-key"]'] },
    pino.destination(2),
  );
  const memoryPeaks = watchMemory();
  const clock = createSystemClock({ startAt: config.BUSINESS_CLOCK_START });
  const closers: (() => Promise<void>)[] = [];
  const closeAll = async (): Promise<void> => {
    for (const close of closers.toReversed()) await close();
  };

  try {
    const [{ runStore, runQueue }, { warehouse, sqlFiles }] = await openBoth(
      openStore(
        config.DATABASE_URL === undefined
          ? { dataDir: join(config.DATA_DIR, 'store') }
          : { databaseUrl: config.DATABASE_URL },
        { log: logger, clock },
      ),
      openWarehouse(config),
      closers,
    );

    const settings = deliverySettings(config);
    const session = new SalesforceSession({
      loginUrl: config.SALESFORCE_LOGIN_URL,
      clientId: config.SALESFORCE_CLIENT_ID,
      clientSecret: config.SALESFORCE_CLIENT_SECRET,
      apiVersion: config.SALESFORCE_API_VERSION,
      timeoutMs: config.SALESFORCE_TIMEOUT_MS,
      maxRetries: 3,
    });
    const crm = new SalesforceCrm(session, defaultFieldMap, {
      pollIntervalMs: settings.pollIntervalMs,
      jobTimeoutMs: settings.jobTimeoutMs,
    });

    const pause = { wait: (ms: number) => wait(ms), jitter: Math.random };
    const deps = {
      warehouse,
      crm,
      runStore,
      runQueue,
      clock,
      sqlFiles,
      settings,
      pause,
      logger,
      codeVersion,
    };
    await startWorker(deps);
    closers.push(() => runQueue.stop(stopTimeoutMs));

    const app = createApp({ ...deps, apiKeys: config.PROPERTY_SYNC_API_KEYS, memoryPeaks });
    const server = createServer(app);
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(config.PORT, config.HOST, resolve);
    });
    closers.push(
      () =>
        new Promise((resolve) => {
          server.close(() => resolve());
          server.closeIdleConnections();
        }),
    );
    const { port } = server.address() as AddressInfo;
    process.stdout.write(`${JSON.stringify({ url: `http://${config.HOST}:${String(port)}` })}\n`);
  } catch (error) {
    await closeAll();
    throw error;
  }

  let isStopping = false;
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      if (isStopping) return;
      isStopping = true;
      closeAll().then(
        () => process.exit(0),
        (error: unknown) => {
          logger.error({ err: error }, 'did not stop cleanly');
          process.exit(1);
        },
      );
    });
  }
}

/** Opens the embedded warehouse with its source and applies the views. */
async function openWarehouse(
  config: Config,
): Promise<{ warehouse: Warehouse; sqlFiles: SqlFiles; close: () => Promise<void> }> {
  const warehouse = await openDuckDbWarehouse({
    directory: join(config.DATA_DIR, 'warehouse'),
    memoryLimitMb: config.WAREHOUSE_MEMORY_MB,
    readableDirectories: config.WAREHOUSE_SOURCE_DIR === undefined ? [] : [config.WAREHOUSE_SOURCE_DIR],
  });
  try {
    if (config.WAREHOUSE_SOURCE_DIR !== undefined) {
      await loadSourceFiles(warehouse, config.WAREHOUSE_SOURCE_DIR, Object.values(sourceTables));
    }
    await checkSources(warehouse, defaultSourceNames);
    const sqlFiles = withSourceViews(await readSqlFiles(), defaultSourceNames);
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

function deliverySettings(config: Config): DeliverySettings {
  return {
    fieldMap: defaultFieldMap,
    views: defaultViewSettings,
    guards: defaultGuardSettings,
    mirror: defaultMirrorSettings,
    sourceMaxAgeMs: 50 * 60_000,
    maxSourceDropShare: config.SOURCE_MAX_DROP_SHARE,
    sourceTables: Object.fromEntries(
      Object.entries(defaultSourceNames).map(([name, { table }]) => [name, table]),
    ),
    brakes: defaultBrakeSettings,
    ...defaultDeliveryLimits,
    ramp: { ...defaultRampSettings, pauseMs: config.BATCH_RAMP_PAUSE_MS },
    pollIntervalMs: config.SALESFORCE_POLL_INTERVAL_MS,
  };
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
