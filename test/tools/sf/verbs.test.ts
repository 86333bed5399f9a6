import { copyFile, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { SyncConnectResult } from '../../../src/commands/sync/connect.ts';
import type { SyncPreviewResult } from '../../../src/commands/sync/preview.ts';
import type { SyncRunResult } from '../../../src/commands/sync/run.ts';
import type { SyncStatusResult } from '../../../src/commands/sync/status.ts';
import { readResult } from '../../commands/readResult.ts';
import { startMiddleware, type RunningMiddleware } from '../../commands/startMiddleware.ts';
import { loggingAll, openSf, type Sf, type SfResult } from './sf.ts';

/** The property that every earlier sync missed (docs/domain.md §10). */
const parkKennedy = 'a0000001-0000-4000-8000-000000000001';

let sf: Sf;
let middleware: RunningMiddleware;
/** Of plan and runs that one test made and the next goes on with. */
const made = { planId: '', runB: '' };

beforeAll(async () => {
  [sf, middleware] = await Promise.all([openSf(), startMiddleware()]);
});
afterAll(() => Promise.all([sf.remove(), middleware.stop()]));

const sync = (verb: string, ...args: string[]): Promise<SfResult> => sf.run(['sync', verb, ...args]);

describe('sf sync connect', () => {
  it('refuses a wrong key, and no key at all, before anything is stored', async () => {
    const [wrong, none, status] = await Promise.all([
      sf.run(['sync', 'connect', '--url', middleware.url, '--key-stdin'], { input: 'no-such-key\n' }),
      sync('connect', '--url', middleware.url, '--json'),
      sync('status'),
    ]);
    expect(wrong).toMatchObject({ exitCode: 1, stdout: '' });
    expect(wrong.stderr).toContain('Error (UNAUTHENTICATED)');
    expect(wrong.stderr + wrong.stdout).not.toContain('no-such-key');
    expect(none.json()).toMatchObject({ status: 1, name: 'KEY_MISSING' });
    expect(status.exitCode).toBe(1);
    expect(status.stderr).toContain('Connect to it: sf sync connect');
  });

  it('stores the key encrypted, for the default org, and shows it nowhere', async () => {
    await sf.login(middleware.org, 'local');
    const ran = await sf.run(['sync', 'connect', '--url', middleware.url, '--key-stdin', '--json'], {
      input: `${middleware.keys.admin}\n`,
      env: loggingAll,
    });
    const { result } = await readResult<SyncConnectResult>('connect', ran);
    expect(result).toEqual({
      connection: middleware.org.username,
      url: middleware.url,
      isConnected: true,
    });
    const stored = await readFile(join(sf.home, '.sf/property-sync.json'), 'utf8');
    expect(stored).toContain(middleware.url);
    const status = await sf.run(['sync', 'status'], { env: loggingAll });
    expect(status.exitCode).toBe(0);
    expect((await sf.readFiles()) + ran.stdout + ran.stderr).not.toContain(middleware.keys.admin);
  });
});

describe('the middleware of an org', () => {
  it('is never that of another org, nor the one of no org', async () => {
    // A default org that nobody has logged in to: what is connected belongs to no org.
    const env = { SF_TARGET_ORG: 'nobody@local-org.example' };
    const connect = (...args: string[]) =>
      sf.run(['sync', 'connect', ...args], { env, input: `${middleware.keys.admin}\n` });
    expect((await connect('--url', middleware.url, '--key-stdin')).exitCode).toBe(0);
    const second = 'second@local-org.example';
    const logins = join(sf.home, '.sfdx');
    await copyFile(join(logins, `${middleware.org.username}.json`), join(logins, `${second}.json`));
    const [named, unnamed] = await Promise.all([
      sync('status', '--target-org', second, '--json'),
      sf.run(['sync', 'status', '--json'], { env }),
    ]);
    expect(named.json()).toMatchObject({ status: 1, name: 'NOT_CONNECTED' });
    expect(unnamed.exitCode).toBe(0);
    expect((await connect('--remove')).exitCode).toBe(0);
  });
});

describe('before anything has run', () => {
  it('sf sync status says how to start, explain that a plan is missing, run that a plan is unknown', async () => {
    const [status, explain, run] = await Promise.all([
      sync('status', '--json'),
      sync('explain', '--property-id', parkKennedy),
      sync('run', '--plan', '0199c0de-0000-7000-8000-000000000001'),
    ]);
    const { result } = await readResult<SyncStatusResult>('status', status);
    expect(result).toMatchObject({ run: null, latestRuns: [], schedules: [{ sync: 'A' }, { sync: 'B' }] });
    expect(explain.exitCode).toBe(69);
    expect(explain.stderr).toContain('Error (PLAN_MISSING)');
    expect(run).toMatchObject({ exitCode: 1 });
    expect(run.stderr).toMatch(/Error \(NOT_FOUND\).*\n\nTry this:\n\nCheck the id\./s);
    expect(run.stderr).not.toMatch(/\n\s+at /);
  });
});

describe('sf sync preview', () => {
  it('makes a plan, tells its stages on stderr, and shows the plan again', async () => {
    const human = await sync('preview');
    expect(human.exitCode).toBe(0);
    expect(human.stderr).toMatch(/^Plan: .*Plan: ready\n$/s);
    made.planId = /sf sync run --plan ([\w-]{36})/.exec(human.stdout)?.[1] ?? '';
    const again = await sync('preview', '--plan', made.planId, '--sync', 'update', '--items', '5', '--json');
    const { result } = await readResult<SyncPreviewResult>('preview', again);
    expect(result.plan).toMatchObject({ planId: made.planId, state: 'ready' });
    expect(result.items.map(({ operation }) => operation)).toEqual(Array(5).fill('update'));
    expect(result.hasMoreItems).toBe(true);
    const { toCreate = 0, withChanges = 0 } = result.plan.summary ?? {};
    expect(toCreate * withChanges).toBeGreaterThan(0);
    expect(human.stdout).toMatch(new RegExp(`create \\(Sync A\\) +│ +${String(toCreate)} │`));
    expect(human.stdout).toMatch(new RegExp(`update \\(Sync B\\) +│ +${String(withChanges)} │`));
  });

  it('ends with 69 while the plan is being built', async () => {
    const ran = await sync('preview', '--wait', '0', '--items', '0', '--json');
    const { status, result } = await readResult<SyncPreviewResult>('preview', ran);
    expect({ status, state: result.plan.state }).toEqual({ status: 69, state: 'building' });
    const done = await sync('preview', '--items', '0', '--json');
    expect(done.exitCode).toBe(0);
  });
});

describe('sf sync run', () => {
  it('creates, verifies, and names the records that Salesforce refuses (68)', async () => {
    const { items } = (
      await sync('preview', '--plan', made.planId, '--sync', 'create', '--items', '1', '--json')
    ).json<SyncPreviewResult>().result;
    const refused = items[0]?.rdsPropertyId ?? '';
    await middleware.org.control('PUT', '/automation', {
      rejections: [{ keys: [refused], on: 'insert', error: 'validation' }],
    });
    const ran = await sync('run', '--plan', made.planId, '--sync', 'create');
    await middleware.org.control('PUT', '/automation', { rejections: [] });
    expect(ran.exitCode).toBe(68);
    expect(ran.stdout).toMatch(/Sync A \(create\) │ partially succeeded/);
    expect(ran.stdout).toContain('Records that are not verified');
    expect(ran.stdout).toContain(refused);
    expect(ran.stdout).toContain('FIELD_CUSTOM_VALIDATION_EXCEPTION');
    const status = await sync('status', '--json');
    const { result } = await readResult<SyncStatusResult>('status', status);
    expect(status.exitCode).toBe(68);
    expect(result.failedItems).toMatchObject([{ rdsPropertyId: refused }]);
  });

  it('starts the updates without waiting (0), and says how to go on with them', async () => {
    const ran = await sync('run', '--plan', made.planId, '--sync', 'update', '--async', '--json');
    const { result } = await readResult<SyncRunResult>('run', ran);
    expect(ran.exitCode).toBe(0);
    made.runB = result.runs[0]?.runId ?? '';
    expect(result.next).toEqual([`sf sync status --run ${made.runB} --wait 60`]);
  });

  it('is followed to its end by sf sync status', async () => {
    const ran = await sync('status', '--run', made.runB, '--wait', '5');
    expect(ran).toMatchObject({ exitCode: 0 });
    expect(ran.stdout).toMatch(/Sync B \(update\) │ succeeded/);
  });

  it('makes a plan of its own, which is refused to whoever may only read', async () => {
    const refused = await sf.run(['sync', 'run', '--json'], {
      env: { PROPERTY_SYNC_URL: middleware.url, PROPERTY_SYNC_API_KEY: middleware.keys.read },
    });
    expect(refused.json()).toMatchObject({ status: 1, name: 'FORBIDDEN' });
    const ran = await sync('run', '--sync', 'both', '--json');
    const { result } = await readResult<SyncRunResult>('run', ran);
    expect(ran.exitCode).toBe(0);
    expect(result.runs.map((run) => [run.sync, run.state])).toEqual([
      ['A', 'succeeded'],
      ['B', 'succeeded'],
    ]);
  });
});

it('forgets a connection', async () => {
  const [removed, other] = await Promise.all([
    sync('connect', '--remove'),
    sync('connect', '--remove', '--target-org', 'nobody', '--json'),
  ]);
  expect(removed.exitCode).toBe(0);
  expect(other.json()).toMatchObject({ status: 1, name: 'ORG_UNKNOWN' });
  expect((await sync('status', '--json')).json()).toMatchObject({ status: 1, name: 'NOT_CONNECTED' });
});
