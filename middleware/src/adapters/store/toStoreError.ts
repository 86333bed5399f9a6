import { isNativeError } from 'node:util/types';
import { SyncError } from '../../errors.ts';

/**
 * Connection exceptions, a transaction that stood still, too many connections, shutdown and start of the server; then
 * Node's network errors.
 */
const unavailableCodes =
  /^(08...|25P03|53300|57P0[1-5]|ECONNREFUSED|ECONNRESET|EPIPE|ETIMEDOUT|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH)$/;
/** node-postgres gives these failures no code. */
const unavailableMessages =
  /^(Connection terminated|timeout exceeded when trying to connect|Client has encountered)/;

/** A store that cannot be reached becomes STORE_UNAVAILABLE; everything else is a bug and stays as it is. */
export function toStoreError(error: unknown): unknown {
  // In a context of node:vm, as Jest's, the errors of Node's own modules are instances of another Error.
  // eslint-disable-next-line @typescript-eslint/no-deprecated -- Error.isError came with Node 24
  if (!isNativeError(error) || error instanceof SyncError) return error;
  const { code } = error as NodeJS.ErrnoException;
  const isUnavailable =
    code === undefined ? unavailableMessages.test(error.message) : unavailableCodes.test(code);
  return isUnavailable
    ? new SyncError('STORE_UNAVAILABLE', `The store cannot be reached: ${error.message}`, { cause: error })
    : error;
}
