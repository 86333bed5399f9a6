import {
  openDuckDbWarehouse,
  type DuckDbWarehouse,
} from '../../middleware/src/adapters/duckdb/duckdbWarehouse.ts';
import { columnList } from '../../middleware/src/adapters/duckdb/duckdbTypes.ts';
import { readSqlFiles } from '../../middleware/src/adapters/sqlFiles/readSqlFiles.ts';
import { applyViews } from '../../middleware/src/planning/applyViews.ts';
import { materializeAggregate as materialize } from '../../middleware/src/planning/materializeAggregate.ts';
import { defaultSourceNames, sourceTables } from '../../middleware/src/planning/sourceContract.ts';
import { withSourceViews } from '../../middleware/src/planning/sourceViews.ts';
import type { SqlFiles } from '../../middleware/src/planning/sqlFiles.ts';
import { productPropertyMirror } from '../../middleware/src/mirror/mirrorTables.ts';
import {
  defaultViewSettings,
  writeSyncContext,
  type ViewSettings,
} from '../../middleware/src/planning/writeSyncContext.ts';
import type { ColumnType, Row } from '../../middleware/src/ports/warehouse.ts';

/** The clock of the January baseline (docs/domain.md §18). */
export const businessTime = new Date('2026-01-05T12:00:00Z');

/**
 * Rows of one data set, by column name; a column that is left out is NULL. `properties`, `companies` and `features`
 * (rows of the wide table) have the columns of docs/domain.md §3, `stagingRows` those of `product_property_mirror`.
 */
export interface SourceRows {
  readonly properties?: readonly Row[];
  readonly companies?: readonly Row[];
  readonly features?: readonly Row[];
  readonly stagingRows?: readonly Row[];
}

/** The SQL of the product with the views over the default sources. */
export async function readProductSql(): Promise<SqlFiles> {
  return withSourceViews(await readSqlFiles(), defaultSourceNames);
}

/** An in-memory warehouse with empty source tables and every object of the product; `files` may hold mutated SQL. */
export async function openTestWarehouse(
  options: { files?: SqlFiles; readableDirectories?: readonly string[]; settings?: ViewSettings } = {},
): Promise<DuckDbWarehouse> {
  const warehouse = await openDuckDbWarehouse({
    readableDirectories: options.readableDirectories ?? [],
    // Each core has a test of its own.
    threads: 1,
  });
  for (const { table, columns } of Object.values(sourceTables)) {
    await warehouse.execute(`create table ${table} (${columnList(columns)})`);
  }
  await applyViews(warehouse, options.files ?? (await readProductSql()));
  await writeSyncContext(warehouse, businessTime, options.settings ?? defaultViewSettings);
  return warehouse;
}

/** Replaces all rows of the source and of the mirror; tables that are left out become empty. */
export async function loadRows(warehouse: DuckDbWarehouse, rows: SourceRows): Promise<void> {
  await replaceRows(warehouse, sourceTables.properties, rows.properties ?? []);
  await replaceRows(warehouse, sourceTables.companies, rows.companies ?? []);
  await replaceRows(warehouse, sourceTables.wideFeatures, rows.features ?? []);
  const { name, columns } = productPropertyMirror;
  await replaceRows(warehouse, { table: warehouse.name(name), columns }, rows.stagingRows ?? []);
}

/** Fills the snapshots from the loaded rows: call it after `loadRows`, before reading any view. */
export async function materializeAggregate(warehouse: DuckDbWarehouse, files?: SqlFiles): Promise<void> {
  await materialize(warehouse, files ?? (await readProductSql()));
}

/** One JSON parameter for all rows: faster than staging for the few rows of a generated data set. */
async function replaceRows(
  warehouse: DuckDbWarehouse,
  target: { table: string; columns: Readonly<Record<string, ColumnType>> },
  rows: readonly Row[],
): Promise<void> {
  const structure = Object.fromEntries(
    Object.entries(target.columns).map(([column, type]) => [
      column,
      type === 'string' ? 'varchar' : jsonTypes[type],
    ]),
  );
  await warehouse.execute(`delete from ${target.table}`);
  if (rows.length === 0) return;
  await warehouse.execute(
    `insert into ${target.table} select unnest(from_json(:rows, '[${JSON.stringify(structure)}]'), max_depth := 2)`,
    { rows: JSON.stringify(rows) },
  );
}

const jsonTypes: Readonly<Record<ColumnType, string>> = {
  string: 'varchar',
  boolean: 'boolean',
  integer: 'integer',
  bigint: 'bigint',
  date: 'date',
  timestamp: 'timestamptz',
};
