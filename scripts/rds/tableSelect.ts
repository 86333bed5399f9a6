import pg from 'pg';
import { csvColumn, csvInstant } from './csvColumn.ts';
import type { RdsTable } from './rdsTables.ts';

/** A table in a schema, as it stands in a statement; the names are quoted, so any text is safe. */
export function qualified(schema: string, table: string): string {
  return `${pg.escapeIdentifier(schema)}.${pg.escapeIdentifier(table)}`;
}

/** Every contract column of a table, as CSV text; with `isReplicated` also those that a replication tool adds. */
export function tableSelect(
  { columns }: RdsTable,
  source: string,
  { isReplicated }: { isReplicated: boolean },
): string {
  const own = Object.entries(columns).map(([column, type]) => csvColumn(column, type));
  // The transaction's time: the snapshot is taken right after it, so the data is never older than it says.
  const added = [
    `'false' as _fivetran_deleted`,
    `${csvInstant('transaction_timestamp()')} as _fivetran_synced`,
  ];
  return `select ${[...own, ...(isReplicated ? added : [])].join(', ')} from ${source}`;
}
