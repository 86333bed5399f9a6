import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  runItemStates,
  terminalItemStates,
  type Page,
  type Run,
  type RunItem,
} from '../../middleware/src/contracts/index.ts';
import { OrgClient, type LocalOrg } from '../../scripts/demo/orgClient.ts';
import type { Rollout } from '../../scripts/demo/runRollout.ts';
import { SyncApi } from '../../scripts/demo/syncApi.ts';
import { variantNames, type VariantName } from '../../scripts/demo/variants.ts';

type VariantDocument = Omit<Rollout, 'parkKennedyDifferences'> & {
  readonly variant: VariantName;
  readonly memory: Record<string, number>;
  readonly urls: { readonly middleware: string; readonly org: string };
  readonly keys: { readonly accessToken: string; readonly apiKey: string };
};

const start = (...flags: string[]): ChildProcess =>
  spawn(process.execPath, ['scripts/demo.ts', ...flags], { stdio: ['ignore', 'pipe', 'pipe'] });

/** What comes out, in the numbers of docs/domain.md §18.3 and §18.7. */
interface Outcome {
  readonly baseline?: Record<string, number>;
  readonly created: number;
  readonly updated: number;
  readonly toUpdate: number;
  readonly inSync: number;
  readonly rejected: { readonly creates: number; readonly updates: number };
  /** Criteria that only this variant has. */
  readonly own: Record<string, number>;
}

const undisturbed: Outcome = {
  created: 1_081,
  updated: 1_843,
  toUpdate: 1_843,
  inSync: 18_543,
  rejected: { creates: 0, updates: 0 },
  own: {},
};

const outcomes: Readonly<Record<Exclude<VariantName, 'clean'>, Outcome>> = {
  faulted: {
    ...undisturbed,
    created: 1_076,
    updated: 1_837,
    inSync: 18_532,
    rejected: { creates: 5, updates: 6 },
  },
  // 22 calls of at most 50, and the one of 100 that told where to stop.
  collapse: { ...undisturbed, own: { createCalls: 23 } },
  'lost-answers': undisturbed,
  'fresh-org': {
    ...undisturbed,
    baseline: { withChanges: 17_462, inSync: 0 },
    updated: 17_462,
    toUpdate: 17_462,
    own: { derivedOnly: 15_619, ingestJobs: 1 },
  },
};

const disturbed = variantNames.filter((name) => name !== 'clean');

describe.each(disturbed)('npm run demo -- --variant %s', (name) => {
  const outcome = outcomes[name];
  const { created, updated, toUpdate, inSync, rejected } = outcome;
  let demo: ChildProcess;
  let document: VariantDocument;
  let org: OrgClient;

  // Without --exit the demo stays up, so that the org can be asked.
  beforeAll(async () => {
    demo = start('--json', '--variant', name);
    if (demo.stdout === null || demo.stderr === null) throw new TypeError('The process has no output.');
    const complaint = text(demo.stderr);
    const line = once(createInterface({ input: demo.stdout }), 'line') as Promise<[string]>;
    const ended = once(demo, 'exit').then(async () => Promise.reject(new Error(await complaint)));
    ended.catch(() => undefined);
    [document] = (await Promise.race([line, ended])).map((json) => JSON.parse(json) as VariantDocument) as [
      VariantDocument,
    ];
    org = new OrgClient({ url: document.urls.org, accessToken: document.keys.accessToken } as LocalOrg);
  }, 900_000);

  afterAll(async () => {
    if (demo.exitCode !== null) return;
    const exited = once(demo, 'exit');
    demo.kill('SIGINT');
    await exited;
  }, 60_000);

  const actual = (criterion: string): number | undefined =>
    document.criteria.find((each) => each.name === criterion)?.actual;

  it('says which variant it is, and meets every criterion', () => {
    expect(document.variant).toBe(name);
    expect(document.criteria.filter(({ passed }) => !passed)).toEqual([]);
  });

  it('plans what is to be done', () => {
    expect(document.baseline).toMatchObject({ toCreate: 1_081, withChanges: toUpdate, ...outcome.baseline });
  });

  it('ends every record in one terminal state', async () => {
    const [a, b] = [document.syncA, document.syncB];
    expect(a).toMatchObject({ planned: 1_081, created, updated: 0, verified: created });
    expect(b).toMatchObject({ planned: toUpdate, created: 0, updated, verified: updated });
    expect([a.failed, b.failed]).toEqual([rejected.creates, rejected.updates]);
    expect(actual('quarantined')).toBe(rejected.creates + rejected.updates);
    expect(actual('errorRateA')).toBeCloseTo(rejected.creates / 1_081, 6);
    expect(actual('errorRateB')).toBeCloseTo(rejected.updates / toUpdate, 6);

    const api = new SyncApi(document.urls.middleware, document.keys.apiKey);
    const open = runItemStates.filter((state) => !terminalItemStates.includes(state));
    const { items: runs } = await api.get<Page<Run>>('/v1/runs');
    expect(runs.map(({ counts }) => counts.planned)).toEqual([
      // The newest first: what was refused is tried again, and nothing else.
      ...[rejected.updates, rejected.creates],
      ...[toUpdate, 1_081],
    ]);
    for (const { runId, counts } of runs) {
      expect(counts.verified + counts.failed + counts.quarantined + counts.skipped).toBe(counts.planned);
      for (const state of open) {
        const { items } = await api.get<Page<RunItem>>(`/v1/runs/${runId}/items?state=${state}`);
        expect(items).toEqual([]);
      }
    }
  });

  it('leaves Salesforce as it must', () => {
    expect(document.after).toEqual({
      toCreate: rejected.creates,
      missing: rejected.creates,
      withChanges: rejected.updates,
      inSync,
      conflicts: 258,
      p1Visible: 507,
      featureAccuracy: 1,
      blockedUnblocked: 2_410,
      stagingRows: 18_022 + created,
    });
    expect(document.criteria.map(({ name: criterion }) => criterion)).toEqual(
      expect.arrayContaining(Object.keys(outcome.own)),
    );
    for (const [criterion, value] of Object.entries(outcome.own)) expect(actual(criterion)).toBe(value);
  });

  it('has written no key twice', async () => {
    const records = await org.records('Product_Property__c', ['Id', 'RDS_Property_ID__c']);
    const keys = records
      .map(({ RDS_Property_ID__c: key }) => key)
      .filter((key): key is string => typeof key === 'string');
    const distinct = new Set(keys.map((key) => key.toLowerCase()));
    // The 270 that the baseline holds, and no other.
    expect({ distinct: distinct.size, surplus: keys.length - distinct.size }).toEqual({
      distinct: 17_751 + created,
      surplus: 270,
    });
    expect(await org.count('Property__c')).toBe(13_615);
  });

  it('streams through little memory', () => {
    expect(document.memory['heapPeakMb']).toBeLessThan(256);
  });
});

it('refuses a variant that there is none of, in one sentence', async () => {
  const demo = start('--variant', 'wrong');
  if (demo.stderr === null) throw new TypeError('The process has no output.');
  const [complaint] = await Promise.all([text(demo.stderr), once(demo, 'exit')]);
  expect(demo.exitCode).toBe(2);
  expect(complaint).toBe(`--variant must be one of ${variantNames.join(', ')}, not "wrong".\n`);
});
