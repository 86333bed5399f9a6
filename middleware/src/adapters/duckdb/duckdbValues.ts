import {
  BIGINT,
  BOOLEAN,
  DATE,
  DuckDBDateValue,
  DuckDBTimestampTZValue,
  DuckDBTypeId,
  INTEGER,
  JSDuckDBValueConverter,
  TIMESTAMPTZ,
  VARCHAR,
  type DuckDBType,
  type DuckDBValue,
  type DuckDBValueConverter,
} from '@duckdb/node-api';
import { columnValue } from '../../ports/columnValue.ts';
import type { ColumnType, SqlParameters, SqlValue } from '../../ports/warehouse.ts';

const dayMs = 86_400_000;

export const chunkTypes: Readonly<Record<ColumnType, DuckDBType>> = {
  string: VARCHAR,
  boolean: BOOLEAN,
  integer: INTEGER,
  bigint: BIGINT,
  date: DATE,
  timestamp: TIMESTAMPTZ,
};

/** Reads a value as the port promises it: as the driver does, but decimals as exact text. */
export const toSqlValue: DuckDBValueConverter<SqlValue> = (value, type, converter) =>
  type.typeId === DuckDBTypeId.DECIMAL
    ? String(value)
    : (JSDuckDBValueConverter(value, type, converter as never) as SqlValue);

/** Turns a parameter into the driver's value; dates become instants. */
export function toDuckDbParameterValues(parameters: SqlParameters): Record<string, DuckDBValue> {
  return Object.fromEntries(
    Object.entries(parameters).map(([name, value]) => [
      name,
      value instanceof Date ? new DuckDBTimestampTZValue(BigInt(value.getTime()) * 1000n) : value,
    ]),
  );
}

/** Turns a value of a row into the driver's value for a column of that type. Throws on a value the type cannot hold. */
export function toColumnValue(value: SqlValue | undefined, type: ColumnType): DuckDBValue {
  const checked = columnValue(value, type);
  if (!(checked instanceof Date)) return checked;
  return type === 'date'
    ? new DuckDBDateValue(Math.floor(checked.getTime() / dayMs))
    : new DuckDBTimestampTZValue(BigInt(checked.getTime()) * 1000n);
}
