import { once } from 'node:events';
import { createServer } from 'node:http';
import { connect as connectSocket, type AddressInfo } from 'node:net';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { thrift, type DBSQLClient } from '@databricks/sql';
import type { FaultInput } from '../../scripts/databricks-local/faults.ts';
import {
  oauthHost,
  startDatabricksLocal,
  type DatabricksLocal,
} from '../../scripts/databricks-local/startDatabricksLocal.ts';
import { connect, query, type Session } from './databricksLocalClient.ts';

describe('faults of the local Databricks endpoint', () => {
  let warehouse: DatabricksLocal;
  let client: DBSQLClient;
  let session: Session;
  /** Waits no longer than a second. */
  let impatientClient: DBSQLClient;
  let impatientSession: Session;

  beforeAll(async () => {
    warehouse = await startDatabricksLocal({ linksFromRows: 10 });
    client = await connect(warehouse);
    impatientClient = await connect(warehouse, { socketTimeout: 1_000 });
  });
  beforeEach(async () => {
    warehouse.control.setFaults([]);
    session = await client.openSession();
    impatientSession = await impatientClient.openSession();
  });
  afterAll(async () => {
    await warehouse.close();
  });

  const set = (...faults: FaultInput[]): void => warehouse.control.setFaults(faults);
  const hits = (): number[] => warehouse.control.faults.map((each) => each.hits);

  /** What the driver makes of each fault of a call that it does not repeat by itself. */
  const ways: readonly (readonly [FaultInput['kind'], object])[] = [
    ['unavailable', { statusCode: 503 }],
    ['rateLimited', { statusCode: 429 }],
    ['unauthorized', { statusCode: 401 }],
    ['forbidden', { statusCode: 403 }],
    ['reset', { code: 'ECONNRESET' }],
    ['hang', { message: 'Request timed out' }],
  ];

  it.each(ways)('OpenSession: %s', async (kind, error) => {
    set({ call: 'OpenSession', kind });
    await expect((kind === 'hang' ? impatientClient : client).openSession()).rejects.toMatchObject(error);
    await (await client.openSession()).close();
    expect(hits()).toEqual([1]);
  });

  it.each(ways)('ExecuteStatement: %s, and nothing has happened', async (kind, error) => {
    await query(session, `create or replace table struck (id int)`);
    set({ call: 'ExecuteStatement', kind });
    const inserting = query(kind === 'hang' ? impatientSession : session, 'insert into struck values (1)');
    await expect(inserting).rejects.toMatchObject(error);
    expect(await query(session, 'select * from struck')).toEqual([]);
    expect(hits()).toEqual([1]);
  });

  it.each(ways)('FetchResults: %s', async (kind, error) => {
    set({ call: 'FetchResults', kind });
    const reading = query(
      kind === 'hang' ? impatientSession : session,
      'select range as id from range(100)',
      { maxRows: 10, useCloudFetch: false },
    );
    await expect(reading).rejects.toMatchObject(error);
    expect(hits()).toEqual([1]);
  });

  it('the answer to a statement that has worked is lost', async () => {
    await query(session, `create or replace table struck (id int)`);
    set({ call: 'ExecuteStatement', kind: 'resetAfter', statement: '^insert' });
    await expect(query(session, 'insert into struck values (1)')).rejects.toMatchObject({
      code: 'ECONNRESET',
    });
    expect(await query(session, 'select * from struck')).toEqual([{ id: 1 }]);
  });

  it('what the driver repeats by itself passes', async () => {
    set(
      { call: 'GetOperationStatus', kind: 'unavailable', times: 2 },
      { call: 'CloseSession', kind: 'reset' },
      { call: 'CloseSession', kind: 'rateLimited' },
    );
    expect(await query(session, 'select 1 as x', { maxRows: null })).toEqual([{ x: 1 }]);
    await session.close();
    expect(hits()).toEqual([2, 1, 1]);
  });

  it('says how long to wait', async () => {
    set({ call: 'ExecuteStatement', kind: 'unavailable', retryAfterS: 7 });
    const error = await query(session, 'select 1').catch((caught: unknown) => caught);
    const { response } = error as { response: { headers: { get(name: string): string } } };
    expect(response.headers.get('Retry-After')).toBe('7');
  });

  it('a statement fails as asked, after so many that pass, so many times', async () => {
    set({
      call: 'ExecuteStatement',
      kind: 'failed',
      statement: 'as x$',
      after: 1,
      times: 2,
      sqlState: '2D521',
      message: '[DELTA_CONCURRENT_APPEND] Lost.',
    });
    const outcomes: unknown[] = [];
    for (let i = 0; i < 5; i += 1) {
      const sql = i === 0 ? 'select 1 as y' : 'select 1 as x';
      outcomes.push(
        await query(session, sql).then(
          () => 'done',
          (error: unknown) => (error as { response: { sqlState: string } }).response.sqlState,
        ),
      );
    }
    expect(outcomes).toEqual(['done', 'done', '2D521', '2D521', 'done']);
    expect(warehouse.control.faults).toMatchObject([{ matches: 4, hits: 2 }]);
  });

  it.each(['ExecuteStatement', 'FetchResults'])('the session is lost at %s', async (call) => {
    set({ call, kind: 'lostSession' });
    const reading = query(session, 'select range as id from range(100)', {
      maxRows: 10,
      useCloudFetch: false,
    });
    await expect(reading).rejects.toMatchObject({
      message: expect.stringMatching(/Invalid (Session|Operation)Handle/),
    });
    await expect(query(session, 'select 1')).rejects.toMatchObject({
      message: expect.stringContaining('Invalid SessionHandle'),
    });
    expect(await query(await client.openSession(), 'select 1 as x')).toEqual([{ x: 1 }]);
  });

  it('a statement waits for the warehouse to start, and can be cancelled meanwhile', async () => {
    const { PENDING_STATE } = thrift.TCLIService_types.TOperationState;
    const asleep = await startDatabricksLocal({ coldStartMs: 600_000 });
    try {
      const own = await (await connect(asleep)).openSession();
      const operation = await own.executeStatement('select 1 as x', { maxRows: null });
      expect((await operation.status()).operationState).toBe(PENDING_STATE);
      const reading = operation.fetchAll();
      await operation.cancel();
      await expect(reading).rejects.toThrow(/cancel/i);
      asleep.control.setFaults([{ call: 'ExecuteStatement', kind: 'slowStart', delayMs: 50 }]);
      expect(await query(own, 'select 1 as x', { maxRows: null })).toEqual([{ x: 1 }]);
    } finally {
      await asleep.close();
    }
  });

  describe('links', () => {
    const byLink = (): Promise<object[]> =>
      query(session, 'select range as id from range(20)', { useCloudFetch: true });

    it('have expired', async () => {
      set({ call: 'DownloadResult', kind: 'expired' });
      await expect(byLink()).rejects.toThrow('CloudFetch link has expired');
      expect(await byLink()).toHaveLength(20);
    });

    it('are refused', async () => {
      set({ call: 'DownloadResult', kind: 'forbidden' });
      await expect(byLink()).rejects.toThrow('CloudFetch HTTP error 403');
      expect(await byLink()).toHaveLength(20);
    });

    it('are tried again by the driver', async () => {
      set({ call: 'DownloadResult', kind: 'unavailable', times: 2 });
      expect(await byLink()).toHaveLength(20);
      expect(hits()).toEqual([2]);
    });

    it('end after their time', async () => {
      const shortLived = await startDatabricksLocal({ linksFromRows: 10, linkMs: 0 });
      try {
        const own = await (await connect(shortLived)).openSession();
        await expect(query(own, 'select range as id from range(20)')).rejects.toThrow(
          'CloudFetch link has expired',
        );
      } finally {
        await shortLived.close();
      }
    });
  });

  describe('the login', () => {
    it('refuses a wrong token', async () => {
      const stranger = await connect(warehouse, { token: 'wrong' });
      await expect(stranger.openSession()).rejects.toMatchObject({ statusCode: 401 });
    });

    it('is not met by a client that does not trust its certificate', async () => {
      const careful = await connect(warehouse, { customCaCert: (await startAndClose()).caPem });
      await expect(careful.openSession()).rejects.toMatchObject({ code: 'DEPTH_ZERO_SELF_SIGNED_CERT' });
    });

    describe('of a service principal', () => {
      // The driver asks for tokens only at hosts of Databricks, at port 443: a proxy leads it here.
      const proxy = createServer();
      const trusted = getCACertificates('default');
      beforeAll(async () => {
        proxy.on('connect', (_request, socket) => {
          const server = connectSocket(warehouse.port, warehouse.host, () => {
            socket.write('HTTP/1.1 200 OK\r\n\r\n');
            socket.pipe(server).pipe(socket);
          });
          const end = (): void => {
            socket.destroy();
            server.destroy();
          };
          socket.on('error', end).on('close', end);
          server.on('error', end).on('close', end);
        });
        proxy.listen(0, '127.0.0.1');
        await once(proxy, 'listening');
        // Of the driver's options none is for what a proxy leads to.
        setDefaultCACertificates([...trusted, warehouse.caPem]);
      });
      afterAll(() => {
        setDefaultCACertificates(trusted);
        proxy.close();
        proxy.closeAllConnections();
      });

      const logIn = (oauthClientSecret: string): Promise<DBSQLClient> =>
        connect(warehouse, {
          host: oauthHost,
          port: 443,
          authType: 'databricks-oauth',
          oauthClientId: warehouse.clientId,
          oauthClientSecret,
          proxy: { protocol: 'http', host: '127.0.0.1', port: (proxy.address() as AddressInfo).port },
        });

      it('is by id and secret, until the token is revoked', async () => {
        const principal = await logIn(warehouse.clientSecret);
        const own = await principal.openSession();
        expect(await query(own, 'select 1 as x')).toEqual([{ x: 1 }]);
        warehouse.control.revokeTokens();
        await expect(query(own, 'select 1 as x')).rejects.toMatchObject({ statusCode: 401 });
      });

      it('refuses a wrong secret', async () => {
        await expect(logIn('wrong').then((principal) => principal.openSession())).rejects.toThrow(
          'invalid_client',
        );
      });

      it('can be out of order', async () => {
        set({ call: 'Token', kind: 'unavailable' });
        const principal = logIn(warehouse.clientSecret).then((client) => client.openSession());
        await expect(principal).rejects.toThrow(/200 OK, got: 503/);
      });
    });
  });

  /** A certificate of another server. */
  async function startAndClose(): Promise<DatabricksLocal> {
    const other = await startDatabricksLocal();
    await other.close();
    return other;
  }
});
