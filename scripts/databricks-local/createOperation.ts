import thrift from '@databricks/sql/thrift/TCLIService_types.js';
import type { TOperationState } from '@databricks/sql/thrift/TCLIService_types.js';
import type { Rows } from './arrowMessages.ts';
import { toStatementError, type StatementError } from './statementError.ts';
import type { StatementResult } from './runStatement.ts';

const { TOperationState: states } = thrift;

/** A statement on its way, or its result while it is being read. */
export interface Operation {
  readonly state: TOperationState;
  readonly error: StatementError | undefined;
  /** The result; there once the state is FINISHED. */
  readonly result: StatementResult | undefined;
  /** Rows handed out so far, and whether there are more. */
  readonly position: number;
  readonly hasMoreRows: boolean;
  /** Resolves when the statement has ended, however it did. */
  readonly ended: Promise<void>;
  cancel(): void;
  /** The next rows, at most so many, in parts as DuckDB holds them. */
  take(maxRows: number): Rows[];
}

/** Starts the work: PENDING until `started` resolves, RUNNING until it has a result. */
export function createOperation(
  started: Promise<void>,
  work: (signal: AbortSignal) => Promise<StatementResult>,
): Operation {
  const cancelled = new AbortController();
  let state: TOperationState = states.PENDING_STATE;
  let error: StatementError | undefined;
  let result: StatementResult | undefined;
  let position = 0;
  const run = async (): Promise<void> => {
    try {
      await started;
      cancelled.signal.throwIfAborted();
      state = states.RUNNING_STATE;
      result = await work(cancelled.signal);
      state = states.FINISHED_STATE;
    } catch (cause) {
      error = toStatementError(cause);
      state = cancelled.signal.aborted ? states.CANCELED_STATE : states.ERROR_STATE;
    }
  };
  const rowCount = (): number => result?.rows?.rowCount ?? 0;
  return {
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
    get position() {
      return position;
    },
    get hasMoreRows() {
      return position < rowCount();
    },
    cancel: () => cancelled.abort(),
    take: (maxRows) => {
      const parts = sliceRows(result?.rows, position, Math.min(position + maxRows, rowCount()));
      position += parts.reduce((sum, { count }) => sum + count, 0);
      return parts;
    },
  };
}

/** The rows from `start` up to `end`, chunk by chunk. */
function sliceRows(rows: StatementResult['rows'], start: number, end: number): Rows[] {
  const parts: Rows[] = [];
  let chunkStart = 0;
  for (let i = 0; rows !== undefined && chunkStart < end; i += 1) {
    const chunk = rows.getChunk(i);
    const [from, to] = [Math.max(start - chunkStart, 0), Math.min(end - chunkStart, chunk.rowCount)];
    if (from < to) {
      parts.push({ count: to - from, columns: chunk.getColumns().map((values) => values.slice(from, to)) });
    }
    chunkStart += chunk.rowCount;
  }
  return parts;
}
