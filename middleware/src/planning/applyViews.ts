import type { Row, Warehouse } from '../ports/warehouse.ts';
import { orderByReference } from './orderByReference.ts';
import { renderSql, type SqlFiles } from './sqlFiles.ts';
import { describeViews } from './describeViews.ts';
import { viewRegistry, warehouseTables } from './warehouseTables.ts';

/**
 * Makes every object of the product in the warehouse, in the order in which they read each other, and records what was
 * made, so that `checkViews` can tell when it moves. The views must include those of `withSourceViews`. Snapshots are made empty; `materializeAggregate` fills them.
 */
export async function applyViews(warehouse: Warehouse, files: SqlFiles): Promise<void> {
  if (warehouse.dialect === 'duckdb') await warehouse.execute(renderSql(files.prelude, warehouse));
  for (const table of warehouseTables) await warehouse.createTable(table);
  for (const [table, text] of Object.entries(files.seed)) {
    await warehouse.replaceTable(table, renderSql(text, warehouse));
  }
  for (const [object, text] of orderByReference({ ...files.views, ...files.snapshots })) {
    const sql = renderSql(text, warehouse);
    if (object in files.views) await warehouse.execute(sql);
    else await warehouse.replaceTable(object, `select *\nfrom (\n${sql}\n) as no_rows\nwhere false`);
  }
  await warehouse.mergeRows(viewRegistry, once(await describeViews(warehouse, files)), {
    replaceAll: true,
  });
}

async function* once(rows: readonly Row[]): AsyncIterable<readonly Row[]> {
  yield await Promise.resolve(rows);
}
