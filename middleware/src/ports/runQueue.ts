/** Work that must survive the process: build a plan, execute a run. A job carries ids, never values. */
export type QueuedWork = { readonly kind: 'plan' | 'run'; readonly id: string };

/** Takes queued work, one piece at a time over all instances. Work is put in by the run store, in its transactions. */
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
