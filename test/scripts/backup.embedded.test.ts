import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readdir, readFile, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { createSystemClock } from '../../middleware/src/adapters/clock/systemClock.ts';
import { openStore, type Store } from '../../middleware/src/adapters/store/openStore.ts';
import type { Run } from '../../middleware/src/contracts/index.ts';
import { copyEmptyStore } from '../../scripts/demo/copyEmptyStore.ts';
import { freshDirectory } from '../middleware/adapters/storeLocations.ts';
import { aPlan, aPlanItem, aRequest, aRun } from '../middleware/ports/ledger.ts';

const log = { warn: () => undefined, error: () => undefined };
const clock = createSystemClock({ startAt: null });
const open = (dataDir: string): Promise<Store> =>
  openStore({ dataDir: join(dataDir, 'store') }, { log, clock });

let directory: string;
let remove: () => Promise<void>;
let source: string;
let file: string;
let run: Run;

beforeAll(async () => {
  ({ dataDir: directory, remove } = await freshDirectory());
  source = join(directory, 'source');
  file = join(directory, 'store.backup');
  await copyEmptyStore(join(source, 'store'));
  const store = await open(source);
  const { plan } = await store.runStore.createPlan(aPlan({ state: 'ready' }), aRequest());
  await store.runStore.appendPlanItems(
    plan.planId,
    Array.from({ length: 300 }, (_, index) => aPlanItem(index)),
  );
  ({ run } = await store.runStore.createRun(aRun(plan.planId), aRequest()));
  const done = Array.from({ length: 300 }, (_, index) => ({
    rdsPropertyId: `property-${String(index)}`,
    state: 'verified' as const,
    before: { Name: `Before ${String(index)}` },
  }));
  await store.runStore.updateItems(run.runId, done);
  await store.runStore.endRun(run.runId, { state: 'succeeded', endedAt: clock.now().toISOString() });
  await store.close();
});
afterAll(() => remove());

async function execute(
  script: string,
  ...flags: string[]
): Promise<{ exitCode: number; stdout: string; stderr: string }> {
  const child = spawn(process.execPath, [`scripts/${script}.ts`, ...flags], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const [stdout, stderr, [exitCode]] = (await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'exit'),
  ])) as [string, string, [number]];
  return { exitCode, stdout, stderr };
}
const backup = (out: string) => execute('backup', '--data-dir', source, '--out', out);
const restore = (from: string, dataDir: string) => execute('restore', '--in', from, '--data-dir', dataDir);
const rows = async (dataDir: string): Promise<unknown> => {
  const store = await open(dataDir);
  try {
    return [
      await store.runStore.readRun(run.runId),
      await store.runStore.readPlan(run.planId),
      await store.runStore.readItems(run.runId, { states: ['verified'], limit: 1_000 }),
    ];
  } finally {
    await store.close();
  }
};

it('brings every row back, elsewhere', async () => {
  const made = await backup(file);
  expect(made).toMatchObject({ exitCode: 0, stderr: '' });
  expect(JSON.parse(made.stdout)).toEqual({ file, bytes: (await readFile(file)).length });
  const target = join(directory, 'target');
  const restored = await restore(file, target);
  expect(restored).toMatchObject({ exitCode: 0 });
  expect(JSON.parse(restored.stdout)).toEqual({ dataDir: target, plans: 1, runs: 1, resyncs: 0 });
  expect(await rows(target)).toEqual(await rows(source));
});

it('refuses a store that is in use', async () => {
  const store = await open(source);
  try {
    const { exitCode, stderr } = await backup(join(directory, 'other.backup'));
    expect({ exitCode, code: stderr.split(':')[0] }).toEqual({ exitCode: 2, code: 'STORE_IN_USE' });
  } finally {
    await store.close();
  }
});

it('replaces neither a file nor a store', async () => {
  await writeFile(join(directory, 'taken.backup'), 'mine');
  expect(await backup(join(directory, 'taken.backup'))).toMatchObject({ exitCode: 2 });
  expect(await readFile(join(directory, 'taken.backup'), 'utf8')).toBe('mine');
  const { exitCode, stderr } = await restore(file, source);
  expect(exitCode).toBe(2);
  expect(stderr).toContain('is not empty');
  expect(await rows(source)).toHaveLength(3);
});

it('refuses what is no whole backup, and leaves nothing behind', async () => {
  const cut = join(directory, 'cut.backup');
  await writeFile(cut, await readFile(file));
  await truncate(cut, 10_000);
  for (const from of [cut, join(directory, 'taken.backup'), join(directory, 'nowhere.backup')]) {
    const target = join(directory, 'none');
    await mkdir(target, { recursive: true });
    expect(await restore(from, target)).toMatchObject({ exitCode: 2 });
    expect(await readdir(target)).toEqual([]);
  }
});

it('refuses a directory without a store, and says how it is used', async () => {
  const missing = join(directory, 'missing');
  expect(await execute('backup', '--data-dir', missing, '--out', join(directory, 'x'))).toMatchObject({
    exitCode: 2,
  });
  for (const script of ['backup', 'restore']) {
    expect(await execute(script)).toMatchObject({ exitCode: 2, stdout: '' });
    const { exitCode, stdout } = await execute(script, '--help');
    expect({ exitCode, isUsage: stdout.includes(`npm run ${script}`) }).toEqual({
      exitCode: 0,
      isUsage: true,
    });
  }
});
