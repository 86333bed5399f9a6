import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import { cp, mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { createDurablePglite } from '../../../middleware/src/adapters/store/createDurablePglite.ts';
import { lockDirectory } from '../../../middleware/src/adapters/store/lockDirectory.ts';
import { createSystemClock } from '../../../middleware/src/adapters/clock/systemClock.ts';
import { openStore } from '../../../middleware/src/adapters/store/openStore.ts';
import { freshDirectory } from './storeLocations.ts';
import type { Acknowledged } from './storeWriter.ts';

const log = { warn: () => undefined, error: () => undefined };
const clock = createSystemClock({ startAt: null });
const script = (name: string): string => fileURLToPath(new URL(`./${name}.ts`, import.meta.url));

/** Starts a writer and reads what it acknowledges; ends when the writer has. */
function startWriter(dataDir: string): { child: ChildProcess; lines: AsyncIterable<Acknowledged> } {
  const child = spawn(process.execPath, [script('storeWriter'), dataDir], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  async function* read(): AsyncIterable<Acknowledged> {
    for await (const line of createInterface({ input: child.stdout })) yield JSON.parse(line) as Acknowledged;
  }
  return { child, lines: read() };
}

describe('embedded store', () => {
  let made: Awaited<ReturnType<typeof freshDirectory>>;
  let place: Awaited<ReturnType<typeof freshDirectory>>;
  let dataDir: string;

  beforeAll(async () => {
    made = await freshDirectory();
    const store = await openStore({ dataDir: made.dataDir }, { log, clock });
    await store.close();
  });
  beforeEach(async () => {
    place = await freshDirectory();
    dataDir = place.dataDir;
    // Making a database takes seconds, copying it does not.
    await cp(made.dataDir, dataDir, { recursive: true });
  });
  afterEach(() => place.remove());
  afterAll(() => made.remove());

  // Four starts of a process and a store: about ten seconds on an idle machine.
  it('holds everything it acknowledged when its process is killed', async () => {
    const acknowledged: Acknowledged[] = [];
    for (let round = 0; round < 3; round += 1) {
      const { child, lines } = startWriter(dataDir);
      const enough = acknowledged.length + 20 + Math.random() * 60;
      for await (const line of lines) {
        acknowledged.push(line);
        // The first is killed while a run has a property on its way, the others anywhere.
        const isMoment = round > 0 || line.what === 'intent';
        if (acknowledged.length > enough && isMoment) child.kill('SIGKILL');
      }
    }
    expect(acknowledged.filter(({ what }) => what === 'open')).toHaveLength(3);

    const store = await openStore({ dataDir }, { log, clock });
    try {
      const { runStore, runQueue } = store;
      const expected = new Set<string>();
      const states = new Map<string, string>();
      for (const line of acknowledged) {
        if (line.what === 'error') throw new Error(line.message);
        if (line.what === 'plan' || line.what === 'run') expected.add(line.id);
        if (line.what === 'plan') expect(await runStore.readPlan(line.id)).toMatchObject({ planId: line.id });
        if (line.what !== 'plan') states.set(line.id, line.what);
      }
      states.delete('');
      const pending = await runStore.pendingAudits(10_000);
      for (const [runId, state] of states) {
        const run = await runStore.readRun(runId);
        const [item] = await runStore.readItemsByKey(runId, [run?.planId ?? '']);
        expect(run?.counts.planned).toBe(2);
        if (state !== 'run') expect(item).toMatchObject({ attempts: 1, before: { Name: 'before' } });
        if (state === 'outcome' || state === 'end') expect(item).toMatchObject({ state: 'verified' });
        if (state === 'end') expect(pending).toContain(runId);
      }
      await new Promise<void>((resolve) => {
        void runQueue.work(({ id }) => {
          expected.delete(id);
          if (expected.size === 0) resolve();
          return Promise.resolve();
        });
      });
    } finally {
      await store.close();
    }
  }, 180_000);

  it('refuses a second process on its directory, and lets it in afterwards', async () => {
    const store = await openStore({ dataDir }, { log, clock });
    const refused: Acknowledged[] = [];
    for await (const line of startWriter(dataDir).lines) refused.push(line);
    expect(refused).toEqual([
      { what: 'error', code: 'STORE_IN_USE', message: expect.stringContaining(dataDir) as unknown },
    ]);
    await store.close();

    const { child, lines } = startWriter(dataDir);
    for await (const line of lines) {
      expect(line).toMatchObject({ what: expect.not.stringMatching('error') as unknown });
      child.kill('SIGKILL');
    }
  });

  it('fails every call with STORE_UNAVAILABLE when its worker thread dies', async () => {
    const { stdout } = await promisify(execFile)(process.execPath, [script('storeWorkerDeath'), dataDir]);
    expect(JSON.parse(stdout)).toEqual({
      waiting: ['STORE_UNAVAILABLE', 'STORE_UNAVAILABLE', 'STORE_UNAVAILABLE'],
      later: ['STORE_UNAVAILABLE', 'STORE_UNAVAILABLE'],
      isReady: false,
    });
    const reopened = await openStore({ dataDir }, { log, clock });
    expect(await reopened.runStore.health()).toMatchObject({ isReady: true });
    await reopened.close();
  });

  it('flushes every commit to the disk before it is acknowledged', async () => {
    const flush = jest.spyOn(fs, 'fdatasyncSync');
    const pglite = await createDurablePglite(join(dataDir, 'database'));
    await pglite.exec('create table note (text text)');
    flush.mockClear();
    for (let commits = 1; commits <= 10; commits += 1) {
      await pglite.query('insert into note values ($1)', ['x']);
      expect(flush.mock.calls.length).toBeGreaterThanOrEqual(commits);
    }
    await pglite.close();
    flush.mockRestore();
  });

  it('refuses data of another PostgreSQL version, and touches nothing', async () => {
    await writeFile(join(dataDir, 'postgres-major'), '17\n');
    const before = await readdir(dataDir);
    await expect(openStore({ dataDir }, { log, clock })).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
      message: `The data directory ${dataDir} was written by PostgreSQL 17; this version embeds 18.`,
    });
    expect(await readdir(dataDir)).toEqual(before);
  });

  it('moves aside a database that was killed while it was being made', async () => {
    await rm(dataDir, { recursive: true });
    await mkdir(join(dataDir, 'database'), { recursive: true });
    await writeFile(join(dataDir, 'database', 'PG_VERSION'), '18\n');
    const store = await openStore({ dataDir }, { log, clock });
    expect(await store.runStore.health()).toMatchObject({ isReady: true });
    await store.close();
    expect((await readdir(dataDir)).sort()).toEqual([
      'database',
      expect.stringMatching(/^database-incomplete-\d+$/),
      'postgres-major',
    ]);
  });
});

