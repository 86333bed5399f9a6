import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect } from '@jest/globals';
import pg from 'pg';
import { createLocalOrg } from '../../../local-org/src/createLocalOrg.ts';
import { USERS } from '../../../local-org/src/auth/users.ts';
import type { WrittenRecord } from '../../../local-org/src/dml/writeHistory.ts';
import { openDuckDbWarehouse } from '../../../middleware/src/adapters/duckdb/duckdbWarehouse.ts';
import {
  defaultFieldMap,
  keyMapping,
  stagingObject,
  terminalItemStates,
  type Run,
  type RunItem,
} from '../../../middleware/src/contracts/index.ts';
import { writeBaseline } from '../../../scripts/baseline/writeBaseline.ts';
import { OrgClient, type OrgRecord } from '../../../scripts/demo/orgClient.ts';
import { freshLocation } from '../../middleware/adapters/storeLocations.ts';
import { businessTime, repeatedKeys, smallBaseline } from '../engine.ts';
import { startLife, type Incarnation, type MiddlewareLife } from './middlewareLife.ts';
import { patientApi, type PatientApi } from './patientApi.ts';

const apiKey = 'key-for-crashes';
export type Channel = 'collections' | 'bulk';

/** Several batches a run, nothing by itself, no waiting, and no end of the attempts however often a process dies. */
const settings = `
sync:
  a: { interval: off }
  b: { interval: off }
batch:
  ramp: [20, 20]
  rampPause: 0s
retry:
  lostAnswer: 0s
  max: 10
http:
  rateLimit: { perKeyPerMinute: 100000000 }
`;
/** So that the runs of a small baseline go as jobs. */
const bulkRows = '10';

/** What the scenarios of a file share: the baseline, the settings and Node's compiled code. */
export interface CrashBench {
  readonly directory: string;
  close(): Promise<void>;
}

export async function openCrashBench(): Promise<CrashBench> {
  const directory = await mkdtemp(join(tmpdir(), 'property-sync-crash-'));
  await writeBaseline({ outDir: join(directory, 'baseline'), properties: smallBaseline });
  await writeFile(join(directory, 'settings.yaml'), settings);
  return { directory, close: () => rm(directory, { recursive: true, force: true }) };
}

/** An org, a store and a middleware that dies; and what became of it all. */
export interface Scenario {
  readonly api: PatientApi;
  readonly life: MiddlewareLife;
  readonly org: OrgClient;
  /** Keys that several records carried from the start. */
  readonly doubled: readonly string[];
  editByHand(stagingId: string, fields: Record<string, unknown>): Promise<void>;
  /** Stops the middleware and answers what is left, after the checks that hold for every scenario. */
  conclude(): Promise<Outcome>;
  close(): Promise<void>;
}

export interface Outcome {
  /** The mapped values of every live record, in one order; ids and stamps aside. */
  readonly records: readonly string[];
  readonly runs: readonly Run[];
  /** State and cause of each item, by sync and property. */
  readonly items: ReadonlyMap<string, string>;
}

