import type { ErrorRequestHandler, RequestHandler, Response } from 'express';
import type { Logger } from 'pino';
import type { Problem } from '../contracts/index.ts';
import { errorTable, SyncError } from '../errors.ts';

/** Sends an error as RFC 9457 `application/problem+json`; the status comes from the error table and nowhere else. */
export function sendProblem(response: Response, error: SyncError, requestId: string, instance: string): void {
  const { status } = errorTable[error.code];
  const problem: Problem = {
    type: `urn:property-sync:${error.code.toLowerCase().replaceAll('_', '-')}`,
    title: error.code.replaceAll('_', ' ').toLowerCase(),
    status,
    code: error.code,
    detail: error.message,
    action: error.action,
    errors: [...error.details],
    instance,
    requestId,
  };
  if (status === 401) response.setHeader('WWW-Authenticate', 'Bearer');
  response.status(status).type('application/problem+json').send(JSON.stringify(problem));
}

/** The last handler: known failures as they are, what cannot be read as a bad request, bugs as 500 without detail. */
export function problemDetails(logger: Logger): ErrorRequestHandler {
  return (error: unknown, request, response, next) => {
    const requestId = response.getHeader('X-Request-Id')?.toString() ?? '';
    if (response.headersSent) {
      next(error);
      return;
    }
    if (error instanceof SyncError) {
      if (errorTable[error.code].status >= 500) logger.error({ err: error, requestId }, error.message);
      sendProblem(response, error, requestId, request.originalUrl);
      return;
    }
    const requestError = unreadableRequest(error);
    if (requestError !== null) {
      sendProblem(response, new SyncError('REQUEST_INVALID', requestError), requestId, request.originalUrl);
      return;
    }
    logger.error({ err: error, requestId }, 'unexpected error');
    sendProblem(
      response,
      new SyncError('INTERNAL', 'The request could not be served.'),
      requestId,
      request.originalUrl,
    );
  };
}

/** Whatever no route took. */
export const notFound: RequestHandler = (request) => {
  throw new SyncError('NOT_FOUND', `There is no ${request.method} ${request.path}.`);
};

/**
 * Express and its body-parser give an error that is the request's fault a status of 400 to 499, and the latter a type:
 * https://expressjs.com/en/resources/middleware/body-parser.html#errors
 */
function unreadableRequest(error: unknown): string | null {
  if (typeof error !== 'object' || error === null || !('status' in error)) return null;
  if (typeof error.status !== 'number' || error.status < 400 || error.status > 499) return null;
  if (error instanceof URIError) return 'The path of the request is malformed.';
  const type = 'type' in error ? error.type : undefined;
  if (type === 'entity.too.large') return 'The request body is too large.';
  if (type === 'entity.parse.failed') return 'The request body is not valid JSON.';
  return 'The request cannot be read.';
}
