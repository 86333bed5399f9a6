import { setTimeout } from 'node:timers/promises';
import type { DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { StatementError, toStatementError } from './statementError.ts';
import { toStatementResult, type StatementResult } from './statementResult.ts';

const interruptAgainMs = 20;

/** Where names without a schema are looked up, and what stops the work. */
export interface SqlContext {
  readonly instance: DuckDBInstance;
  readonly catalog: string;
  readonly schema: string;
  readonly signal: AbortSignal;
}

/**
 * Runs one statement of DuckDB on a connection of its own. Throws `StatementError`; of several statements in one text as
 * Databricks does.
 */
export async function runSql(
  { instance, catalog, schema, signal }: SqlContext,
  sql: string,
  values: Readonly<Record<string, string | null>> = {},
): Promise<StatementResult> {
  const connection = await instance.connect();
  const stopInterrupting = interruptOn(signal, connection);
  try {
    signal.throwIfAborted();
    await connection.run(`use ${quoted(catalog)}.${quoted(schema)}`);
    const statements = await connection.extractStatements(sql);
    if (statements.count !== 1) {
      throw new StatementError('42601', 'PARSE_SYNTAX_ERROR', 'Expected one statement.');
    }
    const prepared = await statements.prepare(0);
    prepared.bind(values);
    return toStatementResult(await prepared.run());
  } catch (error) {
    throw toStatementError(error);
  } finally {
    stopInterrupting();
    connection.disconnectSync();
  }
}

/** An interrupt is lost on a statement that has not started yet, so it is repeated until somebody calls the result. */
function interruptOn(signal: AbortSignal, connection: DuckDBConnection): () => void {
  const ended = new AbortController();
  const interrupt = async (): Promise<void> => {
    while (!ended.signal.aborted) {
      connection.interrupt();
      await setTimeout(interruptAgainMs, undefined, { signal: ended.signal }).catch(() => undefined);
    }
  };
  const onAbort = (): void => void interrupt();
  signal.addEventListener('abort', onAbort, { once: true });
  return () => {
    ended.abort();
    signal.removeEventListener('abort', onAbort);
  };
}

const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;
