import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { createLocalOrg } from '../../../local-org/src/createLocalOrg.ts';
import { SalesforceCrm } from '../../../middleware/src/adapters/salesforce/salesforceCrm.ts';
import { SalesforceSession } from '../../../middleware/src/adapters/salesforce/salesforceSession.ts';
import {
  doctorReportSchema,
  type DoctorReport,
  type Finding,
  type Sync,
  type SyncPause,
} from '../../../middleware/src/contracts/index.ts';
import { runDoctor, type DoctorDeps } from '../../../middleware/src/health/runDoctor.ts';
import { applyViews } from '../../../middleware/src/planning/applyViews.ts';
import { defaultSourceNames } from '../../../middleware/src/planning/sourceContract.ts';
import type { Crm } from '../../../middleware/src/ports/crm.ts';
import type { StoredSchedule } from '../../../middleware/src/ports/scheduleStore.ts';
import { businessTime, openBench, openEngine, type Bench, type Engine } from '../../integration/engine.ts';

const minuteMs = 60_000;
const checks = [
  'salesforce.connection',
  'salesforce.apiBudget',
  'salesforce.fields',
  'salesforce.key',
  'salesforce.picklists',
  'salesforce.lengths',
  'salesforce.lookup',
  'warehouse.connection',
  'warehouse.sources',
  'warehouse.features',
  'warehouse.freshness',
  'warehouse.views',
  'warehouse.mirror',
  'store.connection',
  'sync.schedules',
  'sync.thresholds',
  'sync.openRuns',
  'sync.lastRuns',
  'sync.foreignWriter',
  'sync.conflicts',
  'sync.orphans',
  'sync.keyless',
];

const schedule = (sync: Sync, intervalMs: number | null, pause: SyncPause | null = null): StoredSchedule => ({
  sync,
  intervalMs,
  nextAt: null,
  pause,
  lastTick: null,
});

let bench: Bench;
let engine: Engine;
let schedules: StoredSchedule[];

function doctorDeps(changes: Partial<DoctorDeps> = {}): DoctorDeps {
  const { warehouse, crm, runStore, clock, sqlFiles, settings } = engine.deps;
  return {
    ...{ warehouse, crm, runStore, clock, sqlFiles },
    scheduleStore: { readSchedules: () => Promise.resolve(schedules) },
    settings: {
      fieldMap: settings.fieldMap,
      sourceNames: defaultSourceNames,
      sourceMaxAgeMs: settings.sourceMaxAgeMs,
      isKeyUniqueRequired: false,
      apiReserveShare: 0.2,
      guards: {
        ...settings.guards,
        maxUnattendedCreates: 1,
        maxUnattendedUpdates: 1234,
        maxTextChurnShare: 0.075,
      },
      brakes: { maxErrorShare: 0.1, minAttempts: 20 },
      maxSourceDropShare: 0.05,
      intervalsMs: { A: 15 * minuteMs, B: 30 * minuteMs },
    },
    ...changes,
  };
}

const never = new AbortController().signal;
const examine = (changes: Partial<DoctorDeps> = {}): Promise<DoctorReport> =>
  runDoctor(doctorDeps(changes), never);

function found({ findings }: DoctorReport, check: string): Finding {
  const finding = findings.find((one) => one.check === check);
  if (finding === undefined) throw new Error(`The doctor did not look at ${check}.`);
  return finding;
}

/** What is not well, by check. */
const faults = ({ findings }: DoctorReport): Record<string, string> =>
  Object.fromEntries(
    findings.filter(({ level }) => level !== 'ok').map(({ check, level }) => [check, level]),
  );

/** What the small baseline itself holds, as the January one does. */
const standing = {
  'salesforce.key': 'warning',
  'sync.conflicts': 'warning',
  'sync.orphans': 'warning',
  'sync.keyless': 'warning',
};

beforeAll(async () => {
  bench = await openBench();
  engine = await openEngine(bench);
});
beforeEach(() => {
  schedules = [schedule('A', 15 * minuteMs), schedule('B', 30 * minuteMs)];
});
afterAll(async () => {
  await engine.close();
  await bench.close();
});

describe('the doctor before anything was planned', () => {
  it('says what is not known yet', async () => {
    const report = await examine();
    expect(found(report, 'warehouse.mirror')).toMatchObject({
      level: 'warning',
      finding: 'The mirror has never been read from Salesforce.',
    });
    expect(found(report, 'sync.conflicts').finding).toBe('No plan has been built yet.');
    expect(found(report, 'sync.lastRuns').finding).toBe('No sync has run yet.');
  });
});

