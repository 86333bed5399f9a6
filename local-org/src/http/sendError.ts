import type { ErrorRequestHandler } from 'express';
import { ApiError, badJson } from '../errors.ts';
import { sendAnswer } from './sendAnswer.ts';

/** Turns what a handler or body parser threw into Salesforce's error shape. */
export const sendError: ErrorRequestHandler = (error: unknown, _request, response, _next) => {
  const { status, body } = toApiError(error);
  sendAnswer(response, { status, body });
};

function toApiError(error: unknown): ApiError {
  if (error instanceof ApiError) return error;
  const { type, message } = error as { type?: string; message?: string };
  if (type === 'entity.parse.failed') return badJson(message ?? 'The body is not JSON');
  if (type === 'entity.too.large')
    return new ApiError(413, 'REQUEST_ENTITY_TOO_LARGE', 'The request body is too large.');
  if (error instanceof URIError)
    return new ApiError(400, 'MALFORMED_URI', 'The path is not correctly encoded.');
  process.stderr.write(
    `local-org: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
  );
  return new ApiError(500, 'UNKNOWN_EXCEPTION', 'An unexpected error occurred in local-org.');
}
