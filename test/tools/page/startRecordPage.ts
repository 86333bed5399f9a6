import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { januaryNow, leastProperties } from '../../../scripts/baseline/january.ts';
import { writeBaseline } from '../../../scripts/baseline/writeBaseline.ts';
import { copyEmptyStore } from '../../../scripts/demo/copyEmptyStore.ts';
import { OrgClient, type LocalOrg } from '../../../scripts/demo/orgClient.ts';
import { startProgram, type Program } from '../../../scripts/demo/startProgram.ts';
import { SyncApi } from '../../../scripts/demo/syncApi.ts';
import type { PageBundle } from '../../../scripts/page/buildPage.ts';
import { createPageApp } from '../../../scripts/page/createPageApp.ts';
import { OrgAsUser } from '../../../scripts/page/orgAsUser.ts';
import { serveOnLoopback, type LoopbackServer } from '../../../scripts/serveOnLoopback.ts';

/** What stands between page and middleware does with a request of Apex. */
export type Trouble =
  | { readonly kind: 'none' }
  | { readonly kind: 'unreachable' }
  | { readonly kind: 'silent' }
  | {
      readonly kind: 'answer';
      readonly status: number;
      readonly body: string;
      readonly headers?: Readonly<Record<string, string>>;
      /** Only requests of this method and path; the others are passed on. */
      readonly on?: RegExp;
    };

/** The record page with all that it shows, on a small January. */
export interface RecordPage {
  readonly url: string;
  readonly api: SyncApi;
  readonly org: OrgClient;
  readonly orgUrl: string;
  /** Publishes an event of a group that nobody looks at: a connect that is held is answered. */
  stirEvents(): Promise<void>;
  /** Keys and tokens that no browser may see. */
  readonly secrets: readonly string[];
  /** Requests of Apex that reached the middleware or what stands before it, as `GET /v1/…`. */
  readonly requests: string[];
  meet(trouble: Trouble): void;
  /** Kills the middleware as a machine that fails would. */
  killMiddleware(): Promise<void>;
  /** Starts it again at the same address, with what it had stored; leaves one that runs as it is. */
  startMiddleware(): Promise<void>;
  stop(): Promise<void>;
}

const newKey = (): string => randomBytes(24).toString('base64url');
const hashOf = (key: string): string => createHash('sha256').update(key).digest('hex');

