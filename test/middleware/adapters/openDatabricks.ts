import {
  openDatabricksWarehouse,
  type DatabricksWarehouse,
} from '../../../middleware/src/adapters/databricks/databricksWarehouse.ts';
import type { DatabricksOptions } from '../../../middleware/src/adapters/databricks/databricksConnection.ts';
import type { DatabricksLocal } from '../../../scripts/databricks-local/startDatabricksLocal.ts';

/** The adapter, with the official driver, on a local endpoint; it does not wait long for anything. */
export function openDatabricks(
  { host, port, path, token, caPem }: DatabricksLocal,
  options: Partial<DatabricksOptions> = {},
): DatabricksWarehouse {
  return openDatabricksWarehouse({
    ...{ host, port, path, caPem, login: { token } },
    catalog: 'crm',
    schema: 'property_sync',
    requestTimeoutMs: 10_000,
    statementTimeoutMs: 60_000,
    startTimeoutMs: 10_000,
    retryPauseMs: 10,
    log: { info: () => undefined, warn: () => undefined },
    ...options,
  });
}
