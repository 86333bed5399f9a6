import { ApiError, badJson } from '../errors.ts';
import type { Answer } from './answer.ts';

/** What a handler or body parser threw, in Salesforce's error shape. */
export function errorAnswer(error: unknown): Answer {
  const { status, body } = toApiError(error);
  return { status, body };
}

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
