import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { SyncCancelResult } from '../../../src/commands/sync/cancel.ts';
import type { SyncDeployResult } from '../../../src/commands/sync/deploy.ts';
import type { SyncDoctorResult } from '../../../src/commands/sync/doctor.ts';
import type { SyncExplainResult } from '../../../src/commands/sync/explain.ts';
import type { SyncPauseResult } from '../../../src/commands/sync/pause.ts';
import type { SyncPreviewResult } from '../../../src/commands/sync/preview.ts';
import type { SyncResyncResult } from '../../../src/commands/sync/resync.ts';
import type { SyncRunResult } from '../../../src/commands/sync/run.ts';
import { readResult } from '../../commands/readResult.ts';
import { startMiddleware, type RunningMiddleware } from '../../commands/startMiddleware.ts';
import { openSf, type Sf, type SfResult } from './sf.ts';

/** The property that every earlier sync missed (docs/domain.md §10). */
const parkKennedy = 'a0000001-0000-4000-8000-000000000001';

let sf: Sf;
let middleware: RunningMiddleware;

beforeAll(async () => {
  [sf, middleware] = await Promise.all([openSf(), startMiddleware()]);
  await sf.login(middleware.org, 'local');
});
afterAll(() => Promise.all([sf.remove(), middleware.stop()]));

/** Five batches take half a minute: longer than a busy machine needs to start the CLI. */
const slowMs = 5_000;

/** As in CI: nothing is stored. */
const sync = (verb: string, ...args: string[]): Promise<SfResult> =>
  sf.run(['sync', verb, ...args], {
    env: { PROPERTY_SYNC_URL: middleware.url, PROPERTY_SYNC_API_KEY: middleware.keys.admin },
  });

/** Starts Sync B on rows that somebody has edited, in an org so slow that the run can be met while it goes on. */
async function startSlowUpdate(): Promise<string> {
  const token = await middleware.org.tokenOf('admin');
  const rows = await middleware.org.select('SELECT Id FROM Product_Property__c LIMIT 800');
  for (let at = 0; at < rows.length; at += 200) {
    await fetch(`${middleware.org.url}/services/data/v66.0/composite/sobjects`, {
      method: 'PATCH',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify({
        allOrNone: false,
        records: rows.slice(at, at + 200).map(({ Id }) => ({
          attributes: { type: 'Product_Property__c' },
          Id,
          Active_Property_Count__c: 99,
        })),
      }),
    });
  }
  const preview = await sync('preview', '--items', '0', '--json');
  const { planId } = preview.json<SyncPreviewResult>().result.plan;
  await middleware.org.control('PUT', '/faults', {
    rules: [{ kind: 'slow', delayMs: slowMs, match: { method: 'PATCH' } }],
  });
  const started = await sync('run', '--plan', planId, '--sync', 'update', '--wait', '0', '--json');
  expect(started.json()).toMatchObject({ status: 69 });
  return started.json<SyncRunResult>().result.runs[0]?.runId ?? '';
}

describe('sf sync pause, resume and cancel', () => {
  it('stop a run between two batches, and let it go on (0); what waits is not finished (69)', async () => {
    const runId = await startSlowUpdate();
    const paused = await sync('pause', '--reason', 'a look first', '--json');
    await middleware.org.control('DELETE', '/faults');
    const { result } = await readResult<SyncPauseResult>('pause', paused);
    expect(paused.exitCode).toBe(0);
    expect(result.run).toMatchObject({ runId, state: 'paused', pause: { reason: 'a look first' } });
    const status = await sync('status', '--run', runId);
    expect(status.exitCode).toBe(69);
    expect(status.stdout).toContain('Paused (asked) by admin');
    const resumed = await sync('resume', '--reason', 'looked', '--wait', '5', '--json');
    await readResult('resume', resumed);
    expect(resumed.exitCode).toBe(0);
  });

  it('end a run that goes on (0), and refuse where there is nothing to end (1)', async () => {
    const runId = await startSlowUpdate();
    const canceled = await sync('cancel', '--reason', 'wrong plan', '--json');
    await middleware.org.control('DELETE', '/faults');
    const { result } = await readResult<SyncCancelResult>('cancel', canceled);
    expect(canceled.exitCode).toBe(0);
    expect(result.run).toMatchObject({ runId, state: 'canceled' });
    const [again, nothing] = await Promise.all([
      sync('pause', '--run', runId, '--reason', 'too late'),
      sync('cancel', '--reason', 'nothing there', '--json'),
    ]);
    expect(again.exitCode).toBe(1);
    expect(again.stderr).toContain('Error (RUN_CONFLICT)');
    expect(nothing.json()).toMatchObject({ status: 1, name: 'NO_OPEN_RUN' });
  });

  it('pause and resume a schedule', async () => {
    const paused = await sync('pause', '--schedule', 'both', '--reason', 'release weekend');
    expect(paused.exitCode).toBe(0);
    expect(paused.stdout.match(/PAUSED by admin: release weekend/g)).toHaveLength(2);
    const resumed = await sync('resume', '--schedule', 'both', '--reason', 'released', '--json');
    const { result } = await readResult<SyncPauseResult>('resume', resumed);
    expect(result.schedules.map(({ pause }) => pause)).toEqual([null, null]);
  });
});

