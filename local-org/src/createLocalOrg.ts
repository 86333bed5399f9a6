import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { AutomationSettings } from './automation/automationSettings.ts';
import { createAutomation } from './automation/createAutomation.ts';
import { createAppPolicy } from './auth/createAppPolicy.ts';
import { createSessions, randomCredentials, type Credentials } from './auth/createSessions.ts';
import { ORG_ID, USERS } from './auth/users.ts';
import { createBulkJobs } from './bulk/createBulkJobs.ts';
import { createClock } from './clock.ts';
import { createSecrets } from './connect/createSecrets.ts';
import { createWriteHistory } from './dml/writeHistory.ts';
import { createEventBus } from './events/createEventBus.ts';
import { createFaultRules } from './faults/createFaultRules.ts';
import { createApp } from './http/createApp.ts';
import { createUsage } from './http/createUsage.ts';
import { createCatalog } from './metadata/createCatalog.ts';
import { loadSource, type FieldOverlays } from './metadata/loadSource.ts';
import { createMetadata } from './metadata/createMetadata.ts';
import { objectSchemas } from './metadata/objectSchemas.ts';
import type { Org } from './org.ts';
import { createQueryCursors } from './rest/createQueryCursors.ts';
import { loadSeed } from './store/loadSeed.ts';
import { standardObjects } from './store/standardObjects.ts';
import { standardRows } from './store/standardRows.ts';
import { createStore } from './store/store.ts';

/** How an org starts. */
export interface LocalOrgOptions {
  /** Folder of SFDX source with the custom objects; null for an org that has none yet. */
  readonly schemaDir: string | null;
  /** Folder with `<Object>.csv`; without it the org is empty. */
  readonly seedDir?: string | undefined;
  /** Port on 127.0.0.1; 0, the default, takes a free one. */
  readonly port?: number;
  /** Where the org's clock starts, in ms since 1970; default the real time. */
  readonly startMs?: number | undefined;
  /** What this org decides about fields against the source, by `Object.Field`. */
  readonly fieldOverlays?: FieldOverlays;
  /** Random when left out. */
  readonly credentials?: Credentials;
  readonly automation?: AutomationSettings;
}

/** Where a started org is and how to log in. */
export interface LocalOrgAccess extends Credentials {
  readonly url: string;
  readonly accessToken: string;
  readonly username: string;
  readonly orgId: string;
}

/** A Salesforce-compatible org on localhost. */
export interface LocalOrg {
  /** Reads schema and seed, listens, and answers once requests are taken. */
  start(): Promise<LocalOrgAccess>;
  /** Stops listening and drops open connections. */
  stop(): Promise<void>;
}

/** Longer than clients keep an idle connection, so that none of them meets one that was just closed. */
const KEEP_ALIVE_MS = 120_000;

/** Headers and the longest URI that Salesforce takes must fit: 16 KB each. */
const MAX_HEADER_BYTES = 64 * 1024;

export function createLocalOrg(options: LocalOrgOptions): LocalOrg {
  let server: Server | undefined;
  let org: Org | undefined;
  return {
    start: async () => {
      org = assembleOrg(options);
      const app = createApp(org);
      server = createServer(
        { maxHeaderSize: MAX_HEADER_BYTES, keepAliveTimeout: KEEP_ALIVE_MS },
        (request, response) => {
          // Clients whose instance URL ends in a slash ask for //services, which would read as a host name.
          request.url = (request.url ?? '/').replace(/^\/+/, '/');
          app(request, response);
        },
      );
      const listening = server;
      await new Promise<void>((resolve, reject) => {
        listening.once('error', reject).listen(options.port ?? 0, '127.0.0.1', resolve);
      });
      const { port } = listening.address() as AddressInfo;
      return {
        url: `http://127.0.0.1:${port}`,
        accessToken: org.sessions.issue('integration'),
        username: USERS.integration.username,
        orgId: ORG_ID,
        ...org.sessions.credentials,
      };
    },
    stop: async () => {
      org?.automation.stop();
      const listening = server;
      if (!listening?.listening) return;
      await new Promise<void>((resolve) => {
        listening.close(() => resolve());
        listening.closeAllConnections();
      });
    },
  };
}

function assembleOrg(options: LocalOrgOptions): Org {
  const components = options.schemaDir === null ? [] : loadSource(options.schemaDir, options.fieldOverlays);
  const custom = objectSchemas(components);
  const standard = standardObjects();
  const clock = createClock(options.startMs);
  const seed = options.seedDir === undefined ? new Map() : loadSeed(options.seedDir, custom.objects);
  const store = createStore([...custom.objects, ...standard], new Map([...standardRows(standard), ...seed]));
  const automation = createAutomation({ store, clock, userId: USERS.automation.id }, options.automation);
  const trigger = createWriteHistory(automation, clock);
  const bulkJobs = createBulkJobs({ store, clock, trigger });
  const events = createEventBus(custom.events, clock);
  const queryCursors = createQueryCursors();
  const catalog = createCatalog(components, clock.nowMs());
  return {
    store,
    clock,
    automation,
    trigger,
    bulkJobs,
    metadata: createMetadata({ catalog, store, events, queryCursors, clock, standard }),
    secrets: createSecrets(),
    events,
    sessions: createSessions(options.credentials ?? randomCredentials()),
    app: createAppPolicy(),
    usage: createUsage(),
    faults: createFaultRules(),
    queryCursors,
  };
}
