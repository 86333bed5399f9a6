import { SyncError } from '../../errors.ts';

/** Whether a statement lost against another writer and may be run again. */
export function isWriteConflict(error: unknown): boolean {
  return error instanceof Error && /^TransactionContext Error:.*conflict/is.test(error.message);
}

/** What every call gets once the warehouse is closed, running ones included. */
export function closedError(cause?: unknown): SyncError {
  return new SyncError('WAREHOUSE_UNAVAILABLE', 'The warehouse is closed.', { cause });
}

/** Translates what the driver throws, once, at the border of the adapter. */
export function toSyncError(error: unknown, sql?: string): SyncError {
  if (error instanceof SyncError) return error;
  const message = error instanceof Error ? error.message : String(error);
  if (isWriteConflict(error)) {
    return new SyncError('WAREHOUSE_UNAVAILABLE', 'Another writer changed the same rows again and again.', {
      cause: error,
    });
  }
  if (message.startsWith('Out of Memory Error')) {
    return new SyncError('WAREHOUSE_QUERY_FAILED', 'The warehouse ran out of its memory limit.', {
      cause: error,
      action: 'Raise the memory limit of the warehouse, or give its temporary directory more space.',
    });
  }
  return new SyncError('WAREHOUSE_QUERY_FAILED', message, {
    cause: error,
    details: sql === undefined ? [] : [sql.slice(0, 500)],
  });
}

/** Translates a failure to open the database files; the common one is a second process. */
export function toOpenError(error: unknown, directory: string): SyncError {
  const message = error instanceof Error ? error.message : String(error);
  if (/set lock on file|file handle conflict|already attached/i.test(message)) {
    return inUseError(directory, error);
  }
  return new SyncError('WAREHOUSE_UNAVAILABLE', `The warehouse in ${directory} does not open: ${message}`, {
    cause: error,
  });
}

/** The files take one owner at a time. */
export function inUseError(directory: string, cause?: unknown): SyncError {
  return new SyncError('STORE_IN_USE', `The warehouse in ${directory} is open already.`, { cause });
}
