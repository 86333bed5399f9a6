/**
 * Histories of faults, drawn from a seed: both syncs and a few resyncs against an org that misbehaves in several ways at
 * once, driven on as the queue and an operator would; then one clean plan with its runs.
 *
 * The seeds of a test run are divided between the two stores. To run others, or one that failed again:
 *
 *     FAULT_HISTORY_SEEDS=17,101-200 npm run jest -- test/integration/faultHistories
 *
 * A failure names the seed and what was drawn from it. The same seed draws the same faults; which call meets them also
 * depends on what runs side by side.
 */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { uuidv7 } from 'uuidv7';
import { createRandom, shuffle } from '../../local-org/src/random.ts';
import {
  keyMapping,
  type Plan,
  type Resync,
  type Run,
  runItemStates,
  type RunItem,
  type Sync,
  terminalItemStates,
} from '../../middleware/src/contracts/index.ts';
import { flushAudit } from '../../middleware/src/delivery/flushAudit.ts';
import { releaseRun } from '../../middleware/src/delivery/releaseRun.ts';
import { isEnded } from '../../middleware/src/delivery/runState.ts';
import { SyncError } from '../../middleware/src/errors.ts';
import { buildPlan, failPlan } from '../../middleware/src/planning/buildPlan.ts';
import { newPlan } from '../../middleware/src/planning/newPlan.ts';
import {
  executeResync,
  giveUpResync,
  type ResyncDeps,
} from '../../middleware/src/properties/executeResync.ts';
import { isResyncEnded } from '../../middleware/src/properties/resyncState.ts';
import { startResync } from '../../middleware/src/properties/startResync.ts';
import { auditOrg } from '../../scripts/demo/auditOrg.ts';
import { readSourceFiles, type SourceFiles } from '../../scripts/demo/readSourceFiles.ts';
import { openBench, openEngine, repeatedKeys, type Bench, type Engine } from './engine.ts';

const seedCount = 26;
const isOnServer = (globalThis as { isStoreOnServer?: boolean }).isStoreOnServer === true;

function seeds(): number[] {
  const asked = process.env['FAULT_HISTORY_SEEDS'] ?? '';
  if (asked === '') {
    return Array.from({ length: seedCount }, (_, index) => index + 1).filter(
      (seed) => (seed % 2 === 0) === isOnServer,
    );
  }
  return asked.split(',').flatMap((part) => {
    const [first = 0, last = first] = part.split('-').map(Number);
    return Array.from({ length: last - first + 1 }, (_, index) => first + index);
  });
}

/** What one seed makes of the org. */
interface History {
  readonly channel: 'collections' | 'bulk';
  readonly rules: readonly object[];
  readonly automation: object;
  readonly bulk: object;
}

/** Requests that write, and those that close a job. */
const writes = {
  collections: { method: 'PATCH', path: '/composite/sobjects' },
  bulk: { method: 'PATCH' },
} as const;
const matches = [
  {},
  { method: 'PATCH', path: '/composite/sobjects' },
  { path: '/query|/sobjects/Product_Property__c$' },
  { path: '/jobs/ingest' },
  { path: '/jobs/' },
  { method: 'POST' },
] as const;
const kinds = [
  ...['unavailable', 'rateLimited', 'resetBefore', 'resetAfter', 'cutBody', 'stallBody', 'slow'],
  ...['expiredSession', 'rowLock', 'apiLimit', 'repeated'],
];
/** Each of these costs a whole time-out or ends the work in hand: a few are enough. */
const boundedKinds = new Set(['stallBody', 'apiLimit']);

// An org that refuses every second request, logins included, would refuse each token as soon as it is issued.
function draw(seed: number): History {
  const random = createRandom(seed);
  const below = (limit: number): number => Math.floor(random() * limit);
  const channel = random() < 0.5 ? 'collections' : 'bulk';
  const rules = shuffle(kinds, random)
    .slice(0, 2 + below(4))
    .map((kind, index) => {
      const frequency = [{ every: 3 + below(6) }, { probability: 0.05 + 0.2 * random() }, {}][below(3)];
      const isBounded = boundedKinds.has(kind) || Object.keys(frequency ?? {}).length === 0;
      return {
        kind,
        // A lock concerns the records of a write, and in each history something strikes writes.
        match: kind === 'rowLock' || index === 0 ? writes[channel] : matches[below(matches.length)],
        ...frequency,
        ...(isBounded && { times: 1 + below(3) }),
        ...(kind === 'slow' && { delayMs: 1 + below(40) }),
        ...(kind === 'rowLock' && random() < 0.5 && { rows: 1 + below(10) }),
        seed: below(1_000_000),
      };
    });
  const insertLimit = { maxRecords: 3 + below(15), when: random() < 0.5 ? 'always' : 'oncePerBatch' };
  return {
    channel,
    rules,
    automation: random() < 0.3 ? { insertLimit } : {},
    bulk: {
      shuffleSeed: below(1_000),
      failAfterRecords: random() < 0.3 ? 5 + below(60) : null,
    },
  };
}

