import { stringify } from 'csv-stringify/sync';
import { keyMapping, stagingObject } from '../../contracts/index.ts';
import { SyncError } from '../../errors.ts';
import type { JobState, RecordOutcome, RecordWrite, WriteOperation } from '../../ports/crm.ts';
import { resultRows } from './resultRows.ts';
import { classifyRowError } from './salesforceErrors.ts';
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
    await this.session.uploadText(`/jobs/ingest/${jobId}/batches`, csv(), 'uploading a job');
    await this.move(jobId, 'UploadComplete', 'closing a job');
  }

  /**
   * Moves a job to a state. The request may have worked although its answer was lost; a job that has left `Open` then
   * refuses the repetition, and that is as good as a yes.
   */
  private async move(jobId: string, state: 'UploadComplete' | 'Aborted', what: string): Promise<void> {
    try {
      await this.session.read({ method: 'PATCH', path: `/jobs/ingest/${jobId}`, body: { state }, what });
    } catch (error) {
      if (!(error instanceof SyncError) || error.code !== 'SALESFORCE_REJECTED') throw error;
      if ((await this.read(jobId)).state === 'open') throw error;
    }
  }

  async read(jobId: string): Promise<{ state: JobState; message: string | null }> {
    const info = await this.session.read<JobInfo>({
      method: 'GET',
      path: `/jobs/ingest/${jobId}`,
      what: 'reading a job',
    });
    return { state: jobStates[info.state] ?? 'inProgress', message: info.errorMessage ?? null };
  }

  async abort(jobId: string): Promise<void> {
    await this.move(jobId, 'Aborted', 'aborting a job');
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
    const { body } = await this.session.openStream(
      `/jobs/ingest/${jobId}/${file}`,
      `reading the ${file} of a job`,
    );
    yield* resultRows(body);
  }
}

/** `CODE:message:FIELD,FIELD --` of a failed-results file (Bulk API 2.0 Developer Guide, "Get Job Failed Record Results"). */
function parseRowError(text: string): { code: string; message: string; fields: string[] } {
  const [, code, message, fields] = /^([A-Z_0-9]+):([^]*?):?([\w,]*) --$/.exec(text.trim()) ?? [];
  if (code === undefined || message === undefined)
    return { code: 'UNKNOWN_EXCEPTION', message: text, fields: [] };
  return { code, message, fields: (fields ?? '').split(',').filter((field) => field !== '') };
}
