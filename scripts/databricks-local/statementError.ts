/** A statement that failed, as a client is told: SQLSTATE, the name of the error, and a sentence. */
export class StatementError extends Error {
  readonly sqlState: string;

  constructor(sqlState: string, condition: string, sentence: string) {
    super(`[${condition}] ${sentence} SQLSTATE: ${sqlState}`);
    this.name = 'StatementError';
    this.sqlState = sqlState;
  }
}

/**
 * DuckDB's messages and the error conditions of Databricks that they stand for; the first that matches counts.
 * Names and SQLSTATEs are those of the public list of error conditions, not of a warehouse that was asked.
 */
const conditions: readonly (readonly [pattern: RegExp, sqlState: string, condition: string])[] = [
  [/^(Failed to extract statements: )?Parser Error|^Error in native callback/, '42601', 'PARSE_SYNTAX_ERROR'],
  [/^(Catalog|Binder) Error: (Table|View) with name .* does not exist/, '42P01', 'TABLE_OR_VIEW_NOT_FOUND'],
  [
    /^(Catalog|Binder) Error: .*(Table|View) with name .* already exists/,
    '42P07',
    'TABLE_OR_VIEW_ALREADY_EXISTS',
  ],
  [
    /^Catalog Error: .*Function with name .* does not exist|^Binder Error: No function matches/,
    '42883',
    'UNRESOLVED_ROUTINE',
  ],
  [/^(Binder|Catalog) Error: (Catalog|Schema) .* does not exist/, '42704', 'SCHEMA_NOT_FOUND'],
  [/^Binder Error: (Referenced column|.* does not have a column)/, '42703', 'UNRESOLVED_COLUMN'],
  [
    /^Invalid Input Error: More than one row returned by a subquery/,
    '21000',
    'SCALAR_SUBQUERY_TOO_MANY_ROWS',
  ],
  // What `raise_error` raises, which is `error` in DuckDB.
  [/^Invalid Input Error/, 'P0001', 'USER_RAISED_EXCEPTION'],
  [/^Conversion Error/, '22018', 'CAST_INVALID_INPUT'],
  [/^Out of Range Error/, '22003', 'ARITHMETIC_OVERFLOW'],
  [/^Constraint Error: NOT NULL/, '23502', 'DELTA_NOT_NULL_CONSTRAINT_VIOLATED'],
  [/^TransactionContext Error:.*conflict/is, '2D521', 'DELTA_CONCURRENT_APPEND'],
  [/^(Binder|Catalog) Error/, '42000', 'INVALID_STATEMENT'],
];

/** What DuckDB threw, as Databricks would say it. */
export function toStatementError(error: unknown): StatementError {
  if (error instanceof StatementError) return error;
  // Of DuckDB's errors not everyone is of this realm's class, under Jest.
  const { message = String(error) } = error as { message?: string };
  const [, sqlState, condition] = conditions.find(([pattern]) => pattern.test(message)) ?? [];
  return new StatementError(sqlState ?? 'XX000', condition ?? 'INTERNAL_ERROR', message);
}
