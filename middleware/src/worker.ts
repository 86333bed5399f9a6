import type { Logger } from 'pino';
import { syncSchema } from './contracts/index.ts';
import { executeRun, refuseRun } from './delivery/executeRun.ts';
import { flushAudit } from './delivery/flushAudit.ts';
import { giveUpTick, runTick, type TickDeps } from './delivery/runTick.ts';
import { SyncError } from './errors.ts';
import { buildPlan, failPlan } from './planning/buildPlan.ts';
import type { Retention } from './ports/retention.ts';
import type { JobId, QueuedWork, RunQueue } from './ports/runQueue.ts';
import { executeResync, giveUpResync, type ResyncDeps } from './properties/executeResync.ts';

export interface WorkerDeps extends ResyncDeps, TickDeps {
  readonly scheduleStore: TickDeps['scheduleStore'];
  readonly runQueue: RunQueue;
  readonly retention: Pick<Retention, 'deleteExpired'>;
  readonly logger: Logger;
  readonly codeVersion: string;
}

/** Takes queued work, carries it out, and carries what it leaves behind into the audit. */
export async function startWorker(deps: WorkerDeps): Promise<void> {
  const { runQueue, logger } = deps;
  const lastErrors = new Map<string, unknown>();
  let lastFlush = Promise.resolve();
  // Work ends side by side; its audit goes one after the other.
  const carryAudit = (): Promise<void> => (lastFlush = lastFlush.then(() => tryToFlush(deps)));

  await carryAudit();
  await runQueue.work(
    async (work, jobId) => {
      try {
        await carryOut(work, jobId, deps);
        lastErrors.delete(keyOf(work));
      } catch (error) {
        lastErrors.set(keyOf(work), error);
        throw error;
      }
      await carryAudit();
    },
    async (work) => {
      const error = finalError(work, lastErrors.get(keyOf(work)));
      lastErrors.delete(keyOf(work));
      logger.error({ err: error, work }, 'gave up');
      await giveUp(work, error, deps);
      await carryAudit();
    },
  );
}

async function carryOut({ kind, id }: QueuedWork, jobId: JobId, deps: WorkerDeps): Promise<void> {
  switch (kind) {
    case 'plan':
      return buildPlan(id, deps);
    case 'run':
      return executeRun(id, deps);
    case 'resync':
      return executeResync(id, deps);
    case 'tick':
      return runTick(syncSchema.parse(id), jobId, deps);
    case 'retention':
      deps.logger.info({ deleted: await deps.retention.deleteExpired() }, 'deleted what is no longer needed');
  }
}

async function giveUp({ kind, id }: QueuedWork, error: SyncError, deps: WorkerDeps): Promise<void> {
  switch (kind) {
    case 'plan':
      return failPlan(id, error, deps);
    case 'run':
      return refuseRun(id, error, deps);
    case 'resync':
      return giveUpResync(id, error, deps);
    case 'tick':
      return giveUpTick(syncSchema.parse(id), error, deps);
    case 'retention':
    // The next day tries again.
  }
}

const keyOf = ({ kind, id }: QueuedWork): string => `${kind} ${id}`;

/** What the last attempt met, if this process saw it. */
function finalError({ kind, id }: QueuedWork, lastError: unknown): SyncError {
  if (lastError instanceof SyncError) return lastError;
  return new SyncError('INTERNAL', `The ${kind} ${id} failed each time it was tried.`, { cause: lastError });
}

/** The outbox keeps what the warehouse would not take; a later flush carries it. */
async function tryToFlush(deps: WorkerDeps): Promise<void> {
  try {
    await flushAudit(deps);
  } catch (error) {
    deps.logger.warn({ err: error }, 'the audit waits for the warehouse');
  }
}
