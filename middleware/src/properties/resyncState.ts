import type { ResyncMember, ResyncState } from '../contracts/index.ts';
import { SyncError } from '../errors.ts';

/** What can happen to a resync. `finished` carries its members with what became of them. */
export type ResyncEvent =
  | { readonly type: 'started' }
  | { readonly type: 'refused' }
  | {
      readonly type: 'finished';
      readonly members: readonly Pick<ResyncMember, 'classification' | 'state' | 'error'>[];
    };

/** The only place that knows which state follows which. Throws RUN_CONFLICT on an event that cannot happen now. */
export function resyncTransition(state: ResyncState, event: ResyncEvent): ResyncState {
  switch (event.type) {
    case 'started':
      // A resync that is given out again after its worker died is running already.
      if (state === 'queued' || state === 'running') return 'running';
      break;
    case 'refused':
      if (!isResyncEnded(state)) return 'failed';
      break;
    case 'finished':
      if (state === 'running') return finalState(event.members);
  }
  throw new SyncError('RUN_CONFLICT', `A resync that is ${state} cannot be ${event.type}.`);
}

/**
 * Green only when every record that had to be written was read back, by this resync or by a later run, and nobody has
 * to clear anything up: a member with several rows makes the resync partial at best.
 */
function finalState(
  members: readonly Pick<ResyncMember, 'classification' | 'state' | 'error'>[],
): ResyncState {
  const due = members.filter(({ state }) => state !== null);
  const done = due.filter(({ state, error }) => state === 'verified' || error?.code === 'RESYNCED');
  if (done.length < due.length) return done.length > 0 ? 'partiallySucceeded' : 'failed';
  return members.some(({ classification }) => classification === 'CONFLICT')
    ? 'partiallySucceeded'
    : 'succeeded';
}

export function isResyncEnded(state: ResyncState): boolean {
  return state === 'succeeded' || state === 'partiallySucceeded' || state === 'failed';
}
