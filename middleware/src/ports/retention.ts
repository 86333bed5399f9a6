/** How many rows a deletion took, by table. */
export type DeletedRows = Readonly<Record<'idempotency' | 'planItem' | 'plan' | 'runItem', number>>;

/** What the store no longer needs, and when it goes. Throws `SyncError` STORE_UNAVAILABLE. */
export interface Retention {
  /** Puts the daily deletion in force, as work of kind `retention`. */
  schedule(): Promise<void>;
  /** Deletes in bounded statements, so that nobody waits long; what an interruption leaves goes the next time. */
  deleteExpired(): Promise<DeletedRows>;
}
