import { spawn, type ChildProcess } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { Agent, request } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createLocalOrg } from '../../local-org/src/createLocalOrg.ts';
import { scheduleListSchema } from '../../middleware/src/contracts/index.ts';
import { januaryNow, leastProperties } from '../../scripts/baseline/january.ts';
import { writeBaseline } from '../../scripts/baseline/writeBaseline.ts';
import { copyEmptyStore } from '../../scripts/demo/copyEmptyStore.ts';

const apiKey = 'key-of-the-process-test';

let directory: string;
let org: ReturnType<typeof createLocalOrg>;
/** Everything that is needed to start. */
let environment: Record<string, string>;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'property-sync-process-'));
  await copyEmptyStore(join(directory, 'data', 'store'));
  const baseline = join(directory, 'baseline');
  await writeBaseline({ outDir: baseline, properties: leastProperties });
  org = createLocalOrg({ schemaDir: 'force-app', startMs: Date.parse(januaryNow) });
  const access = await org.start();
  environment = {
    PORT: '0',
    PROPERTY_SYNC_API_KEYS: `test:admin:${createHash('sha256').update(apiKey).digest('hex')}`,
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

const start = (changes: Record<string, string | undefined> = {}): ChildProcess =>
  spawn(process.execPath, ['middleware/src/server.ts'], {
    env: { PATH: process.env['PATH'] ?? '', ...environment, ...changes },
    stdio: ['ignore', 'pipe', 'pipe'],
  });

async function end(
  child: ChildProcess,
): Promise<{ exitCode: number | null; stdout: string; stderr: string }> {
  if (child.stdout === null || child.stderr === null) throw new Error('The process is silent.');
  const [stdout, stderr, [exitCode]] = (await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'exit'),
  ])) as [string, string, [number | null]];
  return { exitCode, stdout, stderr };
}

/** Waits for the line that says the service is ready, and answers its address. */
async function readyUrl(child: ChildProcess): Promise<URL> {
  if (child.stdout === null) throw new Error('The process is silent.');
  const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string];
  return new URL((JSON.parse(line) as { url: string }).url);
}

describe('npm run middleware, when it cannot start', () => {
  it('names every variable that is missing or wrong at once, and says what to do', async () => {
    const { exitCode, stdout, stderr } = await end(
      spawn(process.execPath, ['middleware/src/server.ts'], {
        env: { PATH: process.env['PATH'] ?? '', PORT: 'none' },
        stdio: ['ignore', 'pipe', 'pipe'],
      }),
    );
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    for (const name of [
      'PORT',
      'PROPERTY_SYNC_API_KEYS',
      'SALESFORCE_LOGIN_URL',
      'SALESFORCE_CLIENT_ID',
      'SALESFORCE_CLIENT_SECRET',
      'DATA_DIR',
    ]) {
      expect(stderr).toContain(name);
    }
    expect(stderr).toContain('start again');
  });

  it.each([
    ['PROPERTY_SYNC_API_KEYS', undefined],
    ['SALESFORCE_LOGIN_URL', undefined],
    ['SALESFORCE_CLIENT_ID', ''],
    ['SALESFORCE_CLIENT_SECRET', undefined],
    ['DATA_DIR', undefined],
    ['PORT', '70000'],
    ['LOG_LEVEL', 'loud'],
    ['SALESFORCE_API_VERSION', 'latest'],
    ['BUSINESS_CLOCK_START', 'yesterday'],
    ['WAREHOUSE_MEMORY_MB', '1'],
    ['DATABASE_URL', 'somewhere'],
  ])('names %s when it is %j, and ends with code 2', async (name, value) => {
    const { exitCode, stdout, stderr } = await end(start({ [name]: value }));
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr).toContain(name);
    expect(stderr).toContain('start again');
    expect(stderr).not.toContain(environment['SALESFORCE_CLIENT_SECRET']);
  });

  it.each([
    ['sync:\n  a:\n    interval: 7m\n', ['sync.a.interval', 'line 3', '15m']],
    ['guard: { maxCreate: 5 }', ['guard.maxCreate ', 'guard.maxCreates']],
    ['source: { companies: { table: a.b.c } }', ['a.b.c']],
  ])('names the setting of the file, where it stands and what is allowed: %j', async (yaml, named) => {
    const file = join(directory, 'wrong.yaml');
    await writeFile(file, yaml);
    const { exitCode, stdout, stderr } = await end(start({ PROPERTY_SYNC_SETTINGS: file }));
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    for (const part of named) expect(stderr).toContain(part);
  });

  it('names the file of settings that is not there', async () => {
    const { exitCode, stderr } = await end(start({ PROPERTY_SYNC_SETTINGS: 'nowhere.yaml' }));
    expect(exitCode).toBe(2);
    expect(stderr).toContain('nowhere.yaml');
    expect(stderr).toContain('PROPERTY_SYNC_SETTINGS');
  });
});

describe('npm run middleware', () => {
  it('says where it listens, has its schedules in force, and ends in order with a connection left open', async () => {
    const file = join(directory, 'settings.yaml');
    await writeFile(file, 'sync: { a: { interval: 2h }, b: { interval: off } }');
    const child = start({ PROPERTY_SYNC_SETTINGS: file });
    const ended = end(child);
    const url = await readyUrl(child);
    const response = await fetch(new URL('/v1/schedules', url), {
      headers: { authorization: `Bearer ${apiKey}` },
    });
    const { items } = scheduleListSchema.parse(await response.json());
    expect(items).toMatchObject([
      { sync: 'A', intervalMs: 7_200_000, declaredIntervalMs: 7_200_000, isAsDeclared: true },
      { sync: 'B', intervalMs: null, declaredIntervalMs: null, isAsDeclared: true, nextAt: null },
    ]);
    expect(Date.parse(items[0]?.nextAt ?? '') % 7_200_000).toBe(0);

    const agent = new Agent({ keepAlive: true });
    const [answer] = (await once(request(new URL('/healthz', url), { agent }).end(), 'response')) as [
      NodeJS.ReadableStream,
    ];
    await text(answer);
    child.kill('SIGTERM');
    expect((await ended).exitCode).toBe(0);
    agent.destroy();

    // What is in the store outlives the process; the settings of the next one replace what was in force.
    const next = start({ PROPERTY_SYNC_SETTINGS: 'scripts/demo/settings.yaml' });
    const nextEnded = end(next);
    const again = await fetch(new URL('/v1/schedules', await readyUrl(next)), {
      headers: { authorization: `Bearer ${apiKey}` },
    });
    expect(scheduleListSchema.parse(await again.json()).items).toMatchObject([
      { intervalMs: null, isAsDeclared: true },
      { intervalMs: null, isAsDeclared: true },
    ]);
    next.kill('SIGINT');
    expect((await nextEnded).exitCode).toBe(0);
  });

  it('ends at once at the second signal', async () => {
    const child = start();
    const ended = end(child);
    const url = await readyUrl(child);
    // A request that never comes whole is waited for; the second signal is not.
    const socket = connect(Number(url.port), url.hostname);
    await once(socket, 'connect');
    socket.write('GET /healthz HTTP/1.1\r\nHost: x\r\n');
    const stopping = new Promise<void>((resolve) => {
      child.stderr?.on('data', (line: Buffer) => {
        if (line.toString().includes('stopping')) resolve();
      });
    });
    child.kill('SIGTERM');
    await stopping;
    child.kill('SIGTERM');
    expect((await ended).exitCode).toBe(143);
    socket.destroy();
  });
});
