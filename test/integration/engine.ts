import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { uuidv7 } from 'uuidv7';
import { createLocalOrg, type LocalOrgAccess } from '../../local-org/src/createLocalOrg.ts';
import { createSystemClock } from '../../middleware/src/adapters/clock/systemClock.ts';
import { openDuckDbWarehouse } from '../../middleware/src/adapters/duckdb/duckdbWarehouse.ts';
import { loadSourceFiles } from '../../middleware/src/adapters/duckdb/loadSourceFiles.ts';
import { SalesforceCrm } from '../../middleware/src/adapters/salesforce/salesforceCrm.ts';
import { SalesforceSession } from '../../middleware/src/adapters/salesforce/salesforceSession.ts';
import { readSqlFiles } from '../../middleware/src/adapters/sqlFiles/readSqlFiles.ts';
import { openStore } from '../../middleware/src/adapters/store/openStore.ts';
import { defaultFieldMap, type Plan, type Run, type Sync } from '../../middleware/src/contracts/index.ts';
import { defaultBrakeSettings } from '../../middleware/src/delivery/brakes.ts';
import { defaultRampSettings } from '../../middleware/src/delivery/batchSize.ts';
import {
  defaultDeliveryLimits,
  type DeliveryDeps,
  type DeliverySettings,
} from '../../middleware/src/delivery/deliveryDeps.ts';
import { executeRun, refuseRun } from '../../middleware/src/delivery/executeRun.ts';
import { isEnded } from '../../middleware/src/delivery/runState.ts';
import { startRun } from '../../middleware/src/delivery/startRun.ts';
import { defaultMirrorSettings } from '../../middleware/src/mirror/refreshMirror.ts';
import { applyViews } from '../../middleware/src/planning/applyViews.ts';
import { buildPlan } from '../../middleware/src/planning/buildPlan.ts';
import { defaultGuardSettings } from '../../middleware/src/planning/guards.ts';
import { newPlan } from '../../middleware/src/planning/newPlan.ts';
import { defaultSourceNames, sourceTables } from '../../middleware/src/planning/sourceContract.ts';
import { withSourceViews } from '../../middleware/src/planning/sourceViews.ts';
import type { SqlFiles } from '../../middleware/src/planning/sqlFiles.ts';
import { defaultViewSettings } from '../../middleware/src/planning/writeSyncContext.ts';
import type { Clock } from '../../middleware/src/ports/clock.ts';
import { SyncError } from '../../middleware/src/errors.ts';
import type { Crm } from '../../middleware/src/ports/crm.ts';
import type { ResyncStore } from '../../middleware/src/ports/resyncStore.ts';
import type { GroupStore } from '../../middleware/src/ports/groupStore.ts';
import type { ScheduleStore } from '../../middleware/src/ports/scheduleStore.ts';
import type { RunStore } from '../../middleware/src/ports/runStore.ts';
import { OrgClient, type OrgRecord } from '../../scripts/demo/orgClient.ts';
import { writeBaseline } from '../../scripts/baseline/writeBaseline.ts';
import { freshLocation } from '../middleware/adapters/storeLocations.ts';

export const businessTime = new Date('2026-01-05T12:00:00.000Z');

/** A baseline small enough for a test, large enough for several batches of each kind. */
export const smallBaseline = 1_000;

export const testSettings: DeliverySettings = {
  fieldMap: defaultFieldMap,
  views: defaultViewSettings,
  guards: defaultGuardSettings,
  mirror: defaultMirrorSettings,
  sourceMaxAgeMs: 50 * 60_000,
  maxSourceDropShare: 0.05,
  sourceTables: Object.fromEntries(
    Object.entries(defaultSourceNames).map(([name, { table }]) => [name, table]),
  ),
  brakes: defaultBrakeSettings,
  ...defaultDeliveryLimits,
  ramp: { ...defaultRampSettings, pauseMs: 0 },
  retryPauseMs: 1,
  lostAnswerPauseMs: 1,
  lostAnswerSettleMs: 1,
  pollIntervalMs: 20,
};