describe('the doctor', () => {
  let surplus: { rows: number; keys: number };

  beforeAll(async () => {
    await engine.plan();
    const counts = new Map<string, number>();
    for (const { RDS_Property_ID__c: key } of await engine.records()) {
      if (typeof key === 'string') counts.set(key, (counts.get(key) ?? 0) + 1);
    }
    const repeated = [...counts.values()].filter((rows) => rows > 1);
    surplus = { rows: repeated.reduce((sum, rows) => sum + rows - 1, 0), keys: repeated.length };
  });

  it('looks at everything for three API calls, and finds what the data hold', async () => {
    const before = await engine.org.apiCalls();
    const report = doctorReportSchema.parse(await examine());
    expect((await engine.org.apiCalls()) - before).toBeLessThanOrEqual(3);
    expect(report.findings.map(({ check }) => check)).toEqual(checks);
    expect(faults(report)).toEqual(standing);
    expect(report.level).toBe('warning');
    expect(found(report, 'salesforce.connection')).toMatchObject({
      finding: `Connected to ${engine.access.url} as ${engine.access.username}.`,
      details: ['user 005ZZ000000SyncYAC', `organization ${engine.access.orgId}`],
    });
    expect(found(report, 'salesforce.key').finding).toContain(
      `${String(surplus.rows)} surplus rows on ${String(surplus.keys)} keys`,
    );
    expect(found(report, 'salesforce.lengths').details).toContainEqual(
      expect.stringMatching(/^Contributing_Property_IDs__c: [1-9]\d+ of 32768 characters$/),
    );
    expect(found(report, 'sync.orphans').finding).toBe('1 staging row with a key that no property has.');
    expect(found(report, 'sync.keyless').finding).toBe('1 staging row without a key.');
    for (const { level, action } of report.findings) expect(action === null).toBe(level === 'ok');
  });

  it('takes a key that is not unique for an error where it has to be', async () => {
    const { settings } = doctorDeps();
    const report = await examine({ settings: { ...settings, isKeyUniqueRequired: true } });
    expect(found(report, 'salesforce.key')).toMatchObject({
      level: 'error',
      action: expect.stringContaining('set Unique on RDS_Property_ID__c'),
    });
  });

  it('says how often each sync starts, and tells schedules that are not as declared, and who paused one', async () => {
    expect(found(await examine(), 'sync.schedules')).toMatchObject({
      level: 'ok',
      finding: 'As declared: Sync A: every 15 minutes; Sync B: every 30 minutes.',
    });
    schedules = [schedule('A', null), schedule('B', 30 * minuteMs)];
    expect(found(await examine(), 'sync.schedules')).toMatchObject({
      level: 'error',
      finding: 'Not in force as the settings declare: Sync A (every 15 minutes).',
    });
    const pause = { at: businessTime.toISOString(), by: 'operator', reason: 'maintenance' };
    schedules = [schedule('A', 15 * minuteMs, pause), schedule('B', 30 * minuteMs)];
    expect(found(await examine(), 'sync.schedules')).toMatchObject({
      level: 'warning',
      finding: 'Paused: Sync A.',
      details: expect.arrayContaining([expect.stringContaining('paused by operator since')]),
    });
  });

  it.each([
    [60, 'warning'],
    [90, 'error'],
  ])('judges %i %% of the API calls used as a %s', async (percent, level) => {
    // A doctor's look costs two calls once the key prefix of production records is known.
    const used = await engine.org.apiCalls();
    await engine.control('PUT', 'usage', { dailyLimit: Math.floor(((used + 2) * 100) / percent) });
    const report = await examine();
    await engine.control('PUT', 'usage', { dailyLimit: 1_000_000 });
    expect(found(report, 'salesforce.apiBudget')).toMatchObject({
      level,
      finding: expect.stringMatching(/^\d+ API calls of \d+ used in the last 24 hours \(\d+ %\)/),
    });
  });

  it('says what stops a plan or a run, as it is in force', async () => {
    expect(found(await examine(), 'sync.thresholds')).toEqual({
      ...{ check: 'sync.thresholds', level: 'ok', action: null },
      finding:
        'In force: by itself a sync writes at most 1 create and 1,234 updates; a run is paused above 10 % of failed records, from 20 records on.',
      details: [
        'by itself a sync writes at most 1 create and 1,234 updates',
        'a run is paused above 10 % of failed records, from 20 records on',
        'a plan is blocked above 5 % of rows whose company is their name',
        'a plan is blocked above 7.5 % of rows with another text',
        'a plan is blocked above 2 % of values that would be emptied',
        'a plan is refused where the source has lost more than 5 % of its rows',
        'a plan is refused where the source is older than 50 minutes',
        "20 % of the org's API calls are left to others",
      ],
    });
  });

  it('tells views that were dropped or edited by hand, and a source that differs or is stale', async () => {
    const { warehouse } = engine.deps;
    await warehouse.execute('drop view crm.property_sync.sync_monitoring_dashboard');
    await warehouse.execute(
      'create or replace view crm.property_sync.property_group_features as select 1 as one',
    );
    const report = await examine();
    expect(found(report, 'warehouse.views')).toMatchObject({
      level: 'error',
      details: expect.arrayContaining(['sync_monitoring_dashboard', 'property_group_features']),
    });
    await applyViews(warehouse, engine.deps.sqlFiles);
    expect(faults(await examine())).toEqual(standing);

    const later = { now: () => new Date(businessTime.getTime() + 3 * 60 * minuteMs) };
    const stale = await examine({ clock: later });
    expect(found(stale, 'warehouse.freshness')).toMatchObject({
      level: 'error',
      finding: expect.stringMatching(
        /^The source was ingested \d+ minutes ago and holds 1,000 live rows; .* 50 minutes old\.$/,
      ),
    });
    expect(found(stale, 'warehouse.mirror').level).toBe('warning');

    await warehouse.execute('alter table rds.pg_rds_public.companies rename column name to title');
    expect(found(await examine(), 'warehouse.sources')).toMatchObject({
      level: 'error',
      details: [expect.stringContaining('has no column name')],
    });
    await warehouse.execute('alter table rds.pg_rds_public.companies rename column title to name');
  });

  it('tells a feature of which the source says nothing, as one read straight from RDS does of fraud', async () => {
    const { warehouse } = engine.deps;
    const wide = 'crm.sfdc_dbx.product_property_w_features';
    await warehouse.execute(`create table ${wide}_kept as select * from ${wide}`);
    await warehouse.execute(`update ${wide} set fraud_enabled = null`);
    expect(found(await examine(), 'warehouse.features')).toMatchObject({
      level: 'error',
      finding: expect.stringContaining('nothing of document_fraud for any property'),
      details: ['document_fraud'],
    });
    await warehouse.execute(`create or replace table ${wide} as select * from ${wide}_kept`);
    await warehouse.execute(`drop table ${wide}_kept`);
    expect(faults(await examine())).toEqual(standing);
  });

  it('tells a paused run, and how the last runs ended', async () => {
    const { runStore } = bench;
    const plan = await engine.plan();
    const run = await engine.run(plan.planId, 'A');
    const ended = await examine();
    expect(found(ended, 'sync.lastRuns')).toMatchObject({
      level: 'ok',
      details: [expect.stringContaining(`Sync A: succeeded`)],
    });
    const open = await engine.queueRun((await engine.plan()).planId, 'B');
    const pause = {
      cause: 'asked',
      at: businessTime.toISOString(),
      by: 'operator',
      reason: 'a look first',
    } as const;
    await runStore.updateRun(open.runId, { state: 'paused', pause });
    expect(found(await examine(), 'sync.openRuns')).toMatchObject({
      level: 'warning',
      details: [expect.stringContaining('paused by operator: a look first')],
    });
    await runStore.updateRun(open.runId, { state: 'failed', endedAt: businessTime.toISOString() });
    expect(found(await examine(), 'sync.lastRuns')).toMatchObject({
      level: 'error',
      finding: 'The last run failed: Sync B.',
    });
    expect(run.state).toBe('succeeded');
  });

  it('counts what another user wrote after the sync, and who', async () => {
    const [record] = (await engine.records('Sync_Run_ID__c')).filter(({ Sync_Run_ID__c: by }) => by !== null);
    const id = record?.['Id'];
    if (typeof id !== 'string') throw new Error('The sync has written nothing.');
    await engine.control('POST', 'clock/advance', { ms: 60_000 });
    await engine.editByHand(id, { City__c: 'Elsewhere' });
    await engine.plan();
    const finding = found(await examine(), 'sync.foreignWriter');
    expect(finding).toMatchObject({
      level: 'warning',
      finding: '1 row written by somebody else after the sync; differing from the source: 1.',
    });
    expect(finding.details).toEqual(['user 005ZZ000000AdmnYAC: 1 row, 1 differ']);
  });

  it('says of an org that is away only what it cannot see, and looks at everything else', async () => {
    await engine.control('PUT', 'faults', {
      rules: [{ kind: 'apiLimit', match: { path: '/services/data' } }],
    });
    const report = await examine();
    await engine.control('DELETE', 'faults');
    for (const name of ['connection', 'apiBudget', 'fields', 'key', 'picklists', 'lengths', 'lookup']) {
      expect(found(report, `salesforce.${name}`).level).toBe('error');
    }
    expect(found(report, 'salesforce.connection').action).toContain('API calls');
    expect(found(report, 'warehouse.views').level).toBe('ok');
    expect(found(report, 'store.connection').level).toBe('ok');
  });

  it('ends at its deadline whoever does not answer', async () => {
    const crm: Crm = new Proxy(engine.deps.crm, {
      get(target, name) {
        if (name === 'describeFields') return () => new Promise(() => undefined);
        const method: unknown = Reflect.get(target, name);
        return typeof method === 'function' ? (method.bind(target) as unknown) : method;
      },
    });
    const deadline = new AbortController();
    const examined = runDoctor(doctorDeps({ crm }), deadline.signal);
    const { readSchedules } = doctorDeps().scheduleStore;
    await readSchedules();
    deadline.abort();
    expect(found(await examined, 'salesforce.fields')).toMatchObject({
      level: 'error',
      finding: 'There was no answer in time.',
    });
  });
});

