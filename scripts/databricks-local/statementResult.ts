import { StatementType, type DuckDBMaterializedResult } from '@duckdb/node-api';
import type { Rows } from './arrowMessages.ts';
import type { ResultColumn } from './resultTypes.ts';

/** What a statement came to. One that answers no rows has no columns. */
export interface StatementResult {
  readonly columns: readonly ResultColumn[];
  readonly rowCount: number;
  /** Rows that the statement wrote. */
  readonly changedRows: number | undefined;
  /** Whether the one row tells the client to transfer a file. */
  readonly isTransfer: boolean;
  /** The rows from `start` up to `end`, in parts as DuckDB holds them. */
  read(start: number, end: number): Rows[];
}

export const noResult: StatementResult = {
  columns: [],
  rowCount: 0,
  changedRows: undefined,
  isTransfer: false,
  read: () => [],
};

const rowless = new Set([
  StatementType.CREATE,
  StatementType.DROP,
  StatementType.ALTER,
  StatementType.VARIABLE_SET,
]);
const changing = new Set([
  StatementType.INSERT,
  StatementType.UPDATE,
  StatementType.DELETE,
  StatementType.MERGE_INTO,
]);

/** DuckDB holds the rows until the result is let go. */
export function toStatementResult(result: DuckDBMaterializedResult): StatementResult {
  if (rowless.has(result.statementType)) return noResult;
  const isChange = changing.has(result.statementType);
  const names = isChange ? ['num_affected_rows'] : result.deduplicatedColumnNames();
  return {
    columns: names.map((name, i) => ({ name, type: result.columnType(i) })),
    rowCount: result.rowCount,
    changedRows: isChange ? result.rowsChanged : undefined,
    isTransfer: false,
    read: (start, end) => readRows(result, start, end),
  };
}

function readRows(result: DuckDBMaterializedResult, start: number, end: number): Rows[] {
  const parts: Rows[] = [];
  for (let i = 0, chunkStart = 0; i < result.chunkCount && chunkStart < end; i += 1) {
    const chunk = result.getChunk(i);
    const [from, to] = [Math.max(start - chunkStart, 0), Math.min(end - chunkStart, chunk.rowCount)];
    if (from < to) {
      parts.push({ count: to - from, columns: chunk.getColumns().map((values) => values.slice(from, to)) });
    }
    chunkStart += chunk.rowCount;
  }
  return parts;
}
