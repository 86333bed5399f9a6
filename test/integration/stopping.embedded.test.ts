import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { createLocalOrg } from '../../local-org/src/createLocalOrg.ts';
import { createSystemClock } from '../../middleware/src/adapters/clock/systemClock.ts';
import { openStore } from '../../middleware/src/adapters/store/openStore.ts';
import type { Run } from '../../middleware/src/contracts/index.ts';
import { januaryNow, leastProperties } from '../../scripts/baseline/january.ts';
import { writeBaseline } from '../../scripts/baseline/writeBaseline.ts';
import { copyEmptyStore } from '../../scripts/demo/copyEmptyStore.ts';
import { startProgram, type Program } from '../../scripts/demo/startProgram.ts';
import { SyncApi } from '../../scripts/demo/syncApi.ts';

const apiKey = 'key-of-the-stopping-test';
const log = { warn: () => undefined, error: () => undefined };

let directory: string;
let org: ReturnType<typeof createLocalOrg>;
let orgUrl: string;
let environment: Record<string, string>;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'property-sync-stopping-'));
  await copyEmptyStore(join(directory, 'data', 'store'));
  const baseline = join(directory, 'baseline');
  await writeBaseline({ outDir: baseline, properties: leastProperties });
  org = createLocalOrg({
    schemaDir: 'force-app',
    seedDir: baseline,
    startMs: Date.parse(januaryNow),
    fieldOverlays: { 'Product_Property__c.RDS_Property_ID__c': { unique: false } },
  });
  const access = await org.start();
  orgUrl = access.url;
  const settings = join(directory, 'settings.yaml');
  // Many small batches: the process is asked to stop between two of them.
  await writeFile(
    settings,
    'sync: { a: { interval: off }, b: { interval: off } }\nbatch: { ramp: [1], rampPause: 0s }\n',
  );
  environment = {
    PORT: '0',
    HOST: '127.0.0.1',
    LOG_LEVEL: 'silent',
    DATABASE_URL: '',
    PROPERTY_SYNC_API_KEYS: `test:admin:${createHash('sha256').update(apiKey).digest('hex')}`,
    PROPERTY_SYNC_SETTINGS: settings,
    SALESFORCE_LOGIN_URL: access.url,
    SALESFORCE_CLIENT_ID: access.clientId,
    SALESFORCE_CLIENT_SECRET: access.clientSecret,
    DATA_DIR: join(directory, 'data'),
    WAREHOUSE_SOURCE_DIR: baseline,
    BUSINESS_CLOCK_START: januaryNow,
  };
});
afterAll(async () => {
  await org.stop();
  await rm(directory, { recursive: true, force: true });
});

const start = (): Promise<Program<{ url: string }>> =>
  startProgram('The middleware', 'middleware/src/server.ts', { environment });
const ignore = (): void => undefined;

it('ends after the batch in hand, and the next process goes on from there', async () => {
  const first = await start();
  const api = new SyncApi(first.ready.url, apiKey);
  const { planId } = await api.buildPlan(ignore);
  const { runId } = await api.post<Run>('/v1/runs', { planId, sync: 'A' });
  let run = await api.get<Run>(`/v1/runs/${runId}`);
  while (run.counts.written < 2) {
    await wait(20);
    run = await api.get<Run>(`/v1/runs/${runId}`);
  }
  await first.stop();

  const clock = createSystemClock({ startAt: new Date(januaryNow) });
  const store = await openStore({ dataDir: join(directory, 'data', 'store') }, { log, clock });
  try {
    const stopped = await store.runStore.readRun(runId);
    expect(stopped).toMatchObject({ state: 'running', endedAt: null });
    expect(stopped?.counts.waiting).toBeGreaterThan(0);
    // Nothing is on its way: the batch in hand was settled.
    expect(await store.runStore.openBatches(runId)).toEqual([]);
  } finally {
    await store.close();
  }

  const second = await start();
  const ended = await new SyncApi(second.ready.url, apiKey).awaitRun(runId, ignore);
  await second.stop();
  expect(ended).toMatchObject({ state: 'succeeded', counts: { verified: ended.counts.planned } });
  const response = await fetch(`${orgUrl}/__local/writes`);
  const { writes } = (await response.json()) as { writes: { object: string; id: string }[] };
  const written = writes.filter(({ object }) => object === 'Product_Property__c').map(({ id }) => id);
  expect(written).toHaveLength(ended.counts.planned);
  expect(new Set(written).size).toBe(written.length);
});
