import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createAccessTokens } from './accessTokens.ts';
import { createCertificate } from './createCertificate.ts';
import { createControl, type Control } from './createControl.ts';
import { createHandlers, type ServiceState } from './createHandlers.ts';
import { createRequestHandler } from './createRequestHandler.ts';
import { createFaults, type FaultInput } from './faults.ts';
import { openCatalogs } from './openCatalogs.ts';
import { createResultLinks } from './resultLinks.ts';
import { createVolumeFiles } from './volumeFiles.ts';
import { createWarehousePower } from './warehousePower.ts';

export interface DatabricksLocalOptions {
  /** Port on 127.0.0.1; 0, the default, takes a free one. */
  readonly port?: number;
  /** The personal access token; made at start if none is given. */
  readonly token?: string;
  /** A directory of baseline files to load as the source tables. */
  readonly sourceDir?: string;
  /** Keeps the catalogs in files there; without it they live in memory. */
  readonly directory?: string;
  /** The warehouse has not been started yet, and starting takes so long. */
  readonly coldStartMs?: number;
  /** Results of so many rows and more go by links, to clients that download them; default 20 000. */
  readonly linksFromRows?: number;
  /** How long a link is good; default 15 minutes. */
  readonly linkMs?: number;
  readonly faults?: readonly FaultInput[];
}

/** A warehouse that a Databricks client can talk to, on this machine. */
export interface DatabricksLocal {
  readonly host: '127.0.0.1';
  readonly port: number;
  /** The HTTP path of the warehouse. */
  readonly path: string;
  /** The personal access token. */
  readonly token: string;
  /** A service principal, for OAuth. */
  readonly clientId: string;
  readonly clientSecret: string;
  /** What a client has to trust: the certificate that was made at start. */
  readonly caPem: string;
  readonly control: Control;
  close(): Promise<void>;
}

const path = '/sql/1.0/warehouses/local';

/** The driver logs service principals in only at hosts of such a name; a proxy can lead it here. */
export const oauthHost = 'local.cloud.databricks.com';

/**
 * Starts a test server that speaks to the official Databricks driver and answers from DuckDB. It proves nothing about
 * Databricks: what the driver does with these answers is real, the answers are not.
 */
export async function startDatabricksLocal(options: DatabricksLocalOptions = {}): Promise<DatabricksLocal> {
  const { linksFromRows = 20_000, linkMs = 900_000 } = options;
  const filesDir = await mkdtemp(join(tmpdir(), 'property-sync-volumes-'));
  const removeFiles = (): Promise<void> => rm(filesDir, { recursive: true, force: true });
  const catalogs = await openCatalogs(filesDir, options).catch(async (error: unknown) => {
    await removeFiles();
    throw error;
  });

  const tokens = createAccessTokens(options.token);
  const faults = createFaults();
  faults.replace(options.faults ?? []);
  const links = createResultLinks();
  const files = createVolumeFiles(filesDir);
  const power = createWarehousePower(options.coldStartMs);
  const sessions: ServiceState['sessions'] = new Map();
  const operations: ServiceState['operations'] = new Map();
  const running: ServiceState['running'] = new Set();
  const loseSessions = (): void => {
    for (const { operation } of operations.values()) operation.cancel();
    sessions.clear();
    operations.clear();
  };
  const { control, onCall } = createControl({
    faults,
    sessions,
    operations,
    stop: (startMs) => power.stop(startMs),
    loseSessions,
    revokeTokens: () => tokens.revoke(),
  });

  const { keyPem, caPem } = await createCertificate([oauthHost]);
  const server = createServer({ key: keyPem, cert: caPem });
  const baseUrl = (): string => `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const handlers = createHandlers({
    place: { instance: catalogs.instance, files, copied: new Set(), baseUrl },
    power,
    faults,
    sessions,
    operations,
    running,
    linksFromRows,
    link: (part) => {
      const isExpired = faults.strike(['expired'], 'DownloadResult') !== undefined;
      const expiresAt = Date.now() + (isExpired ? 0 : linkMs);
      return { url: `${baseUrl()}${links.create(part, expiresAt)}`, expiresAt };
    },
  });
  server.on(
    'request',
    createRequestHandler({ path, handlers, tokens, faults, links, files, control, onCall }),
  );
  server.listen(options.port ?? 0, '127.0.0.1');
  await once(server, 'listening');

  return {
    host: '127.0.0.1',
    port: (server.address() as AddressInfo).port,
    path,
    token: tokens.token,
    clientId: tokens.clientId,
    clientSecret: tokens.clientSecret,
    caPem,
    control,
    close: async () => {
      loseSessions();
      server.close();
      server.closeAllConnections();
      await Promise.all([once(server, 'close'), ...running]);
      catalogs.close();
      await removeFiles();
    },
  };
}