describe.each(['linux', 'darwin'] as const)('directory lock on %s', (platform) => {
  let place: Awaited<ReturnType<typeof freshDirectory>>;

  beforeEach(async () => {
    place = await freshDirectory();
  });
  afterEach(() => place.remove());

  it('is taken once at a time, whatever path the directory goes by', async () => {
    const unlock = await lockDirectory(place.dataDir, platform);
    await expect(lockDirectory(join(place.dataDir, '.'), platform)).rejects.toMatchObject({
      code: 'STORE_IN_USE',
      message: expect.stringContaining(place.dataDir) as unknown,
    });
    await unlock();
    await (
      await lockDirectory(place.dataDir, platform)
    )();
  });

  it('makes a directory that does not exist', async () => {
    const directory = join(place.dataDir, 'a', 'b');
    await (
      await lockDirectory(directory, platform)
    )();
    expect(await readdir(join(place.dataDir, 'a'))).toEqual(['b']);
  });
});

describe('directory lock by file', () => {
  it('is taken over from a process that died', async () => {
    const { dataDir, remove } = await freshDirectory();
    const child = spawn(process.execPath, ['-e', '']);
    await once(child, 'exit');
    await writeFile(join(dataDir, 'lock'), String(child.pid));
    await (
      await lockDirectory(dataDir, 'darwin')
    )();
    await remove();
  });
});
