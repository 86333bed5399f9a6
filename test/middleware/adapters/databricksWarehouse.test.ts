import { afterAll, beforeAll } from '@jest/globals';
import { openDatabricksWarehouse } from '../../../middleware/src/adapters/databricks/databricksWarehouse.ts';
import {
  startDatabricksLocal,
  type DatabricksLocal,
} from '../../../scripts/databricks-local/startDatabricksLocal.ts';
import { describeWarehouse } from '../ports/warehouse.contract.ts';

let endpoint: DatabricksLocal;
beforeAll(async () => {
  endpoint = await startDatabricksLocal();
});
afterAll(() => endpoint.close());

const open = () =>
  Promise.resolve(
    openDatabricksWarehouse({
      host: endpoint.host,
      port: endpoint.port,
      path: endpoint.path,
      login: { token: endpoint.token },
      caPem: endpoint.caPem,
      catalog: 'crm',
      schema: 'property_sync',
      requestTimeoutMs: 10_000,
      statementTimeoutMs: 60_000,
      startTimeoutMs: 5_000,
      retryPauseMs: 10,
      log: { info: () => undefined, warn: () => undefined },
    }),
  );

describeWarehouse('Databricks, by its driver', open);
