import pg from 'pg';
import type { ColumnType } from '../../middleware/src/ports/warehouse.ts';

/** Microseconds are kept: they decide between rows of one moment. */
const isoFormat = `'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'`;

/**
 * A column as COPY is to write it for loadSourceFiles. An infinite instant, which `to_char` makes NULL, keeps its name.
 * The time zone of the session must be UTC: then a timestamp without a zone counts as UTC.
 */
export function csvColumn(column: string, type: ColumnType): string {
  const name = pg.escapeIdentifier(column);
  const value = type === 'timestamp' ? csvInstant(name) : `${name}::text`;
  return `${value} as ${name}`;
}

/** The text of an expression that is an instant. */
export function csvInstant(expression: string): string {
  return `coalesce(to_char((${expression})::timestamptz, ${isoFormat}), (${expression})::text)`;
}
