import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { createLocalOrg, type LocalOrgAccess } from '../../local-org/src/createLocalOrg.ts';
import type { Run } from '../../middleware/src/contracts/index.ts';
import { writeBaseline } from '../../scripts/baseline/writeBaseline.ts';
import { OrgClient, type OrgRecord } from '../../scripts/demo/orgClient.ts';
import { startProgram, type Program } from '../../scripts/demo/startProgram.ts';
import { SyncApi } from '../../scripts/demo/syncApi.ts';
import { freshDatabase } from '../middleware/adapters/storeLocations.ts';
import { businessTime, repeatedKeys, smallBaseline } from './engine.ts';

const apiKey = 'key-for-two-instances';
const names = ['one', 'two'] as const;
type Name = (typeof names)[number];

let directory: string;
let database: Awaited<ReturnType<typeof freshDatabase>>;
let org: ReturnType<typeof createLocalOrg>;
let access: LocalOrgAccess;
let records: () => Promise<OrgRecord[]>;
let watcher: pg.Client;
const instances = new Map<Name, Program<{ url: string }>>();

/** Starts an instance with a warehouse of its own; the store knows it by its name. */
async function start(name: Name): Promise<void> {
  const databaseUrl = new URL(database.location.databaseUrl);
  databaseUrl.searchParams.set('application_name', name);
  const program = await startProgram<{ url: string }>(`Instance ${name}`, 'middleware/src/server.ts', {
    environment: {
      HOST: '127.0.0.1',
      PORT: '0',
      LOG_LEVEL: 'error',
      DATA_DIR: join(directory, name),
      DATABASE_URL: databaseUrl.href,
      PROPERTY_SYNC_API_KEYS: `test:admin:${createHash('sha256').update(apiKey).digest('hex')}`,
      SALESFORCE_LOGIN_URL: access.url,
      SALESFORCE_CLIENT_ID: access.clientId,
      SALESFORCE_CLIENT_SECRET: access.clientSecret,
      SALESFORCE_POLL_INTERVAL_MS: '50',
      WAREHOUSE_SOURCE_DIR: join(directory, 'baseline'),
      BUSINESS_CLOCK_START: businessTime.toISOString(),
      PROPERTY_SYNC_SETTINGS: 'scripts/demo/settings.yaml',
    },
  });
  instances.set(name, program);
}

const found = (name: Name): Program<{ url: string }> => {
  const program = instances.get(name);
  if (program === undefined) throw new Error(`Instance ${name} is not running.`);
  return program;
};
const api = (name: Name): SyncApi => new SyncApi(found(name).ready.url, apiKey);
const other = (name: Name): Name => (name === 'one' ? 'two' : 'one');
const ignore = (): void => undefined;

