import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { loadSourceFiles } from '../../middleware/src/adapters/duckdb/loadSourceFiles.ts';
import { openDuckDb } from '../../middleware/src/adapters/duckdb/openDuckDb.ts';
import { readSqlFiles } from '../../middleware/src/adapters/sqlFiles/readSqlFiles.ts';
import { sourceTables } from '../../middleware/src/planning/sourceContract.ts';
import { renderSql } from '../../middleware/src/planning/sqlFiles.ts';
import { answerThrift, type Handlers } from './answerThrift.ts';
import { createCertificate } from './createCertificate.ts';
import { createHandlers } from './createHandlers.ts';

export interface DatabricksLocalOptions {
  /** Port on 127.0.0.1; 0, the default, takes a free one. */
  readonly port?: number;
  /** A directory of baseline files to load as the source tables. */
  readonly sourceDir?: string;
}

/** A warehouse that a Databricks client can talk to, on this machine. */
export interface DatabricksLocal {
  readonly host: '127.0.0.1';
  readonly port: number;
  /** The HTTP path of the warehouse. */
  readonly path: string;
  readonly token: string;
  /** What a client has to trust: the certificate that was made at start. */
  readonly caPem: string;
  close(): Promise<void>;
}

const path = '/sql/1.0/warehouses/local';

export async function startDatabricksLocal(options: DatabricksLocalOptions = {}): Promise<DatabricksLocal> {
  const { sourceDir, port = 0 } = options;
  const token = `dapi${randomBytes(16).toString('hex')}`;
  const { keyPem, caPem } = await createCertificate();
  const { instance, release } = await openDuckDb({
    readableDirectories: sourceDir === undefined ? [] : [sourceDir],
  });
  const connection = await instance.connect();
  const { prelude } = await readSqlFiles();
  await connection.run(`use crm.property_sync`);
  await connection.run(renderSql(prelude, { catalog: 'crm', schema: 'property_sync' }));
  if (sourceDir !== undefined) {
    const execute = async (sql: string): Promise<void> => {
      await connection.run(sql);
    };
    await loadSourceFiles({ execute }, sourceDir, Object.values(sourceTables));
  }
  connection.disconnectSync();

  const handlers = createHandlers(instance) as Handlers;
  const server = createServer({ key: keyPem, cert: caPem }, (request, response) => {
    const answer = async (): Promise<void> => {
      const body = await buffer(request);
      if (request.method !== 'POST' || request.url !== path) return void response.writeHead(404).end();
      if (request.headers.authorization !== `Bearer ${token}`) return void response.writeHead(401).end();
      const message = await answerThrift(handlers, body);
      response.writeHead(200, { 'Content-Type': 'application/x-thrift' }).end(message);
    };
    answer().catch((error: unknown) => response.writeHead(501).end(String(error)));
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  return {
    host: '127.0.0.1',
    port: (server.address() as AddressInfo).port,
    path,
    token,
    caPem,
    close: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
      instance.closeSync();
      release();
    },
  };
}
