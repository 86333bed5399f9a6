import { setTimeout as delay } from 'node:timers/promises';
import type { Transaction } from 'kysely';
import { fromKysely, type Job, PgBoss, type QueueOptions } from 'pg-boss';
import type { QueuedWork, RunQueue } from '../../ports/runQueue.ts';
import type { Database } from './openDatabase.ts';
import type { StoreLog } from './storeLog.ts';
import type { Tables } from './tables.ts';

export interface WorkQueueOptions {
  readonly log: StoreLog;
  readonly retries?: Retries;
}

/** Of a resync: the group it is alone with, and whether a person waits for it. */
export interface PutOptions {
  readonly groupKey: string;
  readonly isUrgent: boolean;
}

/** Where the run store puts work, in the transaction that makes what the work is about. */
export interface WorkInbox {
  put(transaction: Transaction<Tables>, work: QueuedWork, options?: PutOptions): Promise<void>;
  /** Tells a worker of this process, after the commit, not to wait for its next look. */
  wake(): void;
}

const workQueue = 'work';
/** Work whose attempts are spent. */
const givenUpQueue = 'work-given-up';

/** With this policy one job of a key is active at a time; with one key for all, one job over all instances. */
const oneAtATime = { policy: 'singleton' } as const;
const singletonKey = 'all';

/** How often work that failed is tried again; the delay doubles, up to five minutes. */
export interface Retries {
  readonly limit: number;
  readonly delaySeconds: number;
}
/** A system that is away for a quarter of an hour is waited for. */
const defaultRetries: Retries = { limit: 10, delaySeconds: 2 };
const backOff = { retryBackoff: true, retryDelayMax: 5 * 60 };
const lease = {
  heartbeatSeconds: 15,
  // The heartbeat says whether a worker lives; a long run is no reason to take its work away. The longest allowed.
  expireInSeconds: 24 * 60 * 60 - 1,
};
/** The plan or the run is the record; a finished job is of no further use. */
const deleteAfterSeconds = 60 * 60;
const polling = { pollingIntervalSeconds: 0.5, heartbeatRefreshSeconds: 4 };
const supervision = { superviseIntervalSeconds: 2, monitorIntervalSeconds: 2 };
const shutdownGraceMs = 1000;

/** Starts pg-boss over the database and makes its queues. */
export async function openQueue(
  database: Database,
  { log, retries = defaultRetries }: WorkQueueOptions,
): Promise<{ runQueue: RunQueue; inbox: WorkInbox; close(): Promise<void> }> {
  const boss = new PgBoss({ ...database.bossOptions, ...supervision, schedule: false });
  boss.on('error', (error) => log.error({ err: error }, 'The queue met an error.'));
  boss.on('warning', (warning) => log.warn(warning, 'The queue warns.'));
  await boss.start();
  const common = {
    ...lease,
    ...backOff,
    retryLimit: retries.limit,
    retryDelay: retries.delaySeconds,
    deleteAfterSeconds,
  };
  await keepQueue(boss, givenUpQueue, common);
  await keepQueue(boss, workQueue, { ...common, deadLetter: givenUpQueue });
  if (database.isExclusive) await returnAbandonedJobs(boss);

  let workerId: string | undefined;
  const wake = (): void => {
    if (workerId !== undefined) boss.notifyWorker(workerId);
  };
  const take = (queue: string, handler: (work: QueuedWork) => Promise<void>): Promise<string> =>
    boss.work(queue, polling, async (jobs: Job<QueuedWork>[]) => {
      for (const { data: work } of jobs) {
        try {
          await handler(work);
        } catch (error) {
          log.error({ err: error, work }, 'Work failed.');
          throw error;
        } finally {
          // What waits behind this piece need not wait for the next look.
          wake();
        }
      }
    });

  const runQueue: RunQueue = {
    async work(handler, giveUp) {
      workerId = await take(workQueue, handler);
      if (giveUp !== undefined) await take(givenUpQueue, giveUp);
    },
    async stop(timeoutMs) {
      const ended = Promise.all(
        [workQueue, givenUpQueue].map((queue) => boss.offWork(queue, { wait: true })),
      );
      const timeout = new AbortController();
      await Promise.race([ended, delay(timeoutMs, undefined, { signal: timeout.signal })]);
      timeout.abort();
    },
  };
  const inbox: WorkInbox = {
    async put(transaction, work) {
      await boss.send(workQueue, work, { singletonKey, db: fromKysely(transaction.withoutPlugins()) });
    },
    wake,
  };
  return { runQueue, inbox, close: () => boss.stop({ timeout: shutdownGraceMs }) };
}

type QueueSettings = QueueOptions & { readonly deadLetter?: string };

/** Makes the queue; one that an earlier start made takes the settings of this one. */
async function keepQueue(boss: PgBoss, name: string, settings: QueueSettings): Promise<void> {
  await boss.createQueue(name, { ...oneAtATime, ...settings });
  await boss.updateQueue(name, settings);
}

/** Nobody else can be working: what is active was left by a process that died. It need not wait for its lease. */
async function returnAbandonedJobs(boss: PgBoss): Promise<void> {
  for (const queue of [workQueue, givenUpQueue]) {
    const jobs = await boss.findJobs(queue, { limit: 100_000 });
    const abandoned = jobs.filter(({ state }) => state === 'active').map(({ id }) => id);
    if (abandoned.length > 0) await boss.fail(queue, abandoned, { reason: 'The process ended.' });
  }
}