/** Starts org and middleware as processes of their own, compares once, and writes nothing. */
export async function startRecordPage(bundle: Promise<PageBundle>): Promise<RecordPage> {
  const directory = await mkdtemp(join(tmpdir(), 'property-sync-page-'));
  const source = join(directory, 'baseline');
  await writeBaseline({ outDir: source, properties: leastProperties });
  const org = await startProgram<LocalOrg>('local-org', 'local-org/src/main.ts', {
    programArguments: [
      ...['--port', '0', '--seed-dir', source, '--now', januaryNow],
      ...['--key-unique', 'false', '--link-delay-ms', '200'],
    ],
  });
  const [adminKey, pageKey] = [newKey(), newKey()];
  const dataDirectory = join(directory, 'data');
  await copyEmptyStore(join(dataDirectory, 'store'));
  let port = 0;
  let middleware: Program<{ url: string }> | undefined;
  const startMiddleware = async (): Promise<void> => {
    middleware ??= await startProgram<{ url: string }>('The middleware', 'middleware/src/server.ts', {
      environment: {
        ...{
          HOST: '127.0.0.1',
          PORT: String(port),
          LOG_LEVEL: 'warn',
          DATA_DIR: dataDirectory,
          DATABASE_URL: '',
        },
        PROPERTY_SYNC_API_KEYS: `test:admin:${hashOf(adminKey)},salesforce:read+resync:${hashOf(pageKey)}`,
        PROPERTY_SYNC_SETTINGS: 'scripts/demo/settings.yaml',
        SALESFORCE_LOGIN_URL: org.ready.url,
        SALESFORCE_CLIENT_ID: org.ready.clientId,
        SALESFORCE_CLIENT_SECRET: org.ready.clientSecret,
        SALESFORCE_POLL_INTERVAL_MS: '250',
        WAREHOUSE: 'duckdb',
        WAREHOUSE_SOURCE_DIR: source,
        BUSINESS_CLOCK_START: januaryNow,
      },
    });
    port = Number(new URL(middleware.ready.url).port);
  };
  await startMiddleware();
  const middlewareUrl = `http://127.0.0.1:${String(port)}`;
  const api = new SyncApi(middlewareUrl, adminKey);
  await api.buildPlan(() => undefined);

  const requests: string[] = [];
  let trouble: Trouble = { kind: 'none' };
  const way = await startWay(middlewareUrl, requests, () => trouble);
  const page = await serveOnLoopback(
    createPageApp({
      org: new OrgAsUser(org.ready.url),
      // A silent middleware is given up soon: what is looked at is what follows.
      middleware: { url: way.url, apiKey: pageKey, timeoutMs: 2_000 },
      bundle: await bundle,
      compare: async () => {
        await api.buildPlan(() => undefined);
      },
    }),
  );
  return {
    url: page.url,
    api,
    org: new OrgClient(org.ready),
    orgUrl: org.ready.url,
    stirEvents: async () => {
      const { url, accessToken } = org.ready;
      await fetch(`${url}/services/data/v66.0/sobjects/Property_Sync__e`, {
        method: 'POST',
        headers: { authorization: `Bearer ${accessToken}`, 'content-type': 'application/json' },
        body: JSON.stringify({
          ...{ Group_Key__c: 'a01ZZ000009NobodYA', Resync_ID__c: 'none', State__c: 'running' },
          Occurred_At__c: januaryNow,
        }),
      });
    },
    secrets: [adminKey, pageKey, org.ready.accessToken, org.ready.clientSecret],
    requests,
    meet: (next) => {
      trouble = next;
    },
    killMiddleware: async () => {
      await middleware?.kill();
      middleware = undefined;
    },
    startMiddleware,
    stop: async () => {
      await Promise.all([page.stop(), way.stop(), middleware?.stop(), org.stop()]);
      await rm(directory, { recursive: true, force: true });
    },
  };
}

/** The way from Salesforce to the middleware, on which things go wrong. */
function startWay(target: string, requests: string[], trouble: () => Trouble): Promise<LoopbackServer> {
  return serveOnLoopback((request, response) => {
    const asked = `${request.method ?? ''} ${request.url ?? ''}`;
    requests.push(asked);
    const met = trouble();
    const isMet = met.kind !== 'answer' || met.on === undefined || met.on.test(asked);
    if (met.kind === 'none' || !isMet) void passOn(target, request, response);
    else if (met.kind === 'unreachable') request.socket.destroy();
    else if (met.kind === 'answer')
      response
        .writeHead(met.status, { 'content-type': 'application/problem+json', ...met.headers })
        .end(met.body);
    // Silent: the request is taken, and no answer comes.
  });
}

async function passOn(target: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const headers = Object.entries(request.headers).flatMap(([name, value]): [string, string][] =>
    typeof value === 'string' && !['host', 'connection', 'content-length'].includes(name)
      ? [[name, value]]
      : [],
  );
  try {
    const answer = await fetch(target + (request.url ?? ''), {
      method: request.method ?? 'GET',
      headers,
      ...(chunks.length > 0 && { body: Buffer.concat(chunks) }),
    });
    response.writeHead(answer.status, {
      'content-type': answer.headers.get('content-type') ?? '',
      ...(answer.headers.has('retry-after') && { 'retry-after': answer.headers.get('retry-after') ?? '' }),
    });
    response.end(await answer.text());
  } catch {
    request.socket.destroy();
  }
}
