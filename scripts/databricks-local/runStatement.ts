import { setTimeout } from 'node:timers/promises';
import type { TSparkParameter } from '@databricks/sql/thrift/TCLIService_types.js';
import { StatementType, type DuckDBInstance, type DuckDBMaterializedResult } from '@duckdb/node-api';
import { bindParameters } from './bindParameters.ts';
import type { ResultColumn } from './resultTypes.ts';
import { StatementError, toStatementError } from './statementError.ts';

const interruptAgainMs = 20;

/** A statement and where it runs: `schema` is the qualified schema in which plain names are looked up. */
export interface Statement {
  readonly sql: string;
  readonly parameters: readonly TSparkParameter[];
  readonly schema: string;
}

/** Rows that DuckDB holds; a statement that answers none has no columns. */
export interface StatementResult {
  readonly columns: readonly ResultColumn[];
  readonly rows: DuckDBMaterializedResult | undefined;
  readonly changedRows: number | undefined;
}

const rowless = new Set([StatementType.CREATE, StatementType.DROP, StatementType.ALTER, StatementType.COPY]);
const changing = new Set([
  StatementType.INSERT,
  StatementType.UPDATE,
  StatementType.DELETE,
  StatementType.MERGE_INTO,
]);

/**
 * Runs one statement on a connection of its own and interrupts it when the signal says so. Throws `StatementError`; of
 * several statements in one text as Databricks does.
 */
export async function runStatement(
  instance: DuckDBInstance,
  { sql, parameters, schema }: Statement,
  signal: AbortSignal,
): Promise<StatementResult> {
  const connection = await instance.connect();
  const ended = new AbortController();
  const stop = async (): Promise<void> => {
    // An interrupt is lost on a statement that has not started yet, so it is repeated.
    while (!ended.signal.aborted) {
      connection.interrupt();
      await setTimeout(interruptAgainMs, undefined, { signal: ended.signal }).catch(() => undefined);
    }
  };
  const onAbort = (): void => void stop();
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    signal.throwIfAborted();
    await connection.run(`use ${schema}`);
    const bound = bindParameters(sql, parameters);
    const statements = await connection.extractStatements(bound.sql);
    if (statements.count !== 1) {
      throw new StatementError('42601', 'PARSE_SYNTAX_ERROR', 'Expected one statement.');
    }
    const prepared = await statements.prepare(0);
    prepared.bind(bound.values);
    const result = await prepared.run();
    return toResult(result);
  } catch (error) {
    throw toStatementError(error);
  } finally {
    ended.abort();
    signal.removeEventListener('abort', onAbort);
    connection.disconnectSync();
  }
}

function toResult(result: DuckDBMaterializedResult): StatementResult {
  if (rowless.has(result.statementType)) return { columns: [], rows: undefined, changedRows: undefined };
  const types = result.columnTypes();
  const isChange = changing.has(result.statementType);
  const names = isChange ? ['num_affected_rows'] : result.deduplicatedColumnNames();
  return {
    columns: names.map((name, i) => ({ name, type: types[i] as ResultColumn['type'] })),
    rows: result,
    changedRows: isChange ? result.rowsChanged : undefined,
  };
}
