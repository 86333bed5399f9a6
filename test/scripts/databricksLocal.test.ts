import { DBSQLClient, type DBSQLSession } from '@databricks/sql';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  startDatabricksLocal,
  type DatabricksLocal,
} from '../../scripts/databricks-local/startDatabricksLocal.ts';

describe('the local Databricks endpoint, met with the unmodified driver', () => {
  let warehouse: DatabricksLocal;
  let client: DBSQLClient;
  let session: Awaited<ReturnType<DBSQLClient['openSession']>>;

  beforeAll(async () => {
    warehouse = await startDatabricksLocal();
    client = new DBSQLClient({ logger: { log: () => undefined } });
    await client.connect({
      host: warehouse.host,
      port: warehouse.port,
      path: warehouse.path,
      token: warehouse.token,
      customCaCert: warehouse.caPem,
      telemetryEnabled: false,
      preserveBigNumericPrecision: true,
    });
    session = await client.openSession();
  });
  afterAll(async () => {
    await session.close();
    await client.close();
    await warehouse.close();
  });

  const query = async (
    sql: string,
    options: Parameters<DBSQLSession['executeStatement']>[1] = {},
  ): Promise<object[]> => {
    const operation = await session.executeStatement(sql, options);
    try {
      return await operation.fetchAll();
    } finally {
      await operation.close();
    }
  };

  it('answers a query with typed parameters', async () => {
    const namedParameters = {
      big: 9_007_199_254_740_993n,
      at: new Date('2026-01-05T12:00:00.123Z'),
      none: null,
    };
    expect(await query('select :big as big, :at as at_time, :none as none', { namedParameters })).toEqual([
      { big: namedParameters.big, at_time: namedParameters.at, none: null },
    ]);
  });

  it('says what is wrong with a statement by SQLSTATE', async () => {
    await expect(query('selec 1')).rejects.toMatchObject({ response: { sqlState: '42601' } });
    await expect(query('select * from missing')).rejects.toMatchObject({ response: { sqlState: '42P01' } });
  });

  it('pages through a large result', async () => {
    const rows = await query('select range as id from range(100000)', {
      useCloudFetch: false,
      maxRows: 5_000,
    });
    expect(rows).toHaveLength(100_000);
    expect(rows.at(-1)).toEqual({ id: 99_999n });
  });

  it('takes rows in', async () => {
    expect(await query('create table written (id string)')).toEqual([]);
    expect(await query("insert into written values ('a'), ('b')")).toEqual([{ num_affected_rows: 2n }]);
    expect(await query('select count(*) as n from crm.property_sync.written')).toEqual([{ n: 2n }]);
  });
});
