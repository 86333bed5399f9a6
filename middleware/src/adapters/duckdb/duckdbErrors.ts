import { SyncError } from '../../errors.ts';

/** Whether a statement lost against another writer and may be run again. */
export function isWriteConflict(error: unknown): boolean {
  return error instanceof Error && /^TransactionContext Error:.*conflict/is.test(error.message);
}

/** Translates what the driver throws, once, at the border of the adapter. */
export function toSyncError(error: unknown, sql?: string): SyncError {
  if (error instanceof SyncError) return error;
  const message = error instanceof Error ? error.message : String(error);
  if (/^(INTERRUPT Error|Connection Error)|disconnected|connection is closed/i.test(message)) {
    return new SyncError('WAREHOUSE_UNAVAILABLE', 'The warehouse is closing or closed.', { cause: error });
  }
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
    return new SyncError('STORE_IN_USE', `Another process has the warehouse in ${directory} open.`, {
      cause: error,
    });
  }
  return new SyncError('WAREHOUSE_UNAVAILABLE', `The warehouse in ${directory} does not open: ${message}`, {
    cause: error,
  });
}
