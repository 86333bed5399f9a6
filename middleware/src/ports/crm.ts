import type { ErrorClass, MappedValues } from '../contracts/index.ts';

/** A staging row as Salesforce holds it, by the product's field names; values as Salesforce sent them. */
export interface StagingRecord {
  readonly id: string;
  readonly key: string | null;
  readonly isDeleted: boolean;
  readonly values: MappedValues;
  readonly lookupId: string | null;
  readonly syncRunId: string | null;
  readonly lastSyncedAt: string | null;
  readonly createdAt: string;
  readonly lastModifiedAt: string;
  readonly lastModifiedById: string;
  readonly systemModstamp: string;
}

/** One record to write: `key` is always sent with a create; an update goes to `id`. Null clears the field. */
export interface RecordWrite {
  readonly key: string;
  readonly id: string | null;
  readonly fields: MappedValues;
}

export type WriteOperation = 'upsert' | 'update';

/** What Salesforce did with one record. `unprocessed` may be sent again; `rejected` says why not. */
export type RecordOutcome =
  | { readonly key: string; readonly kind: 'accepted'; readonly id: string; readonly wasCreated: boolean }
  | {
      readonly key: string;
      readonly kind: 'rejected';
      readonly class: ErrorClass;
      readonly code: string;
      /** The innermost cause, not the wrapping of flows and triggers. */
      readonly message: string;
      readonly fields: readonly string[];
    }
  | { readonly key: string; readonly kind: 'unprocessed' };

export type JobState = 'open' | 'uploadComplete' | 'inProgress' | 'complete' | 'failed' | 'aborted';

/** A field of the staging object as the integration user sees it. */
export interface FieldDescription {
  readonly field: string;
  readonly type: string;
  readonly length: number | null;
  readonly isExternalId: boolean;
  readonly isUnique: boolean;
  readonly isCreateable: boolean;
  readonly isUpdateable: boolean;
  readonly picklistValues: readonly string[] | null;
}

/** As whom the sync writes: records it wrote last carry this user's id. */
export interface CrmUser {
  readonly userId: string;
  readonly username: string;
  readonly organizationId: string;
  readonly instanceUrl: string;
}

/** What a page that shows the group is told of a resync (`Property_Sync__e`, docs/domain.md §4.2). */
export interface ResyncNotice {
  readonly groupKey: string;
  readonly resyncId: string;
  readonly state: string;
  /** ISO 8601. */
  readonly occurredAt: string;
}

/**
 * Salesforce, as far as the sync needs it: read and write staging rows and nothing else. Throws `SyncError`
 * SALESFORCE_UNAVAILABLE when an answer was lost or refused for now; a write that ends so has an unknown outcome and
 * must be read by key before anything is sent again. Reads are repeated inside; writes never are.
 */
export interface Crm {
  describeFields(): Promise<readonly FieldDescription[]>;
  readUser(): Promise<CrmUser>;
  /** The first three characters of a production record's id, from the object's describe; asked for once. */
  productionKeyPrefix(): Promise<string>;
  /** Every staging row, or those changed since; deleted ones included; in chunks with bounded memory. */
  streamRecords(options: { changedSince: string | null }): AsyncIterable<StagingRecord[]>;
  /** The rows with these record ids that still exist, deleted ones excluded, in any order. */
  readByIds(ids: readonly string[]): Promise<StagingRecord[]>;
  /** The live rows with these keys; a key may have none or several. */
  readByKeys(keys: readonly string[]): Promise<StagingRecord[]>;
  /** The live rows that carry this run's stamp, in chunks: the read-back of a large run. */
  streamRunRecords(runId: string): AsyncIterable<StagingRecord[]>;
  /** Sends at most 200 records in one call, each on its own; returns outcomes in any order; a record without one is unknown. */
  writeRecords(operation: WriteOperation, records: readonly RecordWrite[]): Promise<RecordOutcome[]>;
  openJob(operation: WriteOperation): Promise<string>;
  /** Uploads the rows and closes the job. Columns are `fields`; a field a row lacks is left as it is. */
  uploadJob(
    jobId: string,
    operation: WriteOperation,
    fields: readonly string[],
    records: AsyncIterable<readonly RecordWrite[]>,
  ): Promise<void>;
  readJob(jobId: string): Promise<{ state: JobState; message: string | null }>;
  /** Aborts a job that has not been uploaded; one that has ended stays as it is. */
  abortJob(jobId: string): Promise<void>;
  /** Outcomes of an ended job: accepted, rejected and unprocessed, in any order, in chunks. */
  streamJobOutcomes(jobId: string, operation: WriteOperation): AsyncIterable<RecordOutcome[]>;
  /** Publishes a platform event. It is told once: who misses it asks the middleware. */
  publishResync(notice: ResyncNotice): Promise<void>;
  /** API calls used and allowed in the rolling day, as the last answer said; null before the first. */
  apiUsage(): { used: number; limit: number } | null;
  health(): Promise<{ isReady: boolean; detail: string }>;
}
