import type { Warehouse } from '../ports/warehouse.ts';
import { orderByReference } from './orderByReference.ts';
import { renderSql, type SqlFiles } from './sqlFiles.ts';

/**
 * Fills the snapshots anew from the source, the mirror and `sync_context`. Classification, both queues and the
 * dashboard read only these, so that they agree with each other until the next call, whatever the source does.
 */
export async function materializeAggregate(warehouse: Warehouse, files: SqlFiles): Promise<void> {
  for (const [snapshot] of orderByReference({ ...files.views, ...files.snapshots })) {
    const text = files.snapshots[snapshot];
    if (text !== undefined) await warehouse.replaceTable(snapshot, renderSql(text, warehouse));
  }
}