export async function openScenario(
  bench: CrashBench,
  channel: Channel,
  incarnations: readonly Incarnation[],
): Promise<Scenario> {
  const directory = await mkdtemp(join(bench.directory, 'scenario-'));
  const seedDir = join(bench.directory, 'baseline');
  const server = createLocalOrg({
    schemaDir: 'force-app',
    seedDir,
    startMs: businessTime.getTime(),
    fieldOverlays: { 'Product_Property__c.RDS_Property_ID__c': { unique: false } },
  });
  const access = await server.start();
  const org = new OrgClient(access);
  const { location, remove } = await freshLocation();
  const dataDirectory = 'dataDir' in location ? dirname(location.dataDir) : join(directory, 'data');
  const startedAt = Date.now();
  const life = startLife({
    incarnations,
    environment: () => ({
      HOST: '127.0.0.1',
      PORT: '0',
      LOG_LEVEL: 'error',
      NODE_COMPILE_CACHE: join(bench.directory, 'compiled'),
      DATA_DIR: dataDirectory,
      DATABASE_URL: 'databaseUrl' in location ? location.databaseUrl : '',
      PROPERTY_SYNC_API_KEYS: `test:admin:${createHash('sha256').update(apiKey).digest('hex')}`,
      PROPERTY_SYNC_SETTINGS: join(bench.directory, 'settings.yaml'),
      SALESFORCE_LOGIN_URL: access.url,
      SALESFORCE_CLIENT_ID: access.clientId,
      SALESFORCE_CLIENT_SECRET: access.clientSecret,
      SALESFORCE_POLL_INTERVAL_MS: '20',
      WAREHOUSE_SOURCE_DIR: seedDir,
      WAREHOUSE_THREADS: '1',
      // Business time goes on while nobody lives.
      BUSINESS_CLOCK_START: new Date(businessTime.getTime() + Date.now() - startedAt).toISOString(),
      CRASH_COLLECTION_ROWS: channel === 'bulk' ? bulkRows : '',
    }),
    afterDeath: () =>
      'databaseUrl' in location ? endLeases(location.databaseUrl) : Promise.resolve(undefined),
  });
  const api = patientApi(() => life.url(), apiKey);
  const records = () => org.records(stagingObject, mappedFields);
  const doubled = repeatedKeys(await records());

  async function conclude(): Promise<Outcome> {
    expect(life.isSafe).toBe(true);
    const { items: runs } = await api.read<{ items: Run[] }>('/v1/runs?limit=200');
    for (const address of api.acknowledged) {
      expect(await api.read(address)).toMatchObject({
        state: expect.not.stringMatching(/queued|running|building/),
      });
    }
    const itemsOfRuns = await Promise.all(runs.map(({ runId }) => api.items(runId)));
    const items = itemsOfRuns.flat();
    for (const { state } of items) expect(terminalItemStates).toContain(state);
    await life.stop();

    const now = await records();
    expect(repeatedKeys(now)).toEqual(doubled);
    await expectWrittenOnce(items, org);
    await expectAudited(runs, join(dataDirectory, 'warehouse'));
    return {
      records: now.map((record) => JSON.stringify(mappedFields.map((field) => record[field] ?? null))).sort(),
      runs,
      items: new Map(
        runs.flatMap(({ sync, kind }, index) =>
          (itemsOfRuns[index] ?? []).map((item): [string, string] => [
            `${kind} ${sync} ${item.rdsPropertyId}`,
            `${item.state} ${item.error?.code ?? ''}`,
          ]),
        ),
      ),
    };
  }

  return {
    api,
    life,
    org,
    doubled,
    conclude,
    async editByHand(stagingId, fields) {
      const response = await fetch(`${access.url}/__local/tokens`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ user: 'admin' }),
      });
      const { accessToken } = (await response.json()) as { accessToken: string };
      const edit = await fetch(`${access.url}/services/data/v66.0/sobjects/${stagingObject}/${stagingId}`, {
        method: 'PATCH',
        headers: { authorization: `Bearer ${accessToken}`, 'content-type': 'application/json' },
        body: JSON.stringify(fields),
      });
      if (!edit.ok) throw new Error(await edit.text());
    },
    async close() {
      await life.stop();
      await server.stop();
      await remove();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

const mappedFields = [keyMapping.field, ...defaultFieldMap.map(({ field }) => field)];

/** What another instance does when the heartbeat of a dead one has been missing for long enough: nobody waits for it here. */
async function endLeases(databaseUrl: string): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    const { rows } = await client.query<{ jobs: string | null }>(`select to_regclass('pgboss.job') as jobs`);
    if (rows[0]?.jobs == null) return;
    await client.query(`update pgboss.job set state = 'retry' where state = 'active'`);
    await client.query(`update pgboss.job set start_after = now() where state = 'retry'`);
  } finally {
    await client.end();
  }
}

/** Each item that Salesforce accepted is one write of its record, and there are no others of ours. */
async function expectWrittenOnce(items: readonly RunItem[], org: OrgClient): Promise<void> {
  const { writes } = await org.control<{ writes: WrittenRecord[] }>('GET', 'writes');
  const ours = writes.filter(({ object, user }) => object === stagingObject && user === USERS.integration.id);
  const accepted = items.filter(({ acceptedAt }) => acceptedAt !== null);
  expect(countsOf(ours.map(({ id }) => id))).toEqual(
    countsOf(accepted.map(({ stagingId }) => stagingId ?? '')),
  );
  const created = accepted.filter(({ wasCreated }) => wasCreated);
  expect(countsOf(ours.filter(({ operation }) => operation === 'insert').map(({ id }) => id))).toEqual(
    countsOf(created.map(({ stagingId }) => stagingId ?? '')),
  );
}

function countsOf(ids: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const id of [...ids].sort()) counts[id] = (counts[id] ?? 0) + 1;
  return counts;
}

/** The warehouse, as the last process left it, has each run once and each item once. */
async function expectAudited(runs: readonly Run[], directory: string): Promise<void> {
  const warehouse = await openDuckDbWarehouse({ directory });
  try {
    const rows = await warehouse.query(`
      select run_id, count(*) as runs, min(planned) as planned, min(items) as items, min(ids) as ids
      from ${warehouse.name('sync_run')}
      left join (
        select run_id, count(*) as items, count(distinct rds_property_id) as ids
        from ${warehouse.name('sync_run_item')} group by run_id
      ) using (run_id)
      group by run_id order by run_id`);
    const expected = runs.map(({ runId, counts: { planned } }) => ({
      run_id: runId,
      runs: 1n,
      planned,
      items: planned === 0 ? null : BigInt(planned),
      ids: planned === 0 ? null : BigInt(planned),
    }));
    expect(rows).toEqual(expected.sort((one, other) => (one.run_id < other.run_id ? -1 : 1)));
  } finally {
    await warehouse.close();
  }
}

export type { OrgRecord };
