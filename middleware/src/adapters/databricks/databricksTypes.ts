import type { ColumnType, TableDefinition } from '../../ports/warehouse.ts';

/** Types of Spark SQL; a TIMESTAMP is an instant, shown in the session's time zone (docs/warehouse.md §4). */
export const databricksTypes: Readonly<Record<ColumnType, string>> = {
  string: 'string',
  boolean: 'boolean',
  integer: 'int',
  bigint: 'bigint',
  date: 'date',
  timestamp: 'timestamp',
};

/** The column list of a table, as `create table` takes it; the columns are those of the product's own definitions. */
export function columnList(columns: TableDefinition['columns']): string {
  return Object.entries(columns)
    .map(([column, type]) => `${column} ${databricksTypes[type]}`)
    .join(', ');
}

/** Creates the table if it is missing, in the default format of the warehouse. `name` is qualified and validated. */
export function createTableSql(name: string, { columns }: Pick<TableDefinition, 'columns'>): string {
  return `create table if not exists ${name} (${columnList(columns)})`;
}
