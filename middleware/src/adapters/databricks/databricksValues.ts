import { columnValue } from '../../ports/columnValue.ts';
import type { Row, SqlValue, TableDefinition } from '../../ports/warehouse.ts';

/** A result's columns as the driver describes them. */
export interface ResultColumn {
  readonly name: string;
  /** The Thrift type, such as `BIGINT_TYPE`. */
  readonly type: string;
}

/** Reads a row as the port promises it, whether it came in Arrow or in columns. */
export function toRow(record: Readonly<Record<string, unknown>>, columns: readonly ResultColumn[]): Row {
  return Object.fromEntries(columns.map(({ name, type }) => [name, toSqlValue(record[name], type)]));
}

/** What the driver yields for a scalar; lists come as they are. */
type DriverValue = string | number | bigint | boolean | Date;

function toSqlValue(given: unknown, type: string): SqlValue {
  if (given === null || given === undefined) return null;
  const value = given as DriverValue;
  switch (type) {
    case 'BIGINT_TYPE':
      return BigInt(value as string);
    case 'DECIMAL_TYPE':
      return String(value);
    case 'DATE_TYPE':
      return value instanceof Date ? value : new Date(`${String(value)}T00:00:00.000Z`);
    case 'TIMESTAMP_TYPE':
      return value instanceof Date ? value : new Date(withZone(String(value)));
    default:
      return value;
  }
}

/** Column-based results write an instant as `2026-01-05 12:00:00.123` in the time zone of the session, which is UTC. */
const withZone = (text: string): string =>
  /(Z|[+-]\d\d:?\d\d)$/.test(text) ? text : `${text.replace(' ', 'T')}Z`;

/** A row as a JSON object of texts, every column and its position named; the statement casts them (`selectFromJson`). */
export function toJsonRow(row: Row, columns: TableDefinition['columns'], position: number): string {
  const texts = Object.entries(columns).map(([column, type]) => {
    const value = columnValue(row[column], type);
    if (value === null) return [column, null];
    if (!(value instanceof Date)) return [column, String(value)];
    return [column, type === 'date' ? value.toISOString().slice(0, 10) : value.toISOString()];
  });
  return JSON.stringify({ row_position: position, ...Object.fromEntries(texts) });
}
