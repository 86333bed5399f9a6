import { SyncError } from '../errors.ts';
import type { Row, Warehouse } from '../ports/warehouse.ts';
import { renderSql, type SqlFiles } from './sqlFiles.ts';

const shownRows = 5;

/**
 * Runs every check on what the snapshots hold (docs/domain.md §6). Throws INVARIANT_VIOLATED, naming the broken checks
 * and their first rows, if any returns a row.
 */
export async function runChecks(warehouse: Warehouse, { checks }: Pick<SqlFiles, 'checks'>): Promise<void> {
  const broken: { name: string; rows: Row[] }[] = [];
  for (const [name, text] of Object.entries(checks)) {
    const rows = await warehouse.query(
      `select *\nfrom (\n${renderSql(text, warehouse)}\n) as broken_rows\nlimit ${shownRows}`,
    );
    if (rows.length > 0) broken.push({ name, rows });
  }
  if (broken.length === 0) return;
  throw new SyncError(
    'INVARIANT_VIOLATED',
    `These rules do not hold: ${broken.map(({ name }) => name).join(', ')}.`,
    { details: broken.flatMap(({ name, rows }) => rows.map((row) => `${name}: ${toText(row)}`)) },
  );
}

function toText(row: Row): string {
  return JSON.stringify(row, (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value));
}
