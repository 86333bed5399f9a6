/**
 * Work that must survive the process: build a plan, execute a run, carry out a resync, the tick of a schedule (whose id
 * is the name of its sync), or the daily deletion of what is no longer needed. A job carries ids, never values.
 */
export type QueuedWork = {
  readonly kind: 'plan' | 'run' | 'resync' | 'tick' | 'retention';
  readonly id: string;
};

/** The same each time a piece of work is given out again, and another for every other piece, also of the same id. */
export type JobId = string;

/**
 * Takes queued work. Everything but resyncs goes one at a time over all instances; resyncs beside it, one at a time of
 * each group, urgent ones first. Work is put in by the stores, in their transactions, and by the schedules; of several
 * ticks of one sync that wait, one is given out.
 */
export interface RunQueue {
  /**
   * Starts taking work. A handler that throws is tried again with back-off, a bounded number of times; a worker that
   * dies loses its lease and the work is given out again, so handlers must resume rather than repeat. When the
   * attempts are spent, `giveUp` is called: what the work was for must end as failed there, or it would stay open for
   * ever.
   */
  work(
    handler: (work: QueuedWork, jobId: JobId) => Promise<void>,
    giveUp?: (work: QueuedWork) => Promise<void>,
  ): Promise<void>;
  /** Stops taking work and waits for the pieces in hand, at most `timeoutMs`. */
  stop(timeoutMs: number): Promise<void>;
}
