import type { DatabricksOptions } from '../../middleware/src/adapters/databricks/databricksConnection.ts';
import { readDatabricksOptions } from '../../middleware/src/adapters/databricks/readDatabricksOptions.ts';
import { parseConfig } from '../../middleware/src/config.ts';

/** What the middleware needs beside a warehouse: not asked for here. */
const others = {
  PROPERTY_SYNC_API_KEYS: `none:read:${'0'.repeat(64)}`,
  SALESFORCE_LOGIN_URL: 'https://example.my.salesforce.com',
  SALESFORCE_CLIENT_ID: 'none',
  SALESFORCE_CLIENT_SECRET: 'none',
  DATA_DIR: 'none',
};

/** How to reach the warehouse, by the variables and the rules of the middleware. Throws CONFIG_INVALID. */
export async function readVariables(
  environment: Readonly<Record<string, string | undefined>>,
): Promise<Omit<DatabricksOptions, 'log'> & { readonly settingsFile: string | undefined }> {
  const own = Object.entries(environment).filter(
    ([name]) => name.startsWith('DATABRICKS_') || name === 'PROPERTY_SYNC_SETTINGS',
  );
  const config = parseConfig({ ...others, ...Object.fromEntries(own), WAREHOUSE: 'databricks' });
  return {
    ...(await readDatabricksOptions(config)),
    settingsFile: config.PROPERTY_SYNC_SETTINGS,
  };
}
