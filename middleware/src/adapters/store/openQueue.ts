import { setTimeout as delay } from 'node:timers/promises';
import type { Transaction } from 'kysely';
import { fromKysely, type Job, type JobWithMetadata, PgBoss, type QueueOptions } from 'pg-boss';
import type { JobId, QueuedWork, RunQueue } from '../../ports/runQueue.ts';
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

/** Where the stores put work, in the transaction that makes what the work is about. */
export interface WorkInbox {
  /** The options belong to a resync, and only to one. */
  put(transaction: Transaction<Tables>, work: QueuedWork, options?: PutOptions): Promise<void>;
  /** Makes the resyncs of the group that wait urgent. */
  raise(transaction: Transaction<Tables>, groupKey: string): Promise<void>;
  /** Tells the workers of this process, after the commit, not to wait for their next look. */
  wake(): void;
}

/** Resyncs have a queue of their own, so that none waits behind a long run. */
const queues = {
  work: { name: 'work', givenUp: 'work-given-up', workerCount: 1 },
  resync: { name: 'resync', givenUp: 'resync-given-up', workerCount: 2 },
} as const;
const queueNames = Object.values(queues).flatMap(({ name, givenUp }) => [name, givenUp]);

/** With this policy one job of a key is active at a time, over all instances; any number may wait. */
const oneAtATime = { policy: 'singleton' } as const;
/** One key for everything but resyncs; a resync has its group's. */
const commonKey = 'all';
const urgentPriority = 1;

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
const scheduling = { schedule: true, cronMonitorIntervalSeconds: 10, cronWorkerIntervalSeconds: 2 };
const shutdownGraceMs = 1000;

/** Work that is put in at certain times, once however many instances share the store. */
export interface Timetable {
  /** Puts an entry in force, or takes it out; what is in force already stays undisturbed. The cron expression is in UTC. */
  set(key: string, entry: { readonly cron: string; readonly work: QueuedWork } | null): Promise<void>;
  /** When the entry comes next and how long after that again; null if it is not in force. */
  read(key: string): Promise<{ readonly nextAt: Date; readonly intervalMs: number } | null>;
}

export interface WorkQueue {
  readonly runQueue: RunQueue;
  readonly inbox: WorkInbox;
  readonly timetable: Timetable;
  /** What waits, is tried again, is being done or is being given up: what is open and not here is forgotten. */
  jobs(): Promise<QueuedWork[]>;
  close(): Promise<void>;
}

