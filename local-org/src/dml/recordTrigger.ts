import type { SaveError } from '../errors.ts';
import type { Row } from '../store/schema.ts';
import type { Table } from '../store/table.ts';

/** One record as a transaction changed it. `before` is undefined for a new record. */
export interface Change {
  readonly table: Table;
  readonly before: Row | undefined;
  readonly after: Row;
}

/** What runs inside the org when records are saved: the seat of the automation stand-in. */
export interface RecordTrigger {
  /** Runs in the transaction of at most 200 records; the changes it names are undone with that error. */
  refuse(changes: readonly Change[]): ReadonlyMap<Change, SaveError>;
  /** Runs once the changes are saved. */
  afterSave(changes: readonly Change[]): void;
}
