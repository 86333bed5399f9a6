import type { TSparkParameter } from '@databricks/sql/thrift/TCLIService_types.js';
import { bindParameters } from './bindParameters.ts';
import { copyInto } from './copyInto.ts';
import { maskLiterals } from './maskLiterals.ts';
import { runSql, type SqlContext } from './runSql.ts';
import { changeSession, type Session } from './session.ts';
import { StatementError } from './statementError.ts';
import type { StatementPlace } from './statementPlace.ts';
import { noResult, type StatementResult } from './statementResult.ts';
import { transferFile } from './transferFile.ts';
import { translateStatement } from './translateStatement.ts';

/** A statement as the client sent it. */
export interface Statement {
  readonly sql: string;
  readonly parameters: readonly TSparkParameter[];
}

/** Runs what a client of Databricks may send. Throws `StatementError`. */
export async function runStatement(
  place: StatementPlace,
  session: Session,
  { sql, parameters }: Statement,
  signal: AbortSignal,
): Promise<StatementResult> {
  const context = { instance: place.instance, catalog: session.catalog, schema: session.schema, signal };
  const masked = maskLiterals(sql);
  const first = /^\w*/.exec(masked.code)?.[0].toLowerCase() ?? '';
  if (/^(put|get|remove)$/.test(first)) return transferFile(place, context, masked);
  if (/^copy\s+into\b/i.test(masked.code)) return copyInto(place, context, masked);
  if (/^create\s+(or\s+replace\s+)?function\b/i.test(masked.code))
    return createFunction(context, masked.code);
  if (changeSession(session, masked.code)) return noResult;
  const bound = bindParameters(translateStatement(sql), parameters);
  if (/^(create|alter|drop)$/.test(first) && Object.keys(bound.values).length > 0) {
    throw new StatementError(
      '0A000',
      'UNSUPPORTED_FEATURE.PARAMETER_MARKER_IN_UNEXPECTED_STATEMENT',
      'Parameter markers are not allowed in this statement.',
    );
  }
  if (first === 'explain') return explain(context, bound);
  return runSql(context, bound.sql, bound.values);
}

/** The functions are there from the start, as macros; a client may only ask for one of those. */
async function createFunction(context: SqlContext, code: string): Promise<StatementResult> {
  const name = /function\s+(?:if\s+not\s+exists\s+)?(?:\w+\.){0,2}(\w+)\s*\(/i.exec(code)?.[1] ?? '';
  const found = await runSql(context, 'select 1 from duckdb_functions() where function_name = $name', {
    name,
  });
  if (found.rowCount > 0) return noResult;
  throw new StatementError(
    '0A000',
    'UNSUPPORTED_FUNCTION',
    `This server has no function ${name} of its own.`,
  );
}

/** The plan as one text. Spark puts into it what is wrong with the statement, unless it cannot be read at all. */
async function explain(
  context: SqlContext,
  { sql, values }: ReturnType<typeof bindParameters>,
): Promise<StatementResult> {
  const plan = await runSql(
    context,
    sql.replace(/^explain\s+(extended|formatted|cost|codegen)\b/i, 'explain'),
    values,
  )
    .then((result) =>
      result
        .read(0, result.rowCount)
        .flatMap(({ columns }) => columns[1] ?? [])
        .join('\n'),
    )
    .catch((error: unknown) => {
      if (!(error instanceof StatementError) || error.sqlState === '42601') throw error;
      return `Error occurred during query planning: \n${error.message}`;
    });
  return runSql(context, 'select $plan as plan', { plan });
}
