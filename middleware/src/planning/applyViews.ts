import type { Row, Warehouse } from '../ports/warehouse.ts';
import { orderByReference } from './orderByReference.ts';
import { renderSql, splitStatements, type SqlFiles } from './sqlFiles.ts';
import { describeViews } from './describeViews.ts';
import { viewRegistry, warehouseTables } from './warehouseTables.ts';

/**
 * Makes every object of the product in the warehouse, in the order in which they read each other, and records what was
 * made, so that `checkViews` can tell when it moves. The views must include those of `withSourceViews`. Snapshots are
 * made empty, and `materializeAggregate` fills them; where no text has changed they keep their rows, since somebody may
 * be reading them.
 */
export async function applyViews(warehouse: Warehouse, files: SqlFiles): Promise<void> {
  const prelude = renderSql(files.preludes[warehouse.dialect], warehouse);
  for (const statement of splitStatements(prelude)) await warehouse.execute(statement);
  for (const table of warehouseTables) await warehouse.createTable(table);
  for (const [table, text] of Object.entries(files.seed)) {
    await warehouse.replaceTable(table, renderSql(text, warehouse));
  }
  const kept = await unchangedSnapshots(warehouse, files);
  for (const [object, text] of orderByReference({ ...files.views, ...files.snapshots })) {
    const sql = renderSql(text, warehouse);
    if (object in files.views) await warehouse.execute(sql);
    else if (!kept.has(object))
      await warehouse.replaceTable(object, `select *\nfrom (\n${sql}\n) as no_rows\nwhere false`);
  }
  await warehouse.mergeRows(viewRegistry, once(await describeViews(warehouse, files)), {
    replaceAll: true,
  });
}

/** Snapshots that are there, if no text has changed: what a snapshot holds depends on the views that it reads. */
async function unchangedSnapshots(warehouse: Warehouse, files: SqlFiles): Promise<Set<unknown>> {
  const recorded = await warehouse.query(
    `select object, repository_hash from ${warehouse.name(viewRegistry.name)}`,
  );
  const before = new Map(recorded.map((row) => [row['object'], row['repository_hash']]));
  const texts = await describeViews(warehouse, files);
  if (texts.some((row) => before.get(row['object']) !== row['repository_hash'])) return new Set();
  const held = await warehouse.query(
    `select table_name
     from system.information_schema.tables
     where table_catalog = :catalog and table_schema = :schema`,
    { catalog: warehouse.catalog, schema: warehouse.schema },
  );
  return new Set(held.map((row) => row['table_name']));
}

async function* once(rows: readonly Row[]): AsyncIterable<readonly Row[]> {
  yield await Promise.resolve(rows);
}
