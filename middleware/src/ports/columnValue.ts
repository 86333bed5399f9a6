import { SyncError } from '../errors.ts';
import type { ColumnType, SqlValue } from './warehouse.ts';

/**
 * A value of a row as a column of that type takes it: wide integers as bigints, days and instants as dates. Every adapter
 * writes through it, so that none of them takes what another would refuse. Throws WAREHOUSE_QUERY_FAILED on a value that
 * the type cannot hold.
 */
export function columnValue(
  value: SqlValue | undefined,
  type: ColumnType,
): string | boolean | number | bigint | Date | null {
  if (value === null || value === undefined) return null;
  const converted = convert(value, type);
  if (converted !== undefined) return converted;
  throw new SyncError('WAREHOUSE_QUERY_FAILED', `"${String(value)}" is not a value of type ${type}.`);
}

function convert(value: SqlValue, type: ColumnType): string | boolean | number | bigint | Date | undefined {
  switch (type) {
    case 'string':
      return typeof value === 'string' ? value : undefined;
    case 'boolean':
      return typeof value === 'boolean' ? value : undefined;
    case 'integer':
      return Number.isInteger(value) ? (value as number) : undefined;
    case 'bigint':
      return typeof value === 'bigint' || Number.isSafeInteger(value) ? BigInt(value as number) : undefined;
    case 'date':
    case 'timestamp':
      return toDate(value);
  }
}

/** A date, a day (`YYYY-MM-DD`) or an ISO 8601 text with a zone. */
function toDate(value: SqlValue): Date | undefined {
  const text = /^\d{4}-\d\d-\d\d(T.*(Z|[+-]\d\d:?\d\d))?$/;
  const date =
    value instanceof Date
      ? value
      : typeof value === 'string' && text.test(value)
        ? new Date(value.replace(/([+-]\d\d)(\d\d)$/, '$1:$2'))
        : undefined;
  return date === undefined || Number.isNaN(date.getTime()) ? undefined : date;
}
