import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { beforeAll, describe, expect, it } from '@jest/globals';

interface DemoDocument {
  readonly baseline: Record<string, unknown>;
  readonly syncA: Record<string, number>;
  readonly syncB: Record<string, number>;
  readonly after: Record<string, number>;
  readonly noop: { writes: number; apiCalls: number };
  readonly criteria: readonly {
    name: string;
    target: { op: string; value: number };
    actual: number;
    passed: boolean;
  }[];
  readonly timingsMs: Record<string, number>;
  readonly memory: Record<string, number>;
}

async function runDemo(...flags: string[]): Promise<{ exitCode: number; stdout: string; stderr: string }> {
  const child = spawn(process.execPath, ['scripts/demo.ts', ...flags], { stdio: ['ignore', 'pipe', 'pipe'] });
  const [stdout, stderr, [exitCode]] = (await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'exit'),
  ])) as [string, string, [number]];
  return { exitCode, stdout, stderr };
}

/** One rollout, whichever engine runs the views: embedded, or asked by the official driver of Databricks. */
const warehouses = ['duckdb', 'databricks-local'];

describe.each(warehouses)('npm run demo -- --warehouse %s --exit --json', (warehouse) => {
  let document: DemoDocument;
  let stdout: string;

  beforeAll(async () => {
    const result = await runDemo('--warehouse', warehouse, '--exit', '--json');
    stdout = result.stdout;
    expect(result).toMatchObject({ exitCode: 0 });
    document = JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? '') as DemoDocument;
  }, 600_000);

  it('prints one JSON document on stdout and everything else on stderr', () => {
    expect(stdout.trimEnd().split('\n')).toHaveLength(1);
  });

  // Every number is one of docs/domain.md §18.1 to §18.3.
  it('finds the January baseline as it is', () => {
    expect(document.baseline).toEqual({
      tableRows: 20_186,
      properties: 20_174,
      active: 12_272,
      toCreate: 1_081,
      toCreateP1: 507,
      existing: 17_462,
      matched: 7_980,
      withChanges: 1_843,
      inSync: 15_619,
      conflicts: 258,
      excluded: { SOURCE_DELETED: 12, PLACEHOLDER_SFDC: 267, TEST_NAME: 40, NO_COMPANY: 5, DISABLED: 1_061 },
      idvMismatches: 799,
      blocked: 2_410,
      multiProperty: 316,
      largestGroup: 67,
      stagingRows: 18_022,
    });
  });

  it('creates and updates every planned record and verifies each one', () => {
    expect(document.syncA).toMatchObject({
      planned: 1_081,
      written: 1_081,
      created: 1_081,
      updated: 0,
      verified: 1_081,
      failed: 0,
    });
    expect(document.syncB).toMatchObject({
      planned: 1_843,
      written: 1_843,
      created: 0,
      updated: 1_843,
      verified: 1_843,
      failed: 0,
    });
  });

  it('leaves Salesforce as the clean rollout must', () => {
    expect(document.after).toEqual({
      toCreate: 0,
      missing: 0,
      withChanges: 0,
      inSync: 18_543,
      conflicts: 258,
      p1Visible: 507,
      featureAccuracy: 1,
      blockedUnblocked: 2_410,
      stagingRows: 19_103,
    });
  });

  it('has nothing left to write, and finds that out in a few calls', () => {
    expect(document.noop.writes).toBe(0);
    expect(document.noop.apiCalls).toBeLessThanOrEqual(5);
  });

  it('meets every criterion', () => {
    expect(document.criteria.map(({ name, actual, passed }) => ({ name, actual, passed }))).toEqual([
      { name: 'created', actual: 1_081, passed: true },
      { name: 'matchedEqual', actual: 7_980, passed: true },
      { name: 'missing', actual: 0, passed: true },
      { name: 'featureAccuracy', actual: 1, passed: true },
      { name: 'p1Visible', actual: 507, passed: true },
      { name: 'idvResolved', actual: 799, passed: true },
      { name: 'unblocked', actual: 2_410, passed: true },
      { name: 'errorRateA', actual: 0, passed: true },
      { name: 'errorRateB', actual: 0, passed: true },
      { name: 'unverified', actual: 0, passed: true },
      { name: 'parkKennedy', actual: 0, passed: true },
      { name: 'noopWrites', actual: 0, passed: true },
    ]);
    const targets = Object.fromEntries(document.criteria.map(({ name, target }) => [name, target]));
    expect(targets).toMatchObject({
      created: { op: '>=', value: 1_032 },
      matchedEqual: { op: '>=', value: 7_581 },
      missing: { op: '<', value: 50 },
      featureAccuracy: { op: '>', value: 0.99 },
    });
  });

  it('tells times and memory', () => {
    const stages = ['generate', 'start', 'mirror', 'plan', 'syncA', 'verifyA', 'syncB', 'verifyB', 'total'];
    expect(Object.keys(document.timingsMs).sort()).toEqual(stages.sort());
    expect(Object.values(document.timingsMs).every((ms) => ms > 0)).toBe(true);
    expect(document.memory['heapPeakMb']).toBeGreaterThan(0);
    expect(document.memory['rssPeakMb']).toBeGreaterThan(document.memory['heapPeakMb'] ?? 0);
  });
});

describe('npm run demo with wrong input', () => {
  it.each([
    [['--properties', 'many'], '--properties'],
    [['--properties', '10'], '--properties'],
    [['--seed', '-1'], '--seed'],
    [['--fast'], '--fast'],
  ])('refuses %j in one sentence that names it, with exit code 2', async (flags, named) => {
    const { exitCode, stdout, stderr } = await runDemo(...flags);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr).toContain(named);
  });
});
