import { toRestDateTime } from '../store/timestamps.ts';
import type { CsvFormat } from './jobCsv.ts';

/** States of a job (Bulk API 2.0, "Get Information About an Ingest Job"). Query jobs begin in UploadComplete. */
export type JobState = 'Open' | 'UploadComplete' | 'InProgress' | 'JobComplete' | 'Aborted' | 'Failed';

/** What ingest and query jobs have in common. */
export interface BulkJob extends CsvFormat {
  readonly id: string;
  readonly kind: 'ingest' | 'query';
  readonly object: string;
  readonly operation: string;
  /** `v66.0` */
  readonly version: string;
  readonly createdById: string;
  readonly createdMs: number;
  changedMs: number;
  state: JobState;
  errorMessage: string | undefined;
  processed: number;
  failed: number;
}

export const isTerminal = ({ state }: BulkJob): boolean =>
  state === 'JobComplete' || state === 'Aborted' || state === 'Failed';

/** A job in short, as `GET /__local/jobs` lists it. */
export type JobSummary = Pick<BulkJob, 'id' | 'kind' | 'operation' | 'state'>;

export const summarizeJob = ({ id, kind, operation, state }: JobSummary): JobSummary => ({
  id,
  kind,
  operation,
  state,
});

/** The properties that every answer about a job has. */
export const describeJob = (job: BulkJob) => ({
  id: job.id,
  operation: job.operation,
  object: job.object,
  createdById: job.createdById,
  createdDate: toRestDateTime(job.createdMs),
  systemModstamp: toRestDateTime(job.changedMs),
  state: job.state,
  concurrencyMode: 'Parallel',
  contentType: 'CSV',
  apiVersion: Number(job.version.slice(1)),
  lineEnding: job.lineEnding,
  columnDelimiter: job.columnDelimiter,
});

/** What a request about one job answers on top. Times are zero: this org does not measure itself. */
export const describeProgress = (job: BulkJob) => ({
  numberRecordsProcessed: job.processed,
  retries: 0,
  totalProcessingTime: 0,
});
