import CONFLICT from '@salesforce/label/c.PropertySync_Error_RunConflict';
import DEADLINE from '@salesforce/label/c.PropertySync_Resync_Deadline';
import FAILED from '@salesforce/label/c.PropertySync_Resync_Failed';
import NOTHING_TO_WRITE from '@salesforce/label/c.PropertySync_Resync_NothingToWrite';
import NO_PERMISSION from '@salesforce/label/c.PropertySync_Error_NoPermission';
import PARTIAL from '@salesforce/label/c.PropertySync_Resync_Partial';
import PAUSED from '@salesforce/label/c.PropertySync_Error_Paused';
import PLANNING from '@salesforce/label/c.PropertySync_Resync_Planning';
import QUEUED from '@salesforce/label/c.PropertySync_Resync_Queued';
import RATE_LIMITED from '@salesforce/label/c.PropertySync_Error_RateLimited';
import REQUESTING from '@salesforce/label/c.PropertySync_Resync_Requesting';
import SUCCEEDED from '@salesforce/label/c.PropertySync_Resync_Succeeded';
import UNREACHABLE from '@salesforce/label/c.PropertySync_Error_Unreachable';
import VERIFYING from '@salesforce/label/c.PropertySync_Resync_Verifying';
import WRITING from '@salesforce/label/c.PropertySync_Resync_Writing';
import { fill, relativeTime } from 'c/syncText';
import type { ControllerProblem, Resync } from 'types/propertySync';

export type StepState = 'waiting' | 'current' | 'done' | 'failed';

/** How far a resync is. */
export interface Progress {
  /** Accepted, writing, verified: in this order. */
  readonly steps: readonly [StepState, StepState, StepState];
  readonly text: string;
  readonly actingUser: string | null;
  /** Whether it is over, one way or the other. */
  readonly isOver: boolean;
}

const progress = (
  steps: Progress['steps'],
  text: string,
  { actingUser = null, isOver = false }: Partial<Pick<Progress, 'actingUser' | 'isOver'>> = {},
): Progress => ({ steps, text, actingUser, isOver });

/** From the click until the middleware has answered. */
export const requesting: Progress = progress(['current', 'waiting', 'waiting'], REQUESTING);

/** It goes on, but nobody watches it any more. */
export function unwatched(last: Progress): Progress {
  return { ...last, text: DEADLINE, isOver: true };
}

export function progressOf(resync: Resync): Progress {
  const { state, stage, actingUser } = resync;
  switch (state) {
    case 'queued':
      return progress(['done', 'waiting', 'waiting'], QUEUED, { actingUser });
    case 'running':
      if (stage === 'verifying') return progress(['done', 'done', 'current'], VERIFYING, { actingUser });
      return progress(['done', 'current', 'waiting'], stage === 'planning' ? PLANNING : WRITING, {
        actingUser,
      });
    case 'succeeded': {
      const isNothingWritten = resync.members.every((member) => member.state === null);
      const text = isNothingWritten ? NOTHING_TO_WRITE : SUCCEEDED;
      return progress(['done', 'done', 'done'], text, { actingUser, isOver: true });
    }
    case 'partiallySucceeded':
      return progress(['done', 'done', 'failed'], partialText(resync), { actingUser, isOver: true });
    case 'failed':
      return progress(['done', 'failed', 'waiting'], FAILED, { actingUser, isOver: true });
  }
}

/** A member is right where it was written and read back, or needed no writing and is in nobody's way. */
function partialText({ members }: Resync): string {
  const right = members.filter(({ state, classification, error }) =>
    state === null ? classification !== 'CONFLICT' : state === 'verified' || error?.code === 'RESYNCED',
  );
  return fill(PARTIAL, right.length, members.length);
}

/** What went wrong with a resync that has ended: the whole of it, or one property after the other. */
export function problemOfResync({ error, members }: Resync): ControllerProblem {
  const causes = members.flatMap((member) =>
    member.error === null || member.error.code === 'RESYNCED'
      ? []
      : [`${member.name ?? member.rdsPropertyId}: ${member.error.message}`],
  );
  return {
    code: error?.code ?? 'RESYNC_FAILED',
    message: [error?.message ?? '', ...causes.slice(0, 3)].filter((text) => text !== '').join(' '),
    action: error?.action ?? null,
  };
}

/** A resync that was not accepted, as a person is told of it. */
export function refusalOf(problem: ControllerProblem, waitUntil: string, nowMs: number): ControllerProblem {
  switch (problem.code) {
    case 'NO_PERMISSION':
    case 'FORBIDDEN':
      return { ...problem, message: NO_PERMISSION, action: null };
    case 'SYNC_PAUSED':
      return { ...problem, message: `${PAUSED} ${problem.message}` };
    case 'RUN_CONFLICT':
      return { ...problem, message: CONFLICT, action: null };
    case 'RATE_LIMITED':
      return { ...problem, message: `${RATE_LIMITED} ${relativeTime(waitUntil, nowMs)}.`, action: null };
    case 'MIDDLEWARE_UNREACHABLE':
    case 'MIDDLEWARE_ANSWER_INVALID':
      return { ...problem, message: UNREACHABLE, action: null };
    default:
      return problem;
  }
}

/** The codes that say that nothing was accepted; after any other the same request may have been. */
const refusals: ReadonlySet<string> = new Set([
  'NO_PERMISSION',
  'RECORD_NOT_FOUND',
  'FORBIDDEN',
  'UNAUTHENTICATED',
  'REQUEST_INVALID',
  'NOT_FOUND',
  'SYNC_PAUSED',
  'RUN_CONFLICT',
  'RATE_LIMITED',
  'IDEMPOTENCY_KEY_MISSING',
  'IDEMPOTENCY_KEY_REUSED',
]);

export function isRefusal({ code }: ControllerProblem): boolean {
  return refusals.has(code);
}

/** One key for each click that is meant: the middleware counts all requests that carry it as one. */
export function newRequestKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
