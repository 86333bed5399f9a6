import type { RunState } from '../contracts/index.ts';
import { SyncError } from '../errors.ts';

/** What can happen to a run. `finished` carries what its items ended as. */
export type RunEvent =
  | { readonly type: 'started' }
  | { readonly type: 'pauseAsked' }
  | { readonly type: 'brakeTripped' }
  | { readonly type: 'budgetSpent' }
  | { readonly type: 'loginRefused' }
  | { readonly type: 'resumed' }
  | { readonly type: 'canceled' }
  | { readonly type: 'refused' }
  | { readonly type: 'finished'; readonly planned: number; readonly verified: number };

/** The only place that knows which state follows which. Throws RUN_CONFLICT on an event that cannot happen now. */
export function transition(state: RunState, event: RunEvent): RunState {
  switch (event.type) {
    case 'started':
      // A run that is given out again after its worker died is running already.
      if (state === 'queued' || state === 'running') return 'running';
      break;
    case 'pauseAsked':
      if (state === 'queued' || state === 'running') return 'paused';
      break;
    case 'brakeTripped':
    case 'budgetSpent':
    case 'loginRefused':
      if (state === 'running') return 'paused';
      break;
    case 'resumed':
      // A pause that is taken back while it is being made leaves a running run to be given out again.
      if (state === 'paused' || state === 'running') return 'queued';
      break;
    case 'canceled':
      if (!isEnded(state)) return 'canceled';
      break;
    case 'refused':
      if (!isEnded(state)) return 'failed';
      break;
    case 'finished':
      if (state === 'running') return finalState(event);
  }
  throw new SyncError('RUN_CONFLICT', `A run that is ${state} cannot be ${event.type}.`);
}

/** Green only when every record was read back and agrees: one unverified record makes the run partial at best. */
function finalState({ planned, verified }: { planned: number; verified: number }): RunState {
  if (verified === planned) return 'succeeded';
  return verified > 0 ? 'partiallySucceeded' : 'failed';
}

export function isEnded(state: RunState): boolean {
  return (
    state === 'succeeded' || state === 'partiallySucceeded' || state === 'failed' || state === 'canceled'
  );
}
