import { Readable } from 'node:stream';
import { stringify } from 'csv-stringify/sync';
import { keyMapping, stagingObject } from '../../contracts/index.ts';
import type { JobState, RecordOutcome, RecordWrite, WriteOperation } from '../../ports/crm.ts';
import { resultRows } from './resultRows.ts';
import { classifyRowError, toSyncError } from './salesforceErrors.ts';
import type { SalesforceSession } from './salesforceSession.ts';
import { toCell } from './stagingFields.ts';

const jobStates: Readonly<Record<string, JobState>> = {
  Open: 'open',
  UploadComplete: 'uploadComplete',
  InProgress: 'inProgress',
  JobComplete: 'complete',
  Failed: 'failed',
  Aborted: 'aborted',
};

interface JobInfo {
  readonly state: string;
  readonly numberRecordsProcessed?: number;
  readonly numberRecordsFailed?: number;
  readonly errorMessage?: string;
}

/** Bulk API 2.0 ingest jobs on the staging object, one step a method, so that each can be resumed by job id. */
export class BulkIngest {
  private readonly session: SalesforceSession;

  constructor(session: SalesforceSession) {
    this.session = session;
  }

  async open(operation: WriteOperation): Promise<string> {
    const { id } = await this.session.write<{ id: string }>({
      method: 'POST',
      path: '/jobs/ingest',
      body: {
        object: stagingObject,
        operation,
        ...(operation === 'upsert' ? { externalIdFieldName: keyMapping.field } : {}),
        contentType: 'CSV',
        lineEnding: 'LF',
      },
      what: 'opening a job',
    });
    return id;
  }

  /** The header comes from the caller's field list, never from the first record (jsforce#754). */
  async upload(
    jobId: string,
    operation: WriteOperation,
    fields: readonly string[],
    records: AsyncIterable<readonly RecordWrite[]>,
  ): Promise<void> {
    const identity = operation === 'upsert' ? keyMapping.field : 'Id';
    async function* csv(): AsyncIterable<string> {
      yield stringify([[identity, ...fields]]);
      for await (const chunk of records) {
        yield stringify(
          chunk.map((record) => [
            operation === 'upsert' ? record.key : record.id,
            ...fields.map((field) => toCell(record.fields[field])),
          ]),
        );
      }
    }
    await this.session.ensureToken('uploading a job');
    try {
      await this.session.connection.bulk2.job('ingest', { id: jobId }).uploadData(Readable.from(csv()));
    } catch (error) {
      throw toSyncError(error, 'uploading a job');
    }
    await this.session.read({
      method: 'PATCH',
      path: `/jobs/ingest/${jobId}`,
      body: { state: 'UploadComplete' },
      what: 'closing a job',
    });
  }

  async read(jobId: string): Promise<{
    state: JobState;
    operation: WriteOperation;
    processed: number;
    failed: number;
    message: string | null;
  }> {
    const info = await this.session.read<JobInfo & { operation: string }>({
      method: 'GET',
      path: `/jobs/ingest/${jobId}`,
      what: 'reading a job',
    });
    return {
      state: jobStates[info.state] ?? 'inProgress',
      operation: info.operation === 'upsert' ? 'upsert' : 'update',
      processed: info.numberRecordsProcessed ?? 0,
      failed: info.numberRecordsFailed ?? 0,
      message: info.errorMessage ?? null,
    };
  }

  async abort(jobId: string): Promise<void> {
    await this.session.read({
      method: 'PATCH',
      path: `/jobs/ingest/${jobId}`,
      body: { state: 'Aborted' },
      what: 'aborting a job',
    });
  }

  /** All three result files. Outcomes carry the column that identified the row: the key, or for updates the record id. */
  async *outcomes(jobId: string, operation: WriteOperation): AsyncIterable<RecordOutcome[]> {
    const identity = operation === 'upsert' ? keyMapping.field : 'Id';
    const keyOf = (row: Record<string, string>): string => row[identity] ?? '';
    for await (const rows of this.results(jobId, 'successfulResults')) {
      yield rows.map((row) => ({
        key: keyOf(row),
        kind: 'accepted',
        id: row['sf__Id'] ?? '',
        wasCreated: row['sf__Created'] === 'true',
      }));
    }
    for await (const rows of this.results(jobId, 'failedResults')) {
      yield rows.map((row) => ({
        key: keyOf(row),
        kind: 'rejected',
        ...classifyRowError(parseRowError(row['sf__Error'] ?? '')),
      }));
    }
    for await (const rows of this.results(jobId, 'unprocessedrecords')) {
      yield rows.map((row) => ({ key: keyOf(row), kind: 'unprocessed' }));
    }
  }

  private async *results(jobId: string, file: string): AsyncIterable<Record<string, string>[]> {
    const response = await this.session.openStream(
      `/jobs/ingest/${jobId}/${file}`,
      `reading the ${file} of a job`,
    );
    yield* resultRows(response);
  }
}

/** `CODE:message:FIELD,FIELD --` of a failed-results file (Bulk API 2.0 Developer Guide, "Get Job Failed Record Results"). */
function parseRowError(text: string): { code: string; message: string; fields: string[] } {
  const [, code, message, fields] = /^([A-Z_0-9]+):([^]*?):?([\w,]*) --$/.exec(text.trim()) ?? [];
  if (code === undefined || message === undefined)
    return { code: 'UNKNOWN_EXCEPTION', message: text, fields: [] };
  return { code, message, fields: (fields ?? '').split(',').filter((field) => field !== '') };
}
