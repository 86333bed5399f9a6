/**
 * Work that must survive the process: build a plan, execute a run, carry out a resync, or the tick of a schedule (whose
 * id is the name of its sync). A job carries ids, never values.
 */
export type QueuedWork = { readonly kind: 'plan' | 'run' | 'resync' | 'tick'; readonly id: string };

/**
 * Takes queued work. Plans, runs and ticks go one at a time over all instances; resyncs beside them, one at a time of
 * each group, urgent ones first. Work is put in by the stores, in their transactions, and by the schedule.
 */
export interface RunQueue {
  /**
   * Starts taking work. A handler that throws is tried again with back-off, a bounded number of times; a worker that
   * dies loses its lease and the work is given out again, so handlers must resume rather than repeat. When the
   * attempts are spent, `giveUp` is called: what the work was for must end as failed there, or it would stay open for
   * ever.
   */
  work(
    handler: (work: QueuedWork) => Promise<void>,
    giveUp?: (work: QueuedWork) => Promise<void>,
  ): Promise<void>;
  /** Stops taking work and waits for the piece in hand, at most `timeoutMs`. */
  stop(timeoutMs: number): Promise<void>;
}