describe('the doctor at an org with another schema', () => {
  const fields = 'main/default/objects/Product_Property__c/fields';
  let directory: string;

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'property-sync-schema-'));
    await cp('force-app', directory, { recursive: true });
  });

  /** Changes the text of a field's metadata. */
  async function edit(field: string, from: RegExp, to: string): Promise<void> {
    const file = join(directory, fields, `${field}.field-meta.xml`);
    const text = await readFile(file, 'utf8');
    if (!from.test(text)) throw new Error(`${field} has no ${from.source}.`);
    await writeFile(file, text.replace(from, to));
  }

  async function examineOrg(): Promise<DoctorReport> {
    const org = createLocalOrg({ schemaDir: directory, startMs: businessTime.getTime() });
    const { url, clientId, clientSecret } = await org.start();
    try {
      const session = new SalesforceSession({
        ...{ loginUrl: url, login: { clientId, clientSecret }, apiVersion: '66.0' },
        ...{ timeoutMs: 10_000, maxRetries: 0 },
      });
      const poll = { pollIntervalMs: 20, jobTimeoutMs: 10_000 };
      return await examine({ crm: new SalesforceCrm(session, engine.deps.settings.fieldMap, poll) });
    } finally {
      await org.stop();
      await rm(directory, { recursive: true, force: true });
    }
  }

  it('names each field that is missing, of the wrong type or too short', async () => {
    await rm(join(directory, fields, 'Street__c.field-meta.xml'));
    await edit('City__c', /<length>255</, '<length>4<');
    await edit('Fraud_Detection_Start_Date__c', /<type>Date</, '<type>DateTime<');
    const report = await examineOrg();
    expect(found(report, 'salesforce.fields')).toMatchObject({
      level: 'error',
      details: [
        'Street__c does not exist, or the integration user may not see it.',
        'City__c holds 4 characters; 255 are needed.',
        'Fraud_Detection_Start_Date__c is of type datetime, not date.',
      ],
    });
    expect(found(report, 'salesforce.lengths')).toMatchObject({
      level: 'error',
      details: [expect.stringMatching(/^City__c: \d+ of 4 characters$/)],
    });
    expect(found(report, 'salesforce.key')).toMatchObject({ level: 'ok' });
  });

  it('names a key that is no External ID, and a picklist value that the org does not offer', async () => {
    await edit('RDS_Property_ID__c', /<externalId>true</, '<externalId>false<');
    await edit('Status__c', /<fullName>ACTIVE</, '<fullName>OPEN<');
    const report = await examineOrg();
    expect(found(report, 'salesforce.key')).toMatchObject({
      level: 'error',
      finding: 'RDS_Property_ID__c is not an External ID.',
    });
    expect(found(report, 'salesforce.picklists')).toMatchObject({
      level: 'error',
      details: [expect.stringMatching(/^Status__c "ACTIVE": \d+ rows?$/), 'Status__c offers OPEN, DISABLED'],
    });
  });

  it('names a lookup that cannot be read', async () => {
    await rm(join(directory, fields, 'Property__c.field-meta.xml'));
    expect(found(await examineOrg(), 'salesforce.lookup')).toMatchObject({
      level: 'error',
      finding: expect.stringContaining('Product_Property__c.Property__c does not exist'),
    });
  });
});
