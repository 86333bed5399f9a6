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
import { SyncError } from '../../errors.ts';
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
  if (value === null || value === undefined) return null;
  const converted = convert(value, type);
  if (converted !== undefined) return converted;
  throw new SyncError('WAREHOUSE_QUERY_FAILED', `"${String(value)}" is not a value of type ${type}.`);
}

function convert(value: SqlValue, type: ColumnType): DuckDBValue | undefined {
  switch (type) {
    case 'string':
      return typeof value === 'string' ? value : undefined;
    case 'boolean':
      return typeof value === 'boolean' ? value : undefined;
    case 'integer':
      return Number.isInteger(value) ? (value as number) : undefined;
    case 'bigint':
      return typeof value === 'bigint' || Number.isSafeInteger(value) ? BigInt(value as number) : undefined;
    case 'date': {
      const time = toTime(value);
      return time === undefined ? undefined : new DuckDBDateValue(Math.floor(time / dayMs));
    }
    case 'timestamp': {
      const time = toTime(value);
      return time === undefined ? undefined : new DuckDBTimestampTZValue(BigInt(time) * 1000n);
    }
  }
}

/** Milliseconds since 1970 of a date, a day (`YYYY-MM-DD`) or an ISO 8601 text with a zone. */
function toTime(value: SqlValue): number | undefined {
  const text = /^\d{4}-\d\d-\d\d(T.*(Z|[+-]\d\d:?\d\d))?$/;
  const time =
    value instanceof Date
      ? value.getTime()
      : typeof value === 'string' && text.test(value)
        ? Date.parse(value.replace(/([+-]\d\d)(\d\d)$/, '$1:$2'))
        : NaN;
  return Number.isNaN(time) ? undefined : time;
}
