import { randomUUID } from 'node:crypto';
import type { SyncEvent } from '../contracts/index.ts';

/** Who asks something of a run, and why. */
export interface Asker {
  readonly by: string;
  readonly reason: string;
}

/** Who did what to a run, when and why, for the audit (docs/domain.md §13.1). */
export function runEvent(
  kind: 'runPaused' | 'runResumed' | 'runCanceled',
  runId: string,
  { by, reason }: Asker,
  at: string,
): SyncEvent {
  return { eventId: randomUUID(), kind, subject: runId, actor: by, reason, at };
}