describe('one property', () => {
  it('is resynced until it is verified', async () => {
    const ran = await sync('resync', '--property-id', parkKennedy, '--acting-user', 'Kim', '--json');
    const { result } = await readResult<SyncResyncResult>('resync', ran);
    expect(ran.exitCode).toBe(0);
    expect(result.resync).toMatchObject({ state: 'succeeded', actingUser: 'Kim', requestedId: parkKennedy });
  });

  it('is explained, field by field', async () => {
    const [human, json] = await Promise.all([
      sync('explain', '--property-id', parkKennedy),
      sync('explain', '--property-id', parkKennedy, '--json'),
    ]);
    const { result } = await readResult<SyncExplainResult>('explain', json);
    const [member] = result.explanation.members;
    expect(human.exitCode).toBe(0);
    expect(human.stdout).toContain('── Park Kennedy ──');
    for (const { field } of member?.fields ?? []) expect(human.stdout).toContain(`│ ${field} `);
    const widest = Math.max(...human.stdout.split('\n').map(({ length }) => length));
    expect(widest).toBeLessThanOrEqual(120);
  });

  it('that is not there is named', async () => {
    const ran = await sync('explain', '--property-id', 'a0000009-0000-4000-8000-000000000009');
    expect(ran).toMatchObject({ exitCode: 1 });
    expect(ran.stderr).toContain('Error (NOT_FOUND)');
  });
});

describe('sf sync deploy --with-views', () => {
  it('has the middleware make its views, once the metadata is there', async () => {
    const ran = await sync('deploy', '--with-views', '--json');
    const { result } = await readResult<SyncDeployResult>('deploy', ran);
    expect(ran.exitCode).toBe(0);
    expect(result).toMatchObject({ status: 'Succeeded', problems: [] });
    expect(Object.keys(result.views?.views ?? {})).toContain('properties_to_create');
  });

  it('sends nothing without a middleware, and goes as far as it may with a key that may only read', async () => {
    const [none, reader] = await Promise.all([
      sf.run(['sync', 'deploy', '--with-views']),
      sf.run(['sync', 'deploy', '--with-views'], {
        env: { PROPERTY_SYNC_URL: middleware.url, PROPERTY_SYNC_API_KEY: middleware.keys.read },
      }),
    ]);
    expect(none).toMatchObject({ exitCode: 1, stdout: '' });
    expect(none.stderr).toContain('Error (NOT_CONNECTED)');
    expect(none.stderr).not.toContain('Deploying');
    expect(reader.exitCode).toBe(68);
    expect(reader.stderr).toContain('Making the warehouse views... failed');
    expect(reader.stdout).toContain('--with-views');
    expect(reader.stdout).toContain('scope');
  });
});

describe('sf sync doctor', () => {
  it('looks at middleware, org, Salesforce, warehouse, syncs and store', async () => {
    const [human, json] = await Promise.all([sync('doctor'), sync('doctor', '--json')]);
    const { result } = await readResult<SyncDoctorResult>('doctor', json);
    const parts = new Set(result.findings.map(({ check }) => check.split('.')[0]));
    expect([...parts]).toEqual(['middleware', 'salesforce', 'warehouse', 'store', 'sync', 'org']);
    expect(json.exitCode).toBe(result.level === 'error' ? 1 : 0);
    for (const { level, action } of result.findings) expect(level === 'ok' || action !== null).toBe(true);
    for (const title of ['Middleware', 'Org, as you see it', 'Warehouse', 'Syncs', 'Store'])
      expect(human.stdout).toContain(`\n${title}\n┌`);
    expect(human.exitCode).toBe(json.exitCode);
  });

  it('goes on without the middleware, and fails', async () => {
    const ran = await sf.run(['sync', 'doctor', '--json'], {
      env: { PROPERTY_SYNC_URL: 'http://127.0.0.1:9', PROPERTY_SYNC_API_KEY: 'any-key' },
    });
    const { status, result } = await readResult<SyncDoctorResult>('doctor', ran);
    expect(status).toBe(1);
    expect(result.findings[0]).toMatchObject({ check: 'middleware.connection', level: 'error' });
    expect(result.findings.some(({ check }) => check.startsWith('org.'))).toBe(true);
  });
});