const channels = {
  collections: { ramp: { sizes: { create: [20], update: [20] }, pauseMs: 0 } },
  bulk: { maxCollectionRows: 10, ramp: { sizes: { create: [20], update: [20] }, pauseMs: 0 } },
} as const;

let bench: Bench;
let source: SourceFiles;
let engine: Engine;
let deps: ResyncDeps;

beforeAll(async () => {
  bench = await openBench();
  source = await readSourceFiles(bench.baselineDirectory);
});
afterAll(() => bench.close());

/** How often the queue gives a piece of work out before it is given up; the faults are denser than those of an org. */
const maxTries = 12;

/** Does the work again after failures that waiting can cure, as the queue does, and gives it up at last. */
async function persist(
  work: () => Promise<unknown>,
  giveUp: (error: SyncError) => Promise<unknown>,
): Promise<void> {
  for (let tried = 1; ; tried += 1) {
    try {
      await work();
      return;
    } catch (error) {
      if (!(error instanceof SyncError) || !error.isRetryable) throw error;
      if (tried === maxTries) {
        await giveUp(error);
        return;
      }
    }
  }
}

/** Asks for plans until one can be run, as an operator would. */
async function plan(): Promise<Plan> {
  const errors: string[] = [];
  for (let asked = 0; asked < maxTries; asked += 1) {
    const planId = uuidv7();
    const request = { key: uuidv7(), bodyHash: 'test' };
    const blank = newPlan(planId, { isAttended: true, now: deps.clock.now() });
    await deps.runStore.createPlan(blank, request);
    await persist(
      () => buildPlan(planId, deps),
      (error) => failPlan(planId, error, deps),
    );
    const built = await deps.runStore.readPlan(planId);
    if (built?.state === 'ready') return built;
    if (built?.state !== 'failed') throw new Error(`The plan is ${built?.state ?? 'lost'}.`);
    errors.push(built.error?.message ?? '');
  }
  throw new Error(`No plan came through: ${errors.join(' ')}`);
}

/** Runs a sync to its end; whenever it pauses, an operator lets it go on. */
async function run({ planId }: Plan, sync: Sync): Promise<Run> {
  const { runId } = await engine.queueRun(planId, sync);
  for (;;) {
    await persist(
      () => engine.execute(runId),
      () => engine.giveUp(runId),
    );
    const after = await deps.runStore.readRun(runId);
    if (after === undefined) throw new Error('The run is lost.');
    if (isEnded(after.state)) return after;
    if (after.state === 'paused') {
      expect(['budget', 'brake', 'authentication']).toContain(after.pause?.cause);
      await releaseRun(runId, { by: 'operator', reason: 'go on', mayReleaseBrake: true }, deps);
    }
  }
}

async function resync(rdsPropertyId: string): Promise<Resync> {
  const resyncId = uuidv7();
  const context = { resyncId, requestedBy: 'test', idempotency: { key: uuidv7(), bodyHash: 'test' } };
  for (let asked = 1; ; asked += 1) {
    try {
      await startResync(rdsPropertyId, { actingUser: null, urgency: 'urgent' }, context, deps);
      break;
    } catch (error) {
      // Whoever is refused asks again.
      if (asked === maxTries) throw error;
    }
  }
  await persist(
    () => executeResync(resyncId, deps),
    (error) => giveUpResync(resyncId, error, deps),
  );
  const ended = await deps.resyncStore.readResync(resyncId);
  if (ended === undefined || !isResyncEnded(ended.state)) throw new Error('The resync has not ended.');
  return ended;
}

async function itemsOf(runId: string): Promise<RunItem[]> {
  const items: RunItem[] = [];
  for (;;) {
    const afterOrdinal = items.at(-1)?.ordinal ?? -1;
    const page = await deps.runStore.readItems(runId, { states: runItemStates, limit: 500, afterOrdinal });
    if (page.length === 0) return items;
    items.push(...page);
  }
}

