import { readFile } from 'node:fs/promises';
import type { DatabricksOptions } from './databricksConnection.ts';

/** The variables of the environment that concern Databricks, as config.ts has checked them. */
export interface DatabricksVariables {
  readonly DATABRICKS_HOST?: string | undefined;
  readonly DATABRICKS_PORT: number;
  readonly DATABRICKS_HTTP_PATH?: string | undefined;
  readonly DATABRICKS_TOKEN?: string | undefined;
  readonly DATABRICKS_CLIENT_ID?: string | undefined;
  readonly DATABRICKS_CLIENT_SECRET?: string | undefined;
  readonly DATABRICKS_CATALOG: string;
  readonly DATABRICKS_SCHEMA: string;
  readonly DATABRICKS_VOLUME?: string | undefined;
  readonly DATABRICKS_CA_FILE?: string | undefined;
  readonly DATABRICKS_TIMEOUT_MS: number;
  readonly DATABRICKS_STATEMENT_TIMEOUT_MS: number;
  readonly DATABRICKS_START_TIMEOUT_MS: number;
}

const retryPauseMs = 1_000;

/** How to reach the warehouse that the variables name; reads the file of the certificate authority. */
export async function readDatabricksOptions(
  variables: DatabricksVariables,
): Promise<Omit<DatabricksOptions, 'log'>> {
  const { DATABRICKS_TOKEN: token, DATABRICKS_VOLUME: volume, DATABRICKS_CA_FILE: caFile } = variables;
  return {
    host: variables.DATABRICKS_HOST ?? '',
    port: variables.DATABRICKS_PORT,
    path: variables.DATABRICKS_HTTP_PATH ?? '',
    login:
      token === undefined
        ? {
            clientId: variables.DATABRICKS_CLIENT_ID ?? '',
            clientSecret: variables.DATABRICKS_CLIENT_SECRET ?? '',
          }
        : { token },
    catalog: variables.DATABRICKS_CATALOG,
    schema: variables.DATABRICKS_SCHEMA,
    ...(volume === undefined ? {} : { volume }),
    ...(caFile === undefined ? {} : { caPem: await readFile(caFile, 'utf8') }),
    requestTimeoutMs: variables.DATABRICKS_TIMEOUT_MS,
    statementTimeoutMs: variables.DATABRICKS_STATEMENT_TIMEOUT_MS,
    startTimeoutMs: variables.DATABRICKS_START_TIMEOUT_MS,
    retryPauseMs,
  };
}
