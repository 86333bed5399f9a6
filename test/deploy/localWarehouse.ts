import { createTableSql } from '../../middleware/src/adapters/databricks/databricksTypes.ts';
import type { DatabricksWarehouse } from '../../middleware/src/adapters/databricks/databricksWarehouse.ts';
import { sourceTables } from '../../middleware/src/planning/sourceContract.ts';
import {
  startDatabricksLocal,
  type DatabricksLocal,
} from '../../scripts/databricks-local/startDatabricksLocal.ts';
import { openDatabricks } from '../middleware/adapters/openDatabricks.ts';

/** A local endpoint with empty source tables, met with the real driver. */
export interface LocalWarehouse {
  readonly endpoint: DatabricksLocal;
  readonly warehouse: DatabricksWarehouse;
  close(): Promise<void>;
}

export async function openLocalWarehouse(): Promise<LocalWarehouse> {
  const endpoint = await startDatabricksLocal();
  const warehouse = openDatabricks(endpoint, { requestTimeoutMs: 30_000 });
  const close = async (): Promise<void> => {
    await warehouse.close();
    await endpoint.close();
  };
  try {
    for (const { table, columns } of Object.values(sourceTables)) {
      await warehouse.execute(createTableSql(table, { columns }));
    }
    return { endpoint, warehouse, close };
  } catch (error) {
    await close();
    throw error;
  }
}