/** Some properties that each sync would write, drawn from the seed. */
async function someProperties({ planId }: Plan, random: () => number): Promise<string[]> {
  const ids: string[] = [];
  for (const operation of ['create', 'update'] as const) {
    const items = await deps.runStore.listPlanItems(planId, { operation, limit: 40 });
    ids.push(
      ...shuffle(items, random)
        .slice(0, 2)
        .map(({ rdsPropertyId }) => rdsPropertyId),
    );
  }
  return ids;
}

async function clearFaults(): Promise<void> {
  await engine.control('DELETE', 'faults');
  await engine.control('PUT', 'automation', { insertLimit: null });
  await engine.control('PUT', 'bulk', { failAfterRecords: null });
}

describe('after a history of faults', () => {
  it.each(seeds())(
    'of seed %i the ledger is true, and a clean plan ends in sync',
    async (seed) => {
      const history = draw(seed);
      engine = await openEngine(bench, { settings: channels[history.channel], timeoutMs: 2_000 });
      deps = {
        ...engine.deps,
        resyncStore: bench.resyncStore,
        scheduleStore: bench.scheduleStore,
        newId: uuidv7,
        logger: { warn: () => undefined },
      };
      try {
        await check(history, createRandom(-seed));
      } catch (error) {
        throw new Error(`Seed ${String(seed)}: ${JSON.stringify(history)}`, { cause: error });
      } finally {
        await engine.close();
      }
    },
    600_000,
  );
});

async function check(history: History, random: () => number): Promise<void> {
  const before = repeatedKeys(await engine.records());
  await engine.control('PUT', 'faults', { rules: history.rules });
  await engine.control('PUT', 'automation', history.automation);
  await engine.control('PUT', 'bulk', history.bulk);
  const first = await plan();
  const [early = '', ...late] = await someProperties(first, random);
  const resyncs = [await resync(early)];
  const runs = [await run(first, 'A')];
  for (const id of late) resyncs.push(await resync(id));
  runs.push(await run(first, 'B'));
  await clearFaults();

  expect(repeatedKeys(await engine.records())).toEqual(before);
  const { evaluations, records } = await auditOrg(engine.org, source);
  const byKey = new Map(records.map((record) => [String(record[keyMapping.field]).toLowerCase(), record]));
  const runIds = [...runs.map(({ runId }) => runId), ...resyncs.flatMap(({ runIds }) => runIds)];
  const ended = await Promise.all(runIds.map((runId) => deps.runStore.readRun(runId)));
  for (const done of ended) {
    if (done === undefined) throw new Error('A run is lost.');
    expect(isEnded(done.state)).toBe(true);
    const items = await itemsOf(done.runId);
    expect(items).toHaveLength(done.counts.planned);
    for (const item of items) {
      expect(terminalItemStates).toContain(item.state);
      if (item.state === 'verified') {
        expect(byKey.get(item.rdsPropertyId)?.['Id']).toBe(item.stagingId);
        // Nothing is left to change: each mapped field is what the evaluator makes of the raw source.
        expect(evaluations.get(item.rdsPropertyId as never)).toMatchObject({ ownRowCount: 1, changes: [] });
      } else {
        expect(item.error).toMatchObject({ code: expect.any(String), message: expect.any(String) });
      }
    }
  }

  await flushAudit({ ...deps, codeVersion: 'test' });
  const { warehouse } = deps;
  for (const done of ended) {
    const [row] = await warehouse.query(
      `select (select count(*) from ${warehouse.name('sync_run')} where run_id = :runId) as runs,
              (select count(*) from ${warehouse.name('sync_run_item')} where run_id = :runId) as items,
              (select count(distinct item_id) from ${warehouse.name('sync_run_item')} where run_id = :runId) as ids`,
      { runId: done?.runId ?? '' },
    );
    const planned = BigInt(done?.counts.planned ?? -1);
    expect(row).toEqual({ runs: 1n, items: planned, ids: planned });
  }

  // What a fault kept from being written is written now, all of it.
  const clean = await plan();
  for (const sync of ['A', 'B'] as const)
    expect(await run(clean, sync)).toMatchObject({ state: 'succeeded' });
  expect((await plan()).summary).toMatchObject({ toCreate: 0, withChanges: 0 });
  expect(repeatedKeys(await engine.records())).toEqual(before);
}
