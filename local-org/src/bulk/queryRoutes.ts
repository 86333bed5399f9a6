import { z } from 'zod';
import { ApiError, malformedQuery } from '../errors.ts';
import { csv, ok, type ApiRequest, type Handler, type Route } from '../http/answer.ts';
import { runQuery } from '../soql/runQuery.ts';
import { isTerminal } from './bulkJob.ts';
import { csvFormat } from './jobCsv.ts';
import { invalidJobState, jobIdOf, jobList, jobNotFound, readJobBody } from './jobRequests.ts';
import { describeQueryJob, describeQueryProgress, formatQueryResults, type QueryJob } from './queryJob.ts';

const newJob = z.strictObject({ query: z.string(), operation: z.enum(['query', 'queryAll']), ...csvFormat });

/** Rows of a page when the client does not say; Salesforce chooses by itself. */
const DEFAULT_PAGE_SIZE = 50_000;

/**
 * POST /jobs/query (Bulk API 2.0, "Create a Query Job"). GROUP BY, OFFSET and aggregate functions are refused, as
 * that page documents.
 */
const createJob: Handler = (request) => {
  const { org, user, version } = request;
  const body = readJobBody(request, newJob);
  const nowMs = org.clock.nowMs();
  const includeDeleted = body.operation === 'queryAll';
  const result = runQuery(body.query, { store: org.store, nowMs, includeDeleted });
  if (result.kind !== 'records') throw malformedQuery('Aggregate queries are not supported by the Bulk API');
  if (/\boffset\s+\d+\s*$/i.test(body.query)) throw malformedQuery('OFFSET is not supported by the Bulk API');
  const job: QueryJob = {
    kind: 'query',
    id: org.bulkJobs.newId(),
    object: result.table.object.name,
    operation: body.operation,
    columnDelimiter: body.columnDelimiter,
    lineEnding: body.lineEnding,
    query: body.query,
    columns: result.columns,
    rows: result.rows,
    version,
    createdById: user.id,
    createdMs: nowMs,
    changedMs: nowMs,
    state: 'UploadComplete',
    errorMessage: undefined,
    processed: 0,
    failed: 0,
  };
  org.bulkJobs.add(job);
  org.bulkJobs.start(job);
  return ok(describeQueryJob(job));
};

function jobOf(request: ApiRequest): QueryJob {
  const job = request.org.bulkJobs.find('query', jobIdOf(request));
  if (!job) throw jobNotFound();
  return job;
}

/** PATCH /jobs/query/id ("Abort a Query Job"). */
const abortJob: Handler = (request) => {
  const job = jobOf(request);
  readJobBody(request, z.strictObject({ state: z.literal('Aborted') }));
  if (isTerminal(job)) throw invalidJobState(`The job is in state ${job.state}`);
  request.org.bulkJobs.abort(job);
  return ok(describeQueryJob(job));
};

/** DELETE /jobs/query/id ("Delete a Query Job"): only a job that has come to its end. */
const deleteJob: Handler = (request) => {
  const job = jobOf(request);
  if (!isTerminal(job)) throw invalidJobState(`The job is in state ${job.state}`);
  request.org.bulkJobs.delete(job.id);
  return { status: 204 };
};

/**
 * GET /jobs/query/id/results?locator=&maxRecords= ("Get Results for a Query Job"): the header Sforce-Locator leads
 * to the next page and is `null` on the last; another API version than the job's answers 409.
 */
const readResults: Handler = (request) => {
  const job = jobOf(request);
  if (job.version !== request.version) {
    throw new ApiError(
      409,
      'API_VERSION_MISMATCH',
      `The job was created with the API version ${job.version}`,
    );
  }
  if (job.state !== 'JobComplete') throw invalidJobState(`Results are not available in state ${job.state}`);
  const from = readLocator(request.query['locator']);
  const maxRecords = Number(request.query['maxRecords'] ?? DEFAULT_PAGE_SIZE);
  if (!Number.isInteger(maxRecords) || maxRecords < 1) {
    throw new ApiError(400, 'INVALID_PARAMETER', 'maxRecords must be a positive number');
  }
  const to = Math.min(job.rows.length, from + maxRecords);
  return csv(formatQueryResults(job, from, to), {
    'sforce-numberofrecords': String(to - from),
    'sforce-locator': to < job.rows.length ? Buffer.from(String(to)).toString('base64url') : 'null',
  });
};

function readLocator(locator: string | undefined): number {
  if (locator === undefined) return 0;
  const text = Buffer.from(locator, 'base64url').toString();
  if (!/^\d+$/.test(text)) throw new ApiError(400, 'INVALID_LOCATOR', `invalid locator ${locator}`);
  return Number(text);
}

export const queryRoutes: readonly Route[] = [
  { method: 'POST', path: '/jobs/query', handle: createJob },
  {
    method: 'GET',
    path: '/jobs/query',
    handle: ({ org }) => ok(jobList(org.bulkJobs.list('query').map(describeQueryJob))),
  },
  {
    method: 'GET',
    path: '/jobs/query/:jobId',
    handle: (request) => ok(describeQueryProgress(jobOf(request))),
  },
  { method: 'PATCH', path: '/jobs/query/:jobId', handle: abortJob },
  { method: 'DELETE', path: '/jobs/query/:jobId', handle: deleteJob },
  { method: 'GET', path: '/jobs/query/:jobId/results', handle: readResults },
];
