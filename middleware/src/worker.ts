import type { Logger } from 'pino';
import { executeRun, refuseRun } from './delivery/executeRun.ts';
import { flushAudit } from './delivery/flushAudit.ts';
import type { DeliveryDeps } from './delivery/deliveryDeps.ts';
import { SyncError } from './errors.ts';
import { buildPlan, failPlan } from './planning/buildPlan.ts';
import type { QueuedWork, RunQueue } from './ports/runQueue.ts';

export interface WorkerDeps extends DeliveryDeps {
  readonly runQueue: RunQueue;
  readonly logger: Logger;
  readonly codeVersion: string;
}

/** Takes queued plans and runs, one at a time, and carries what they leave behind into the audit. */
export async function startWorker(deps: WorkerDeps): Promise<void> {
  const { runQueue, logger } = deps;
  const lastErrors = new Map<string, unknown>();

  await carryAudit(deps);
  await runQueue.work(
    async (work) => {
      try {
        await (work.kind === 'plan' ? buildPlan(work.id, deps) : executeRun(work.id, deps));
        lastErrors.delete(work.id);
      } catch (error) {
        lastErrors.set(work.id, error);
        throw error;
      }
      await carryAudit(deps);
    },
    async (work) => {
      const error = finalError(work, lastErrors.get(work.id));
      lastErrors.delete(work.id);
      logger.error({ err: error, work }, 'gave up');
      await (work.kind === 'plan'
        ? failPlan(work.id, error, deps.runStore)
        : refuseRun(work.id, error, deps));
      await carryAudit(deps);
    },
  );
}

/** What the last attempt met, if this process saw it. */
function finalError({ kind, id }: QueuedWork, lastError: unknown): SyncError {
  if (lastError instanceof SyncError) return lastError;
  return new SyncError('INTERNAL', `The ${kind} ${id} failed each time it was tried.`, { cause: lastError });
}

/** The outbox keeps what the warehouse would not take; a later flush carries it. */
async function carryAudit(deps: WorkerDeps): Promise<void> {
  try {
    await flushAudit(deps);
  } catch (error) {
    deps.logger.warn({ err: error }, 'the audit waits for the warehouse');
  }
}
