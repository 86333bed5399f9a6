import type { ColumnType, TableDefinition } from '../../ports/warehouse.ts';
import { validName } from '../duckdb/identifiers.ts';

/** Types of Spark SQL; a TIMESTAMP is an instant, shown in the session's time zone (docs/warehouse.md §4). */
export const databricksTypes: Readonly<Record<ColumnType, string>> = {
  string: 'string',
  boolean: 'boolean',
  integer: 'int',
  bigint: 'bigint',
  date: 'date',
  timestamp: 'timestamp',
};

/** The column list of a table, as `create table` takes it. Throws WAREHOUSE_QUERY_FAILED on a name that is none. */
export function columnList(columns: TableDefinition['columns']): string {
  return Object.entries(columns)
    .map(([column, type]) => `${validName(column)} ${databricksTypes[type]}`)
    .join(', ');
}

/** The statement that creates the table if it is missing; `name` is qualified. Spark takes the default table format. */
export function createTableSql(name: string, { columns }: TableDefinition): string {
  return `create table if not exists ${validName(name)} (${columnList(columns)})`;
}
