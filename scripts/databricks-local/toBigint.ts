import type { DuckDBValue } from '@duckdb/node-api';
import { StatementError } from './statementError.ts';

/** An integer of 64 bits; DuckDB adds up in 128. Throws 22003 if it does not fit. */
export function toBigint(value: DuckDBValue): bigint {
  const integer = value as bigint;
  if (BigInt.asIntN(64, integer) !== integer) {
    throw new StatementError('22003', 'ARITHMETIC_OVERFLOW', `${integer} is out of the range of BIGINT.`);
  }
  return integer;
}
