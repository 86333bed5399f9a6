import { DBSQLClient } from '@databricks/sql';
import type { DatabricksLocal } from '../../scripts/databricks-local/startDatabricksLocal.ts';

export type Session = Awaited<ReturnType<DBSQLClient['openSession']>>;
type ConnectOptions = Partial<Parameters<DBSQLClient['connect']>[0]>;
export type StatementOptions = NonNullable<Parameters<Session['executeStatement']>[1]>;

/** The unmodified driver, connected as the product connects it, with short pauses between its own retries. */
export async function connect(
  warehouse: DatabricksLocal,
  options: ConnectOptions = {},
): Promise<DBSQLClient> {
  const client = new DBSQLClient({ logger: { log: () => undefined } });
  client.on('error', () => undefined);
  const { host, port, path, token, caPem: customCaCert } = warehouse;
  await client.connect({
    ...{ host, port, path, token, customCaCert },
    telemetryEnabled: false,
    preserveBigNumericPrecision: true,
    retryDelayMin: 5,
    retryDelayMax: 20,
    ...options,
  } as Parameters<DBSQLClient['connect']>[0]);
  return client;
}

/** All rows of a statement. */
export async function query(
  session: Session,
  sql: string,
  options: StatementOptions = {},
): Promise<object[]> {
  const operation = await session.executeStatement(sql, options);
  try {
    return await operation.fetchAll();
  } finally {
    await operation.close().catch(() => undefined);
  }
}
