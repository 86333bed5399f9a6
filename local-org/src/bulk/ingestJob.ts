import type { FieldSchema } from '../store/schema.ts';
import type { Table } from '../store/table.ts';
import type { SaveError } from '../errors.ts';
import { describeJob, describeProgress, type BulkJob } from './bulkJob.ts';
import { formatCsv } from './jobCsv.ts';

/** What became of one row of the data. Cells are as uploaded. */
export type RowOutcome =
  | {
      readonly kind: 'saved';
      readonly id: string;
      readonly isCreated: boolean;
      readonly cells: readonly string[];
    }
  | {
      readonly kind: 'failed';
      readonly id: string;
      readonly error: SaveError;
      readonly cells: readonly string[];
    };

/** A job that writes records. */
export interface IngestJob extends BulkJob {
  readonly kind: 'ingest';
  readonly operation: 'insert' | 'update' | 'upsert' | 'delete';
  readonly table: Table;
  readonly keyField: FieldSchema | undefined;
  data: Buffer | undefined;
  columns: readonly string[];
  /** In the shuffled order in which the results are read. */
  outcomes: readonly RowOutcome[];
  unprocessed: readonly (readonly string[])[];
  isRowLocked: ((index: number) => boolean) | undefined;
}

/** A job as the create, close and get requests answer it. */
export const describeIngestJob = (job: IngestJob) => ({
  ...describeJob(job),
  jobType: 'V2Ingest',
  contentUrl: `services/data/${job.version}/jobs/ingest/${job.id}/batches`,
  ...(job.keyField && { externalIdFieldName: job.keyField.name }),
  ...(job.errorMessage !== undefined && { errorMessage: job.errorMessage }),
});

export const describeIngestProgress = (job: IngestJob) => ({
  ...describeIngestJob(job),
  ...describeProgress(job),
  numberRecordsFailed: job.failed,
  apexProcessingTime: 0,
  apiActiveProcessingTime: 0,
});

/** `successfulResults`: sf__Id, sf__Created and the uploaded columns. */
export function formatSuccessfulResults(job: IngestJob): string {
  const rows = job.outcomes.flatMap((outcome) =>
    outcome.kind === 'saved' ? [[outcome.id, String(outcome.isCreated), ...outcome.cells]] : [],
  );
  return formatCsv([['sf__Id', 'sf__Created', ...job.columns], ...rows], job);
}

/** `failedResults`: sf__Id, sf__Error as `CODE:message:FIELD --`, and the uploaded columns. */
export function formatFailedResults(job: IngestJob): string {
  const rows = job.outcomes.flatMap((outcome) => {
    if (outcome.kind !== 'failed') return [];
    const { statusCode, message, fields } = outcome.error;
    const suffix = fields.length === 0 ? '--' : `${fields.join(',')} --`;
    return [[outcome.id, `${statusCode}:${message}:${suffix}`, ...outcome.cells]];
  });
  return formatCsv([['sf__Id', 'sf__Error', ...job.columns], ...rows], job);
}

/** `unprocessedrecords`: the rows that a failed or aborted job never reached. */
export const formatUnprocessedRecords = (job: IngestJob): string =>
  formatCsv([[...job.columns], ...job.unprocessed], job);
