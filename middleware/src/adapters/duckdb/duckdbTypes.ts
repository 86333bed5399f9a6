import type { ColumnType, TableDefinition } from '../../ports/warehouse.ts';
import { validName } from '../../ports/identifiers.ts';

/** Timestamps are instants: DuckDB's plain TIMESTAMP is naive, Databricks' is not (docs/warehouse.md §4). */
export const duckDbTypes: Readonly<Record<ColumnType, string>> = {
  string: 'varchar',
  boolean: 'boolean',
  integer: 'integer',
  bigint: 'bigint',
  date: 'date',
  timestamp: 'timestamptz',
};

/** The column list of a table, as `create table` takes it. */
export function columnList(columns: TableDefinition['columns']): string {
  return Object.entries(columns)
    .map(([column, type]) => `${validName(column)} ${duckDbTypes[type]}`)
    .join(', ');
}
