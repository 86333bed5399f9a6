import { readFile } from 'node:fs/promises';
import type { DatabricksOptions } from '../../middleware/src/adapters/databricks/databricksConnection.ts';
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
  const { DATABRICKS_TOKEN: token, DATABRICKS_VOLUME: volume, DATABRICKS_CA_FILE: caFile } = config;
  return {
    host: config.DATABRICKS_HOST ?? '',
    port: config.DATABRICKS_PORT,
    path: config.DATABRICKS_HTTP_PATH ?? '',
    login:
      token === undefined
        ? {
            clientId: config.DATABRICKS_CLIENT_ID ?? '',
            clientSecret: config.DATABRICKS_CLIENT_SECRET ?? '',
          }
        : { token },
    catalog: config.DATABRICKS_CATALOG,
    schema: config.DATABRICKS_SCHEMA,
    ...(volume === undefined ? {} : { volume }),
    ...(caFile === undefined ? {} : { caPem: await readFile(caFile, 'utf8') }),
    requestTimeoutMs: config.DATABRICKS_TIMEOUT_MS,
    statementTimeoutMs: config.DATABRICKS_STATEMENT_TIMEOUT_MS,
    startTimeoutMs: config.DATABRICKS_START_TIMEOUT_MS,
    retryPauseMs: 1_000,
    settingsFile: config.PROPERTY_SYNC_SETTINGS,
  };
}
