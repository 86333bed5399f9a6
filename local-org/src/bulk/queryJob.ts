import type { FieldSchema, Row, Value } from '../store/schema.ts';
import { toBulkDateTime } from '../store/timestamps.ts';
import type { FieldPath } from '../soql/fieldPath.ts';
import { describeJob, describeProgress, type BulkJob } from './bulkJob.ts';
import { formatCsv } from './jobCsv.ts';

/** A job that reads records. Its rows are those that the query found when the job was created. */
export interface QueryJob extends BulkJob {
  readonly kind: 'query';
  readonly operation: 'query' | 'queryAll';
  readonly query: string;
  readonly columns: readonly FieldPath[];
  readonly rows: readonly Row[];
}

export const describeQueryJob = (job: QueryJob) => ({ ...describeJob(job), jobType: 'V2Query' });

export const describeQueryProgress = (job: QueryJob) => ({
  ...describeQueryJob(job),
  ...describeProgress(job),
});

/** A page of the results, with its header line. */
export function formatQueryResults(job: QueryJob, from: number, to: number): string {
  const lines = job.rows
    .slice(from, to)
    .map((row) => job.columns.map((column) => toCell(column.field, column.read(row))));
  return formatCsv([job.columns.map((column) => column.name), ...lines], job);
}

/** Numbers of type double carry a decimal point even when whole [believed, not verified on a real org]. */
function toCell(field: FieldSchema, value: Value): string {
  if (value === null) return '';
  if (field.type === 'datetime' && typeof value === 'number') return toBulkDateTime(value);
  if (field.type === 'double' && Number.isInteger(value)) return `${value}.0`;
  return String(value);
}
