import type { PlanState, ResyncState, RunState } from '../middleware/src/contracts/index.ts';

/** What a command ends with, as `sf project deploy` does: the one place that knows. */
export const exitCodes = {
  succeeded: 0,
  /** Failed, canceled or refused. */
  failed: 1,
  partiallySucceeded: 68,
  /** Queued, running or paused. */
  notFinished: 69,
} as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

const codeOfState: Readonly<Record<RunState | ResyncState, ExitCode>> = {
  queued: exitCodes.notFinished,
  running: exitCodes.notFinished,
  paused: exitCodes.notFinished,
  succeeded: exitCodes.succeeded,
  partiallySucceeded: exitCodes.partiallySucceeded,
  failed: exitCodes.failed,
  canceled: exitCodes.failed,
};

/** The exit code for a run or a resync in this state: 0 only where every record has been read back. */
export function exitCodeOf(state: RunState | ResyncState): ExitCode {
  return codeOfState[state];
}

const fromWorst = [
  exitCodes.failed,
  exitCodes.notFinished,
  exitCodes.partiallySucceeded,
  exitCodes.succeeded,
] as const;

/** The exit code for several runs: that of the worst; 0 for none. */
export function worstExitCode(codes: readonly ExitCode[]): ExitCode {
  return fromWorst.find((code) => codes.includes(code)) ?? exitCodes.succeeded;
}

/** Problems that waiting cures, and requests that were wrong; all others are refusals. */
const codeOfProblem: Readonly<Record<string, number>> = {
  PLAN_NOT_READY: exitCodes.notFinished,
  PLAN_MISSING: exitCodes.notFinished,
  RATE_LIMITED: exitCodes.notFinished,
  WAREHOUSE_UNAVAILABLE: exitCodes.notFinished,
  SALESFORCE_UNAVAILABLE: exitCodes.notFinished,
  SALESFORCE_API_LIMIT: exitCodes.notFinished,
  STORE_UNAVAILABLE: exitCodes.notFinished,
  CONFIG_INVALID: 2,
  REQUEST_INVALID: 2,
  MEDIA_TYPE_UNSUPPORTED: 2,
  IDEMPOTENCY_KEY_MISSING: 2,
  SOURCE_INVALID: 2,
  STORE_IN_USE: 2,
};

/** The exit code for a problem of the middleware, by its code; the same as in its table of errors. */
export function exitCodeOfProblem(code: string): number {
  return codeOfProblem[code] ?? exitCodes.failed;
}

const codeOfPlan: Readonly<Record<PlanState, ExitCode>> = {
  building: exitCodes.notFinished,
  ready: exitCodes.succeeded,
  blocked: exitCodes.failed,
  failed: exitCodes.failed,
};

/** The exit code for a plan: 0 only for one that may be run. */
export function exitCodeOfPlan(state: PlanState): ExitCode {
  return codeOfPlan[state];
}
