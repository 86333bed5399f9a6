import type { Run } from '../contracts/index.ts';
import type { SyncError } from '../errors.ts';

/** An error as a run keeps it. */
export function toRunError({ code, message, action, details }: SyncError): NonNullable<Run['error']> {
  return { code, message, action, details: [...details] };
}
