/**
 * Opens a store, ends its worker thread under calls that wait, and writes to stdout, as one JSON document, how those
 * and later calls ended. Arguments: the data directory.
 */
import { once } from 'node:events';
import type { Worker } from 'node:worker_threads';
import { createSystemClock } from '../../../middleware/src/adapters/clock/systemClock.ts';
import { openStore } from '../../../middleware/src/adapters/store/openStore.ts';
import { SyncError } from '../../../middleware/src/errors.ts';
import { aPlan, aRequest } from '../ports/ledger.ts';

const log = { warn: () => undefined, error: () => undefined };
const clock = createSystemClock({ startAt: null });
const [, , dataDir = ''] = process.argv;
const codeOf = (error: unknown): string => (error instanceof SyncError ? error.code : String(error));
const codes = async (calls: Promise<unknown>[]): Promise<string[]> =>
  (await Promise.allSettled(calls)).map((call) =>
    call.status === 'rejected' ? codeOf(call.reason) : 'fulfilled',
  );

// Within Jest `process` is a copy that hears of no worker; this runs in a process of its own.
const started = once(process, 'worker') as Promise<[Worker]>;
const store = await openStore({ dataDir }, { log, clock });
const { runStore } = store;
const [worker] = await started;

const calls = [
  runStore.createPlan(aPlan(), aRequest()),
  runStore.latestBuiltPlan(),
  runStore.createPlan(aPlan(), aRequest()),
];
await worker.terminate();
const waiting = await codes(calls);
const later = await codes([runStore.latestBuiltPlan(), runStore.createPlan(aPlan(), aRequest())]);
const { isReady } = await runStore.health();
await store.close();
console.log(JSON.stringify({ waiting, later, isReady }));