/** What outlives the scenarios of one test file: the clock, the store and the baseline files. */
export interface Bench {
  readonly runStore: RunStore;
  readonly groupStore: GroupStore;
  readonly resyncStore: ResyncStore;
  readonly scheduleStore: ScheduleStore;
  /** The one business time of the file, ticking from `businessTime`. */
  readonly clock: Clock;
  readonly baselineDirectory: string;
  close(): Promise<void>;
}

export async function openBench(properties = smallBaseline): Promise<Bench> {
  const directory = await mkdtemp(join(tmpdir(), 'property-sync-test-'));
  const baselineDirectory = join(directory, 'baseline');
  await writeBaseline({ outDir: baselineDirectory, properties });
  const log = { warn: () => undefined, error: () => undefined };
  const clock = createSystemClock({ startAt: businessTime });
  const { location, remove } = await freshLocation();
  const store = await openStore(location, { log, clock });
  return {
    runStore: store.runStore,
    groupStore: store.groupStore,
    resyncStore: store.resyncStore,
    scheduleStore: store.scheduleStore,
    clock,
    baselineDirectory,
    close: async () => {
      await store.close();
      await remove();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

/** An org, a warehouse and the engine between them: everything real, everything on this machine. */
export interface Engine {
  readonly deps: DeliveryDeps;
  readonly org: OrgClient;
  readonly access: LocalOrgAccess;
  /** Builds a plan as the worker would. */
  plan(): Promise<Plan>;
  /** Starts a run and executes it as the worker would. */
  run(planId: string, sync: Sync): Promise<Run>;
  /** Executes a run, or goes on with it. */
  execute(runId: string): Promise<Run>;
  /** Executes a run and gives it out again after a failure that waiting can cure, as the queue does. */
  runAsTheQueueWould(planId: string, sync: Sync): Promise<Run>;
  /** Ends a run as the worker does when its attempts are spent. */
  giveUp(runId: string): Promise<Run>;
  /** Replaces methods of the crm port until the next call: for faults that no server can give on request. */
  override(methods: Partial<Crm>): void;
  /** Stores a run without executing it. */
  queueRun(planId: string, sync: Sync): Promise<Run>;
  /** Sends a control request to the org and returns its answer. */
  control(method: 'GET' | 'PUT' | 'POST' | 'DELETE', path: string, body?: unknown): Promise<unknown>;
  /** Edits a record as a person would. */
  editByHand(stagingId: string, fields: Record<string, unknown>): Promise<void>;
  /** Live staging records, with these fields. */
  records(...fields: string[]): Promise<OrgRecord[]>;
  close(): Promise<void>;
}

export interface EngineOptions {
  /** Longest wait of the middleware for an answer. */
  readonly timeoutMs?: number;
  readonly settings?: Partial<DeliverySettings>;
  /** Changes the SQL before it is applied: a planted fault. */
  readonly changeSql?: (files: SqlFiles) => SqlFiles;
  /** Where business time starts, if it is not that of the bench; the baseline's source is fresh at that one. */
  readonly now?: Date;
}

export async function openEngine(bench: Bench, options: EngineOptions = {}): Promise<Engine> {
  const clock = options.now === undefined ? bench.clock : createSystemClock({ startAt: options.now });
  const server = createLocalOrg({
    schemaDir: 'force-app',
    seedDir: bench.baselineDirectory,
    startMs: businessTime.getTime(),
    fieldOverlays: { 'Product_Property__c.RDS_Property_ID__c': { unique: false } },
  });
  const access = await server.start();
  const warehouse = await openDuckDbWarehouse({
    readableDirectories: [bench.baselineDirectory],
    // Each core has a test of its own.
    threads: 1,
  });
  const close = async (): Promise<void> => {
    await warehouse.close();
    await server.stop();
  };
  const files = withSourceViews(await readSqlFiles(), defaultSourceNames);
  const sqlFiles = options.changeSql?.(files) ?? files;
  try {
    await loadSourceFiles(warehouse, bench.baselineDirectory, Object.values(sourceTables));
    await applyViews(warehouse, sqlFiles);
  } catch (error) {
    await close();
    throw error;
  }
  const settings: DeliverySettings = { ...testSettings, ...options.settings };
  const session = new SalesforceSession({
    loginUrl: access.url,
    login: { clientId: access.clientId, clientSecret: access.clientSecret },
    apiVersion: '66.0',
    timeoutMs: options.timeoutMs ?? 10_000,
    maxRetries: 3,
  });
  const crm: Crm = new SalesforceCrm(session, settings.fieldMap, settings);
  let overrides: Partial<Crm> = {};
  const deps: DeliveryDeps = {
    warehouse,
    crm,
    runStore: bench.runStore,
    groupStore: bench.groupStore,
    clock,
    sqlFiles,
    settings,
    pause: { wait: (ms) => wait(ms), jitter: () => 0.5 },
  };
  const org = new OrgClient(access);
  const control: Engine['control'] = async (method, path, body) => {
    const response = await fetch(`${access.url}/__local/${path}`, {
      method,
      ...(body === undefined
        ? {}
        : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    });
    if (!response.ok) throw new Error(`${path}: ${await response.text()}`);
    return response.status === 204 ? undefined : response.json();
  };
  const execute = async (runId: string): Promise<Run> => {
    const overridden = new Proxy(crm, {
      get(target, name) {
        const method: unknown = Reflect.get(overrides, name) ?? Reflect.get(target, name);
        return typeof method === 'function' ? (method.bind(target) as unknown) : method;
      },
    });
    await executeRun(runId, { ...deps, crm: overridden });
    return found(await bench.runStore.readRun(runId));
  };
  const runIds: string[] = [];
  const queueRun = async (planId: string, sync: Sync): Promise<Run> => {
    const runId = uuidv7();
    runIds.push(runId);
    const context = { runId, actor: 'test', trigger: 'test', idempotency: anyRequest() };
    return (await startRun({ planId, sync, skipMoved: false }, context, deps)).run;
  };
  return {
    deps,
    org,
    access,
    queueRun,
    async plan() {
      const planId = uuidv7();
      await bench.runStore.createPlan(newPlan(planId, { isAttended: true, now: clock.now() }), anyRequest());
      await buildPlan(planId, deps);
      return found(await bench.runStore.readPlan(planId));
    },
    run: async (planId, sync) => execute((await queueRun(planId, sync)).runId),
    execute,
    async runAsTheQueueWould(planId, sync) {
      const { runId } = await queueRun(planId, sync);
      for (let attempt = 1; ; attempt += 1) {
        try {
          return await execute(runId);
        } catch (error) {
          if (attempt === 3 || !(error instanceof SyncError) || !error.isRetryable) throw error;
        }
      }
    },
    async giveUp(runId) {
      await refuseRun(runId, new SyncError('SALESFORCE_UNAVAILABLE', 'Salesforce did not answer.'), deps);
      return found(await bench.runStore.readRun(runId));
    },
    override(methods) {
      overrides = methods;
    },
    control,
    async editByHand(stagingId, fields) {
      const { accessToken } = (await control('POST', 'tokens', { user: 'admin' })) as { accessToken: string };
      const response = await fetch(
        `${access.url}/services/data/v66.0/sobjects/Product_Property__c/${stagingId}`,
        {
          method: 'PATCH',
          headers: { authorization: `Bearer ${accessToken}`, 'content-type': 'application/json' },
          body: JSON.stringify(fields),
        },
      );
      if (!response.ok) throw new Error(`The edit was refused: ${await response.text()}`);
    },
    records: (...fields) => org.records('Product_Property__c', ['Id', 'RDS_Property_ID__c', ...fields]),
    async close() {
      // A run that a scenario left open would refuse those of the next.
      for (const runId of runIds) {
        const run = await bench.runStore.readRun(runId);
        if (run !== undefined && !isEnded(run.state))
          await bench.runStore.endRun(runId, { state: 'canceled' });
      }
      await close();
    },
  };
}

const anyRequest = (): { key: string; bodyHash: string } => ({ key: uuidv7(), bodyHash: 'test' });

function found<Value>(value: Value | undefined): Value {
  if (value === undefined) throw new Error('The store has lost it.');
  return value;
}

/** Keys that more than one live record carries. */
export function repeatedKeys(records: readonly OrgRecord[]): string[] {
  const counts = new Map<string, number>();
  for (const { RDS_Property_ID__c: key } of records) {
    if (typeof key === 'string') counts.set(key.toLowerCase(), (counts.get(key.toLowerCase()) ?? 0) + 1);
  }
  return [...counts].filter(([, count]) => count > 1).map(([key]) => key);
}
