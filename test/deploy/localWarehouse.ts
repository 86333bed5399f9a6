import { createTableSql } from '../../middleware/src/adapters/databricks/databricksTypes.ts';
import {
  openDatabricksWarehouse,
  type DatabricksWarehouse,
} from '../../middleware/src/adapters/databricks/databricksWarehouse.ts';
import { sourceTables } from '../../middleware/src/planning/sourceContract.ts';
import {
  startDatabricksLocal,
  type DatabricksLocal,
} from '../../scripts/databricks-local/startDatabricksLocal.ts';

/** A local endpoint with empty source tables, met with the real driver. */
export interface LocalWarehouse {
  readonly endpoint: DatabricksLocal;
  readonly warehouse: DatabricksWarehouse;
  close(): Promise<void>;
}

export async function openLocalWarehouse(): Promise<LocalWarehouse> {
  const endpoint = await startDatabricksLocal();
  const warehouse = openDatabricksWarehouse({
    host: endpoint.host,
    port: endpoint.port,
    path: endpoint.path,
    login: { token: endpoint.token },
    caPem: endpoint.caPem,
    catalog: 'crm',
    schema: 'property_sync',
    requestTimeoutMs: 30_000,
    statementTimeoutMs: 60_000,
    startTimeoutMs: 10_000,
    retryPauseMs: 10,
    log: { info: () => undefined, warn: () => undefined },
  });
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
