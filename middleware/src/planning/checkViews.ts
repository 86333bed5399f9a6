import { SyncError } from '../errors.ts';
import type { Row, Warehouse } from '../ports/warehouse.ts';
import { describeViews } from './describeViews.ts';
import type { SqlFiles } from './sqlFiles.ts';
import { viewRegistry } from './warehouseTables.ts';

/**
 * Refuses with VIEW_CHANGED, naming the views, if the repository's text or the warehouse's definition of any of them is
 * no longer what `applyViews` recorded. Returns the two hashes of each object, which a plan stores.
 */
export async function checkViews(
  warehouse: Warehouse,
  files: SqlFiles,
): Promise<Readonly<Record<string, string>>> {
  const recorded = await warehouse.query(`select * from ${warehouse.name(viewRegistry.name)}`);
  const current = await describeViews(warehouse, files);
  const hashesOf = (rows: readonly Row[]): Map<string, string> =>
    new Map(
      rows.map((row) => [
        String(row['object']),
        `${String(row['repository_hash'])} ${String(row['warehouse_hash'])}`,
      ]),
    );
  const [before, now] = [hashesOf(recorded), hashesOf(current)];
  const moved = [...new Set([...before.keys(), ...now.keys()])].filter(
    (object) => before.get(object) !== now.get(object),
  );
  if (moved.length > 0) {
    throw new SyncError('VIEW_CHANGED', `Changed since the views were applied: ${moved.join(', ')}.`, {
      details: moved,
    });
  }
  return Object.fromEntries(now);
}
