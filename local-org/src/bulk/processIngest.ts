import { setTimeout as sleep } from 'node:timers/promises';
import { deleteRecords } from '../dml/deleteRecords.ts';
import { readCsvRecord } from '../dml/readRecord.ts';
import type { SaveDeps, SaveResult } from '../dml/saveChunk.ts';
import { CHUNK_SIZE, saveRecords } from '../dml/saveRecords.ts';
import { createRandom, shuffle } from '../random.ts';
import { findField } from '../store/schema.ts';
import { isTerminal } from './bulkJob.ts';
import type { BulkSettings } from './bulkSettings.ts';
import type { IngestJob, RowOutcome } from './ingestJob.ts';
import { BadJobData, parseJobData } from './jobCsv.ts';

/**
 * Works through a closed job, 200 records at a time, and lets other requests in between. An abort stops it before
 * the next chunk; what was saved stays saved.
 */
export async function processIngest(
  job: IngestJob,
  deps: SaveDeps,
  settings: () => BulkSettings,
): Promise<void> {
  await sleep(0);
  if (isTerminal(job)) {
    leaveUnprocessed(job);
    return;
  }
  job.state = 'InProgress';
  const rows = readRows(job);
  const outcomes: RowOutcome[] = [];
  let next = 0;
  while (next < rows.length) {
    await sleep(settings().chunkDelayMs);
    if (isTerminal(job)) break;
    const { failAfterRecords } = settings();
    if (failAfterRecords !== null && next >= failAfterRecords) {
      fail(
        job,
        'InternalServerError : The job was retried too often and its remaining records were not processed',
      );
      break;
    }
    const size = Math.min(CHUNK_SIZE, (failAfterRecords ?? Infinity) - next);
    const chunk = rows.slice(next, next + size);
    const results = saveRows(job, chunk, next, deps);
    results.forEach((result, index) => outcomes.push(toOutcome(result, chunk[index] ?? [])));
    next += chunk.length;
    job.processed = next;
    job.failed = outcomes.filter((outcome) => outcome.kind === 'failed').length;
  }
  job.outcomes = shuffle(outcomes, createRandom(settings().shuffleSeed));
  job.unprocessed = rows.slice(next);
  job.data = undefined;
  job.changedMs = deps.clock.nowMs();
  if (!isTerminal(job)) job.state = 'JobComplete';
}

/** Gives back all rows of a job that was aborted before it began. */
export function leaveUnprocessed(job: IngestJob): void {
  try {
    const { columns, rows } = parseJobData(job.data ?? Buffer.alloc(0), job);
    job.columns = columns;
    job.unprocessed = rows;
  } catch (error) {
    if (!(error instanceof BadJobData)) throw error;
  }
  job.data = undefined;
}

function fail(job: IngestJob, message: string): void {
  job.state = 'Failed';
  job.errorMessage = message;
}

/** The rows of the data; data that cannot be read or has wrong columns fails the job. */
function readRows(job: IngestJob): string[][] {
  try {
    const { columns, rows } = parseJobData(job.data ?? Buffer.alloc(0), job);
    job.columns = columns;
    const problem = findColumnProblem(job);
    if (problem === undefined) return rows;
    job.unprocessed = rows;
    throw new BadJobData(problem);
  } catch (error) {
    if (!(error instanceof BadJobData)) throw error;
    fail(job, error.message);
    return [];
  }
}

function findColumnProblem({ columns, table, operation, keyField }: IngestJob): string | undefined {
  const unknown = columns.find((name) => !findField(table.object, name));
  if (unknown !== undefined) return `InvalidBatch : Field name not found : ${unknown}`;
  const names = columns.map((name) => name.toLowerCase());
  const twice = columns.find((name, index) => names.indexOf(name.toLowerCase()) !== index);
  if (twice !== undefined) return `InvalidBatch : Duplicate field name : ${twice}`;
  const needed = operation === 'upsert' ? keyField?.name : operation === 'insert' ? undefined : 'Id';
  if (needed !== undefined && !names.includes(needed.toLowerCase())) {
    return `InvalidBatch : Field name not found : ${needed}`;
  }
  if (operation === 'delete' && columns.length > 1)
    return 'InvalidBatch : A delete job takes the column Id only';
  return undefined;
}

function saveRows(job: IngestJob, rows: readonly string[][], first: number, deps: SaveDeps): SaveResult[] {
  const { table, operation, columns, createdById: userId } = job;
  // A deploy since the job was created may have changed the object.
  const keyField = job.keyField && findField(table.object, job.keyField.name);
  const isRowLocked = job.isRowLocked && ((index: number) => job.isRowLocked?.(first + index) ?? false);
  if (operation === 'delete') {
    const targets = rows.map(([id = '']) => ({ table, id }));
    return deleteRecords(targets, deps, { userId, allOrNone: false, isRowLocked });
  }
  const records = rows.map((cells) => readCsvRecord(table.object, columns, cells));
  return saveRecords([{ operation, table, keyField, records, userId, isRowLocked }], deps, {
    allOrNone: false,
  });
}

function toOutcome(result: SaveResult, cells: readonly string[]): RowOutcome {
  if (result.success) return { kind: 'saved', id: result.id, isCreated: result.isCreated, cells };
  const error = result.errors[0] ?? { statusCode: 'UNKNOWN_EXCEPTION', message: '', fields: [] };
  return { kind: 'failed', id: result.id ?? '', error, cells };
}
