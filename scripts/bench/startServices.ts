import { createHash, randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { januaryNow } from '../baseline/january.ts';
import { OrgClient, type LocalOrg } from '../demo/orgClient.ts';
import { copyEmptyStore } from '../demo/copyEmptyStore.ts';
import { createDatabase, type OwnDatabase } from './createDatabase.ts';
import { startProgram, type Program } from '../demo/startProgram.ts';
import { SyncApi } from '../demo/syncApi.ts';

export interface ServicesOptions {
  readonly directory: string;
  /** Directory of the baseline's files: the source of the warehouse and the seed of the org. */
  readonly source: string;
  readonly warehouseMemoryMb?: number;
  /** A PostgreSQL server on which the store gets a database of its own; null: the embedded store. */
  readonly databaseServer: string | null;
}

/** local-org and the middleware as processes of their own, as `npm run demo` starts them. */
export interface Services {
  readonly org: LocalOrg;
  readonly orgClient: OrgClient;
  readonly url: string;
  readonly apiKey: string;
  readonly api: SyncApi;
  /** Sends a control request to the org. */
  readonly control: (method: 'PUT' | 'POST' | 'DELETE', path: string, body?: unknown) => Promise<unknown>;
  stop(): Promise<void>;
}

/** A million rows are read from a small org page by page. */
const workTimeoutMs = 3_600_000;

/** Nothing starts by itself while something is measured, and nothing is refused for being asked often. */
const settings = `
sync:
  a: { interval: off }
  b: { interval: off }
batch:
  rampPause: 0s
retry:
  lostAnswer: 0s
http:
  rateLimit: { perKeyPerMinute: 1000000, resyncsPerUserPerMinute: 1000000 }
`;

export async function startServices(options: ServicesOptions): Promise<Services> {
  const { directory, source, warehouseMemoryMb = 1_000, databaseServer } = options;
  const settingsFile = join(directory, 'settings.yaml');
  await writeFile(settingsFile, settings);
  const programs: Program<unknown>[] = [];
  let database: OwnDatabase | null = null;
  const stop = async (): Promise<void> => {
    await Promise.all(programs.map((program) => program.stop()));
    await database?.drop();
  };
  try {
    const org = await startProgram<LocalOrg>('local-org', 'local-org/src/main.ts', {
      programArguments: [
        ...['--port', '0', '--seed-dir', source, '--now', januaryNow],
        ...['--key-unique', 'false', '--link-delay-ms', '86400000'],
      ],
    });
    programs.push(org);
    const dataDirectory = join(directory, 'data');
    if (databaseServer === null) await copyEmptyStore(join(dataDirectory, 'store'));
    else database = await createDatabase(databaseServer);
    const apiKey = randomBytes(24).toString('base64url');
    const middleware = await startProgram<{ url: string }>('The middleware', 'middleware/src/server.ts', {
      environment: {
        HOST: '127.0.0.1',
        PORT: '0',
        LOG_LEVEL: 'warn',
        DATA_DIR: dataDirectory,
        DATABASE_URL: database?.databaseUrl ?? '',
        PROPERTY_SYNC_API_KEYS: `bench:admin:${createHash('sha256').update(apiKey).digest('hex')}`,
        PROPERTY_SYNC_SETTINGS: settingsFile,
        SALESFORCE_LOGIN_URL: org.ready.url,
        SALESFORCE_CLIENT_ID: org.ready.clientId,
        SALESFORCE_CLIENT_SECRET: org.ready.clientSecret,
        SALESFORCE_POLL_INTERVAL_MS: '250',
        WAREHOUSE_SOURCE_DIR: source,
        WAREHOUSE_MEMORY_MB: String(warehouseMemoryMb),
        BUSINESS_CLOCK_START: januaryNow,
      },
    });
    programs.push(middleware);
    const { url } = middleware.ready;
    return {
      org: org.ready,
      orgClient: new OrgClient(org.ready),
      url,
      apiKey,
      api: new SyncApi(url, apiKey, { workTimeoutMs }),
      stop,
      async control(method, path, body) {
        const response = await fetch(`${org.ready.url}/__local/${path}`, {
          method,
          ...(body === undefined
            ? {}
            : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
        });
        if (!response.ok) throw new Error(`${path}: ${await response.text()}`);
        return response.status === 204 ? undefined : response.json();
      },
    };
  } catch (error) {
    await stop();
    throw error;
  }
}
