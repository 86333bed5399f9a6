import { mkdir } from 'node:fs/promises';
import type { DuckDbWarehouse } from '../../middleware/src/adapters/duckdb/duckdbWarehouse.ts';
import type { SqlFiles } from '../../middleware/src/planning/sqlFiles.ts';
import type { Row } from '../../middleware/src/ports/warehouse.ts';
import { toWarehouseRows } from '../../test/fixtures/warehouseRows.ts';
import { loadRows, materializeAggregate, openTestWarehouse } from '../../test/sql/testWarehouse.ts';
import { auditRows } from './auditRows.ts';
import type { Place } from './relations.ts';
import { tableFiles } from './sparkJob.ts';
import { testWorld } from './testWorld.ts';

export const duckDbPlace: Place = { catalog: 'crm', schema: 'property_sync', sourceTable: (name) => name };

/**
 * Opens the embedded warehouse with the objects of the product, loads all data sets, fills the snapshots, and writes the
 * rows of every table to its file in `directory`. To be closed by the caller.
 */
export async function loadDuckDb(
  files: SqlFiles,
  directory: string,
  options: { seed: number; dataSets: number },
): Promise<DuckDbWarehouse> {
  await mkdir(directory, { recursive: true });
  const warehouse = await openTestWarehouse({ files, readableDirectories: [directory] });
  try {
    await loadRows(warehouse, toWarehouseRows(testWorld(options)));
    for (const [table, rows] of auditRows(options.seed)) await warehouse.mergeRows(table, once(rows));
    await materializeAggregate(warehouse, files);
    for (const { path, table, columns } of tableFiles(directory)) {
      const names = Object.keys(columns).join(', ');
      await warehouse.execute(
        `copy (select ${names} from ${table(duckDbPlace)}) to '${path}' (format parquet)`,
      );
    }
    return warehouse;
  } catch (error) {
    await warehouse.close();
    throw error;
  }
}

async function* once(rows: readonly Row[]): AsyncIterable<readonly Row[]> {
  yield await Promise.resolve(rows);
}
