import { z } from 'zod';
import { ApiError, badJson, notFound } from '../errors.ts';
import type { ApiRequest } from '../http/answer.ts';
import { normalizeId } from '../ids.ts';
import { isTerminal, type BulkJob } from './bulkJob.ts';

/** The wrong moment for a request about a job. */
export const invalidJobState = (message: string) => new ApiError(400, 'INVALIDJOBSTATE', message);

/** A job that cannot be created. */
export const invalidJob = (message: string) => new ApiError(400, 'INVALIDJOB', message);

/** The body of a job request, checked. */
export function readJobBody<T>(request: ApiRequest, shape: z.ZodType<T>): T {
  const body = shape.safeParse(request.body ?? {});
  if (!body.success) throw badJson(z.prettifyError(body.error));
  return body.data;
}

/** The id in the path, of 18 characters. */
export const jobIdOf = ({ params }: ApiRequest): string => normalizeId(params['jobId'] ?? '') ?? '';

export const jobNotFound = (): ApiError => notFound('The requested resource does not exist');

/** Results exist only when a job has come to its end. */
export function assertTerminal(job: BulkJob): void {
  if (!isTerminal(job))
    throw invalidJobState(`Results are not available while the job is in state ${job.state}`);
}

/** GET /jobs/…: all of them in one page; a real org pages after 1,000. */
export const jobList = (records: readonly unknown[]) => ({ done: true, records, nextRecordsUrl: null });
