import thrift from '@databricks/sql/thrift/TCLIService_types.js';
import type { TOperationState } from '@databricks/sql/thrift/TCLIService_types.js';
import { StatementError, toStatementError } from './statementError.ts';
import type { StatementResult } from './statementResult.ts';

const { TOperationState: states } = thrift;

/** A statement on its way, or its result while it is being read. */
export interface Operation {
  readonly state: TOperationState;
  readonly error: StatementError | undefined;
  /** There once the state is FINISHED. */
  readonly result: StatementResult | undefined;
  /** The first row that has not been handed out. */
  nextRow: number;
  /** Resolves when the statement has ended, however it did. */
  readonly ended: Promise<void>;
  cancel(): void;
}

/**
 * Starts the work: PENDING until the warehouse runs, RUNNING until there is a result. With `timeoutS` of 0 it may take
 * any time.
 */
export function createOperation(
  isRunning: Promise<void>,
  timeoutS: number,
  work: (signal: AbortSignal) => Promise<StatementResult>,
): Operation {
  const cancelled = new AbortController();
  let state: TOperationState = states.PENDING_STATE;
  let error: StatementError | undefined;
  let result: StatementResult | undefined;
  const run = async (): Promise<void> => {
    const stopped = new Promise<void>((resolve) =>
      cancelled.signal.addEventListener('abort', () => resolve()),
    );
    await Promise.race([isRunning, stopped]);
    const timedOut = timeoutS === 0 ? new AbortController().signal : AbortSignal.timeout(timeoutS * 1_000);
    try {
      cancelled.signal.throwIfAborted();
      state = states.RUNNING_STATE;
      result = await work(AbortSignal.any([cancelled.signal, timedOut]));
      state = states.FINISHED_STATE;
    } catch (cause) {
      if (cancelled.signal.aborted) {
        state = states.CANCELED_STATE;
        error = new StatementError('HY008', 'OPERATION_CANCELED', 'The operation was cancelled.');
      } else if (timedOut.aborted) {
        state = states.TIMEDOUT_STATE;
        error = new StatementError(
          '57KD0',
          'STATEMENT_TIMEOUT',
          `The statement took more than ${timeoutS} s.`,
        );
      } else {
        state = states.ERROR_STATE;
        error = toStatementError(cause);
      }
    }
  };
  return {
    nextRow: 0,
    ended: run(),
    get state() {
      return state;
    },
    get error() {
      return error;
    },
    get result() {
      return result;
    },
    cancel: () => cancelled.abort(),
  };
}
