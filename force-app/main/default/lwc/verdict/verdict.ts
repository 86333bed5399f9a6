import MEANS_IN_FLIGHT from '@salesforce/label/c.PropertySync_Means_InFlight';
import NEXT_NONE from '@salesforce/label/c.PropertySync_Next_None';
import NEXT_DUE from '@salesforce/label/c.PropertySync_Next_Due';
import NEXT_PAUSED from '@salesforce/label/c.PropertySync_Next_Paused';
import REASON_DISABLED from '@salesforce/label/c.PropertySync_Reason_Disabled';
import REASON_NO_COMPANY from '@salesforce/label/c.PropertySync_Reason_NoCompany';
import REASON_PLACEHOLDER from '@salesforce/label/c.PropertySync_Reason_Placeholder';
import REASON_SOURCE_DELETED from '@salesforce/label/c.PropertySync_Reason_SourceDeleted';
import REASON_TEST_NAME from '@salesforce/label/c.PropertySync_Reason_TestName';
import TODO_AUTHENTICATION from '@salesforce/label/c.PropertySync_Todo_Authentication';
import TODO_PERMANENT_CONFIGURATION from '@salesforce/label/c.PropertySync_Todo_PermanentConfiguration';
import TODO_PERMANENT_DATA from '@salesforce/label/c.PropertySync_Todo_PermanentData';
import { fill } from 'c/syncText';
import { faces, type Face } from 'c/syncStates';
import type { MemberStatus, PropertyStatus, StatusAnswer } from 'types/propertySync';

/** What happens next: a moment, or a sentence; null where no sync would change anything. */
export interface Next {
  readonly at: string | null;
  readonly text: string | null;
}

/** The answer to "is this right, why, and what do I do?". */
export interface Verdict {
  readonly means: string;
  readonly todo: string;
  readonly next: Next | null;
  /** Links to the rows that are in each other's way. */
  readonly conflictingIds: readonly string[];
  /** Why something was not written, or is not synced. */
  readonly causes: readonly string[];
}

/** Codes of Apex and of the middleware that say more than "no answer". */
const facesOfProblems: Readonly<Record<string, Face>> = {
  NOT_FOUND: 'notAProperty',
  REQUEST_INVALID: 'notAProperty',
  PLAN_MISSING: 'notPlanned',
  NO_PERMISSION: 'noPermission',
  RECORD_NOT_FOUND: 'noPermission',
};

export function faceOf(answer: StatusAnswer | null): Face {
  if (answer === null) return 'loading';
  if (answer.status !== null) return answer.status.state;
  return facesOfProblems[answer.problem?.code ?? ''] ?? 'unavailable';
}

/** How a property stands, in sentences. */
export function verdictOf(status: PropertyStatus, nowMs: number): Verdict {
  const { state, members } = status;
  const { means, todo } = faces[state];
  const telling = members.filter((member) => member.state === state);
  return {
    means: isInFlight(state, telling) ? MEANS_IN_FLIGHT : means,
    todo: todoOfError(telling) ?? todo,
    next: unwaited.has(state) ? null : nextOf(status, nowMs),
    conflictingIds: state === 'conflict' ? telling.flatMap(({ stagingIds }) => stagingIds) : [],
    causes: [...new Set(telling.flatMap(causesOf))].slice(0, maxCauses),
  };
}

const maxCauses = 3;
/** What no planned sync changes: nothing is to be written, or somebody has to mend the cause first. */
const unwaited: ReadonlySet<Face> = new Set(['syncing', 'conflict', 'quarantined', 'excluded']);

/** A difference younger than a sync takes is no fault (docs/domain.md §9). */
function isInFlight(state: Face, telling: readonly MemberStatus[]): boolean {
  return state === 'pending' && telling.every((member) => member.isInFlight);
}

const reasons: Readonly<Record<string, string>> = {
  SOURCE_DELETED: REASON_SOURCE_DELETED,
  PLACEHOLDER_SFDC: REASON_PLACEHOLDER,
  TEST_NAME: REASON_TEST_NAME,
  NO_COMPANY: REASON_NO_COMPANY,
  DISABLED: REASON_DISABLED,
};

function causesOf({ state, error, reasonCode }: MemberStatus): string[] {
  if (state === 'excluded') return reasonCode === null ? [] : [reasons[reasonCode] ?? reasonCode];
  return error === null ? [] : [error.message];
}

/** Who can mend it follows from the class of the error (docs/domain.md §11.3). */
function todoOfError(telling: readonly MemberStatus[]): string | null {
  const found = telling.find(({ error }) => error !== null)?.error?.class;
  switch (found) {
    case 'permanentData':
      return TODO_PERMANENT_DATA;
    case 'permanentConfiguration':
      return TODO_PERMANENT_CONFIGURATION;
    case 'authentication':
      return TODO_AUTHENTICATION;
    default:
      return null;
  }
}

/** Sync A creates rows and Sync B updates them; where neither is waited for, whichever comes first. */
function nextOf({ state, schedules }: PropertyStatus, nowMs: number): Next {
  const waited = { neverSynced: 'A', drifted: 'B', pending: 'B' }[state as string];
  const awaited = schedules.filter(({ sync }) => waited === undefined || sync === waited);
  const [first] = awaited.flatMap(({ nextAt }) => (nextAt === null ? [] : [nextAt])).sort();
  const pause = awaited.find((schedule) => schedule.pause !== null)?.pause ?? null;
  // Whoever sees "Paused" wants to know who did it and why, also while the other sync goes on.
  if (pause !== null && (state === 'paused' || first === undefined)) {
    return { at: null, text: fill(NEXT_PAUSED, pause.by, pause.reason) };
  }
  if (first === undefined) return { at: null, text: NEXT_NONE };
  return new Date(first).getTime() > nowMs ? { at: first, text: null } : { at: null, text: NEXT_DUE };
}