/** Starts pg-boss over the database and makes its queues. */
export async function openQueue(
  database: Database,
  { log, retries = defaultRetries }: WorkQueueOptions,
): Promise<WorkQueue> {
  const boss = new PgBoss({ ...database.bossOptions, ...supervision, ...scheduling });
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
  for (const { name, givenUp } of Object.values(queues)) {
    await keepQueue(boss, givenUp, common);
    await keepQueue(boss, name, { ...common, deadLetter: givenUp });
  }
  if (database.isExclusive) await returnAbandonedJobs(boss);

  const workerIds: string[] = [];
  const wake = (): void => {
    for (const workerId of workerIds) boss.notifyWorker(workerId);
  };
  const take = async (
    queue: string,
    workerCount: number,
    handler: (work: QueuedWork, jobId: JobId) => Promise<void>,
  ): Promise<void> => {
    for (let count = 0; count < workerCount; count += 1) {
      const workerId = await boss.work(queue, polling, async (jobs: Job<QueuedWork>[]) => {
        for (const { id, data: work } of jobs) {
          try {
            if (work.kind === 'tick') await dropOtherTicks(boss, queue, work);
            await handler(work, id);
          } catch (error) {
            log.error({ err: error, work }, 'Work failed.');
            throw error;
          } finally {
            // What waits behind this piece need not wait for the next look.
            wake();
          }
        }
      });
      workerIds.push(workerId);
    }
  };

  const runQueue: RunQueue = {
    async work(handler, giveUp) {
      for (const { name, givenUp, workerCount } of Object.values(queues)) {
        await take(name, workerCount, handler);
        if (giveUp !== undefined) await take(givenUp, 1, giveUp);
      }
    },
    async stop(timeoutMs) {
      const ended = Promise.all(queueNames.map((queue) => boss.offWork(queue, { wait: true })));
      const timeout = new AbortController();
      await Promise.race([ended, delay(timeoutMs, undefined, { signal: timeout.signal })]);
      timeout.abort();
    },
  };
  const inbox: WorkInbox = {
    async put(transaction, work, options) {
      const db = fromKysely(transaction.withoutPlugins());
      if (work.kind !== 'resync') {
        await boss.send(queues.work.name, work, { singletonKey: commonKey, db });
        return;
      }
      if (options === undefined) throw new Error('A resync is put in with its group.');
      await boss.send(queues.resync.name, work, {
        singletonKey: options.groupKey,
        priority: options.isUrgent ? urgentPriority : 0,
        db,
      });
    },
    async raise(transaction, groupKey) {
      await boss.update(queues.resync.name, undefined, {
        singletonKey: groupKey,
        match: 'all',
        priority: urgentPriority,
        db: fromKysely(transaction.withoutPlugins()),
      });
    },
    wake,
  };
  const timetable: Timetable = {
    async set(key, entry) {
      const current = await boss.getSchedule(queues.work.name, key);
      if (entry === null) {
        if (current !== null) await boss.unschedule(queues.work.name, key);
      } else if (current?.cron !== entry.cron) {
        await boss.schedule(queues.work.name, entry.cron, entry.work, {
          key,
          tz: 'UTC',
          missed: 'once',
          singletonKey: commonKey,
        });
      }
    },
    async read(key) {
      const current = await boss.getSchedule(queues.work.name, key);
      if (current === null) return null;
      const [next, afterNext] = boss.previewSchedule(current.cron, { tz: current.timezone, count: 2 });
      if (next === undefined || afterNext === undefined) return null;
      return { nextAt: next, intervalMs: afterNext.getTime() - next.getTime() };
    },
  };
  return {
    runQueue,
    inbox,
    timetable,
    async jobs() {
      const open: QueuedWork[] = [];
      for (const queue of queueNames) {
        for (const job of await allJobs(boss, queue)) {
          if (openJobStates.includes(job.state)) open.push(job.data);
        }
      }
      return open;
    },
    close: () => boss.stop({ timeout: shutdownGraceMs }),
  };
}

type QueueSettings = QueueOptions & { readonly deadLetter?: string };

/** Makes the queue; one that an earlier start made takes the settings of this one. */
async function keepQueue(boss: PgBoss, name: string, settings: QueueSettings): Promise<void> {
  await boss.createQueue(name, { ...oneAtATime, ...settings });
  await boss.updateQueue(name, settings);
}

const openJobStates: readonly string[] = ['created', 'retry', 'active'];

function allJobs(boss: PgBoss, queue: string): Promise<JobWithMetadata<QueuedWork>[]> {
  return boss.findJobs<QueuedWork>(queue, { limit: 100_000 });
}

/** Ticks that came while nobody could take them ask for one and the same thing: the newest state of the source. */
async function dropOtherTicks(boss: PgBoss, queue: string, tick: QueuedWork): Promise<void> {
  const waiting = await boss.findJobs(queue, { data: tick, queued: true });
  if (waiting.length > 0)
    await boss.deleteJob(
      queue,
      waiting.map(({ id }) => id),
    );
}

/** Nobody else can be working: what is active was left by a process that died. It need not wait for its lease. */
async function returnAbandonedJobs(boss: PgBoss): Promise<void> {
  for (const queue of queueNames) {
    const jobs = await allJobs(boss, queue);
    const abandoned = jobs.filter(({ state }) => state === 'active').map(({ id }) => id);
    if (abandoned.length > 0) await boss.fail(queue, abandoned, { reason: 'The process ended.' });
  }
}