/** Asks for a run through one instance and answers with its id or the code of the refusal. */
async function askForRun(name: Name, planId: string, sync: 'A' | 'B'): Promise<{ status: number; run: Run }> {
  const response = await fetch(`${found(name).ready.url}/v1/runs`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${apiKey}`,
      'content-type': 'application/json',
      'idempotency-key': `${name}-${planId}-${sync}`,
    },
    body: JSON.stringify({ planId, sync }),
  });
  return { status: response.status, run: (await response.json()) as Run };
}

async function control<Answer>(method: 'GET' | 'PUT', path: string, body?: unknown): Promise<Answer> {
  const response = await fetch(`${access.url}/__local/${path}`, {
    method,
    ...(body !== undefined && {
      body: JSON.stringify(body),
      headers: { 'content-type': 'application/json' },
    }),
  });
  if (!response.ok) throw new Error(`${path}: ${await response.text()}`);
  return (response.status === 204 ? undefined : await response.json()) as Answer;
}

/** Waits until the org has met the fault it was given. */
async function untilStruck(): Promise<void> {
  for (;;) {
    const { rules } = await control<{ rules: { hits: number }[] }>('GET', 'faults');
    if (rules.some(({ hits }) => hits > 0)) return;
    await wait(20);
  }
}

/** Resolves with the name of the instance that next says, in the store, that it does this. */
function nextToDo(what: 'plan' | 'batch'): Promise<Name> {
  return new Promise((resolve) => {
    const look = ({ channel, payload }: pg.Notification): void => {
      if (channel !== what) return;
      watcher.off('notification', look);
      resolve(payload as Name);
    };
    watcher.on('notification', look);
  });
}

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'property-sync-two-'));
  const seedDir = join(directory, 'baseline');
  await writeBaseline({ outDir: seedDir, properties: smallBaseline });
  org = createLocalOrg({
    schemaDir: 'force-app',
    seedDir,
    startMs: businessTime.getTime(),
    fieldOverlays: { 'Product_Property__c.RDS_Property_ID__c': { unique: false } },
  });
  access = await org.start();
  const client = new OrgClient(access);
  records = () =>
    client.records('Product_Property__c', [
      ...['Id', 'RDS_Property_ID__c', 'Sync_Run_ID__c', 'CreatedDate', 'LastModifiedDate', 'SystemModstamp'],
    ]);
  database = await freshDatabase();
  await Promise.all(names.map(start));
  watcher = new pg.Client({ connectionString: database.location.databaseUrl });
  await watcher.connect();
  // The store itself tells who works: each instance by the name of its connection.
  await watcher.query(`
    create function tell() returns trigger language plpgsql as $$
    begin
      perform pg_notify(tg_argv[0], current_setting('application_name'));
      return null;
    end $$;
    create trigger tell after insert on delivery_batch for each row execute function tell('batch');
    create trigger tell after update of stage on plan for each row
      when (old.stage is null and new.stage is not null) execute function tell('plan');
    listen batch;
    listen plan;
  `);
});

afterAll(async () => {
  await Promise.all([...instances.values()].map((program) => program.stop()));
  await watcher.end();
  await database.remove();
  await org.stop();
  await rm(directory, { recursive: true, force: true });
});

describe('two instances on one server', () => {
  it('share the plans that are asked of either', async () => {
    const builders = new Set<Name>();
    for (let turn = 0; builders.size < 2 && turn < 10; turn += 1) {
      const builder = nextToDo('plan');
      await api(names[turn % 2] ?? 'one').buildPlan(ignore);
      builders.add(await builder);
    }
    expect([...builders].sort()).toEqual(['one', 'two']);
  });

  it('start a run once, go on with it when its instance is killed, and write each record once', async () => {
    const before = await records();
    const { planId, summary } = await api('one').buildPlan(ignore);
    const toCreate = summary?.toCreate ?? 0;
    expect(toCreate).toBeGreaterThan(50);

    // The first batch is written and its answer does not come: whoever sent it is killed while it waits.
    const stall = { kind: 'stallBody', match: { method: 'PATCH', path: '/composite/sobjects' }, times: 1 };
    await control('PUT', 'faults', { rules: [stall] });
    const firstBatch = nextToDo('batch');
    const asked = await Promise.all(names.map((name) => askForRun(name, planId, 'A')));
    expect(asked.map(({ status }) => status).sort()).toEqual([202, 409]);
    const { runId } = asked.find(({ status }) => status === 202)?.run ?? { runId: '' };
    const killed = await firstBatch;
    await untilStruck();
    await found(killed).kill();
    instances.delete(killed);
    const survivor = other(killed);

    const run = await api(survivor).awaitRun(runId, ignore);
    expect(run).toMatchObject({
      state: 'succeeded',
      counts: { planned: toCreate, verified: toCreate, created: toCreate },
    });
    const afterA = await records();
    expect(afterA).toHaveLength(before.length + toCreate);
    expect(repeatedKeys(afterA)).toEqual(repeatedKeys(before));
    // A second write of a record would show: the lease that ran out between them is longer than a second.
    const created = afterA.filter(({ Sync_Run_ID__c: by }) => by === runId);
    expect(created).toHaveLength(toCreate);
    for (const record of created) expect(record['LastModifiedDate']).toBe(record['CreatedDate']);

    await start(killed);
    const next = await api(killed).buildPlan(ignore);
    expect(next.summary?.toCreate).toBe(0);
    const runB = await api(survivor).runSync(next.planId, 'B', ignore);
    expect(runB).toMatchObject({ state: 'succeeded', counts: { created: 0 } });
    const afterB = new Map((await records()).map((record) => [record['Id'], record]));
    for (const record of created) {
      const now = afterB.get(record['Id']);
      if (now?.['Sync_Run_ID__c'] === runId) expect(now['SystemModstamp']).toBe(record['SystemModstamp']);
    }
    expect(runB.counts.verified).toBe(
      [...afterB.values()].filter(({ Sync_Run_ID__c: by }) => by === runB.runId).length,
    );

    const last = await api('two').buildPlan(ignore);
    expect(last.summary).toMatchObject({ toCreate: 0, withChanges: 0 });
  });
});
