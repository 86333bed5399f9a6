import { SyncError } from '../../errors.ts';

/** Parts of what the driver throws; not everything of it is an `Error` (docs/warehouse.md §6). */
interface DriverFailure {
  readonly message?: string;
  readonly code?: string | number;
  readonly statusCode?: number;
  readonly errorCode?: string;
  readonly response?: {
    readonly sqlState?: string;
    readonly displayMessage?: string;
    readonly headers?: { get(name: string): string | null };
  };
}

const asFailure = (error: unknown): DriverFailure =>
  typeof error === 'object' && error !== null ? error : { message: String(error) };

export function messageOf(error: unknown): string {
  const { response, message } = asFailure(error);
  return response?.displayMessage ?? (message === undefined || message === '' ? 'no reason given' : message);
}

/** The session is gone: it expired, or the warehouse was stopped. The work of a fresh one is not touched by it. */
export function isLostSession(error: unknown): boolean {
  return /invalid sessionhandle|session .*(does not exist|expired|closed|not found)/i.test(messageOf(error));
}

const transientCodes = new Set([
  'ECONNRESET',
  'ECONNREFUSED',
  'ETIMEDOUT',
  'EPIPE',
  'EAI_AGAIN',
  'ENOTFOUND',
]);

/**
 * Nothing is known of the request but that its answer did not come, or the warehouse asks for patience. A link to a part
 * of a result that is refused or has expired (CloudFetch) is mended by reading anew.
 */
export function isTransient(error: unknown): boolean {
  const { statusCode, code } = asFailure(error);
  if (statusCode !== undefined) return statusCode === 429 || (statusCode >= 500 && statusCode !== 501);
  if (typeof code === 'string' && transientCodes.has(code)) return true;
  return /request timed out|socket hang up|premature close|TEMPORARILY_UNAVAILABLE|CloudFetch/i.test(
    messageOf(error),
  );
}

/** Two writers of one Delta table: the loser may begin anew. */
export function isWriteConflict(error: unknown): boolean {
  return /DELTA_CONCURRENT|Concurrent(Append|Delete\w*|Transaction|Write)Exception/i.test(messageOf(error));
}

const maxRetryAfterMs = 60_000;

/** What the answer asks to wait, in ms; undefined where it says nothing. Seconds are the only form that is sent. */
export function retryAfterMs(error: unknown): number | undefined {
  const seconds = Number(asFailure(error).response?.headers?.get('Retry-After') ?? Number.NaN);
  return Number.isFinite(seconds) && seconds > 0 ? Math.min(seconds * 1_000, maxRetryAfterMs) : undefined;
}

/** What every call gets once the warehouse is closed, running ones included. */
export function closedError(cause?: unknown): SyncError {
  return new SyncError('WAREHOUSE_UNAVAILABLE', 'The warehouse is closed.', { cause });
}

/** Translates what the driver throws, once, at the border of the adapter. */
export function toSyncError(error: unknown, sql?: string): SyncError {
  if (error instanceof SyncError) return error;
  const { statusCode, errorCode, response } = asFailure(error);
  const message = messageOf(error);
  if (statusCode === 401 || statusCode === 403 || /oauth|unauthorized|invalid_client/i.test(message)) {
    return new SyncError('WAREHOUSE_UNAUTHORIZED', `Databricks refused the login: ${message}`, {
      cause: error,
    });
  }
  if (errorCode === 'TIMEOUT') {
    return new SyncError('WAREHOUSE_UNAVAILABLE', 'The warehouse ended the statement: it took too long.', {
      cause: error,
      details: detailsOf(sql),
    });
  }
  if (isTransient(error) || isLostSession(error) || isWriteConflict(error)) {
    return new SyncError('WAREHOUSE_UNAVAILABLE', `Databricks did not answer: ${message}`, { cause: error });
  }
  const state = response?.sqlState === undefined ? '' : ` (SQLSTATE ${response.sqlState})`;
  return new SyncError('WAREHOUSE_QUERY_FAILED', `${message}${state}`, {
    cause: error,
    details: detailsOf(sql),
  });
}

const detailsOf = (sql: string | undefined): string[] => (sql === undefined ? [] : [sql.slice(0, 500)]);
