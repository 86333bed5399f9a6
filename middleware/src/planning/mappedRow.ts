import type { FieldMapping, MappedValue, MappedValues } from '../contracts/index.ts';
import type { Row, SqlValue } from '../ports/warehouse.ts';

/** The values of a warehouse row by Salesforce field; `prefix` names the columns of a second set in the same row. */
export function mappedRow(row: Row, fieldMap: readonly FieldMapping[], prefix = ''): MappedValues {
  return Object.fromEntries(
    fieldMap.map(({ column, field }) => [field, mappedValue(row[`${prefix}${column}`] ?? null)]),
  );
}

/** Dates become `YYYY-MM-DD`; they come as UTC midnight from every adapter. */
function mappedValue(value: SqlValue): MappedValue {
  if (value instanceof Date) return value.toISOString().slice(0, 10);
  if (typeof value === 'bigint') return Number(value);
  if (value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean')
    return value;
  throw new TypeError('A mapped column holds a list.');
}
