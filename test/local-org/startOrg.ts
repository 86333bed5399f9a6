import jsforce from 'jsforce';
import {
  createLocalOrg,
  type LocalOrgAccess,
  type LocalOrgOptions,
} from '../../local-org/src/createLocalOrg.ts';

/** What a request answered. */
export interface Reply<T = unknown> {
  readonly status: number;
  readonly body: T;
  readonly text: string;
  readonly headers: Headers;
}

/** A running org and three ways to talk to it. */
export interface RunningOrg extends LocalOrgAccess {
  /** A request of the API, below /services/data/v66.0 unless the path begins with /services. */
  api<T = unknown>(
    method: string,
    path: string,
    body?: unknown,
    headers?: Record<string, string>,
  ): Promise<Reply<T>>;
  /** A control request, below /__local. */
  control<T = unknown>(method: string, path: string, body?: unknown): Promise<Reply<T>>;
  soql(
    query: string,
  ): Promise<Reply<{ totalSize: number; done: boolean; records: Record<string, unknown>[] }>>;
  /** The records of a query, without their attributes. */
  select(query: string): Promise<Record<string, unknown>[]>;
  /** jsforce, logged in by client credentials. */
  connect(): Promise<jsforce.Connection>;
  tokenOf(user: 'admin' | 'integration' | 'automation'): Promise<string>;
  stop(): Promise<void>;
}

/** An org with the small schema beside this file, or with the product's own. */
export const sampleSchema = new URL('./schema', import.meta.url).pathname;
export const productSchema = new URL('../../force-app', import.meta.url).pathname;

export async function startOrg(options: Partial<LocalOrgOptions> = {}): Promise<RunningOrg> {
  const org = createLocalOrg({
    schemaDir: sampleSchema,
    startMs: Date.parse('2026-01-05T12:00:00Z'),
    ...options,
  });
  const access = await org.start();

  async function send<T>(
    method: string,
    url: string,
    body: unknown,
    headers: Record<string, string>,
  ): Promise<Reply<T>> {
    const isText = typeof body === 'string';
    const response = await fetch(access.url + url, {
      method,
      headers: { ...(body !== undefined && !isText && { 'content-type': 'application/json' }), ...headers },
      ...(body !== undefined && { body: isText ? body : JSON.stringify(body) }),
      redirect: 'manual',
    });
    const text = await response.text();
    const isJson = (response.headers.get('content-type') ?? '').includes('json');
    return {
      status: response.status,
      text,
      headers: response.headers,
      body: (isJson ? JSON.parse(text) : text) as T,
    };
  }

  const api: RunningOrg['api'] = (method, path, body, headers = {}) =>
    send(method, path.startsWith('/services') ? path : `/services/data/v66.0${path}`, body, {
      authorization: `Bearer ${access.accessToken}`,
      ...headers,
    });
  const soql: RunningOrg['soql'] = (query) => api('GET', `/query?q=${encodeURIComponent(query)}`);

  return {
    ...access,
    api,
    soql,
    control: (method, path, body) => send(method, `/__local${path}`, body, {}),
    select: async (query) => {
      const { body, status, text } = await soql(query);
      if (status !== 200) throw new Error(text);
      return body.records.map(({ attributes: _attributes, ...record }) => record);
    },
    connect: async () => {
      const { clientId, clientSecret, url: loginUrl } = access;
      const connection = new jsforce.Connection({
        oauth2: { clientId, clientSecret, loginUrl },
        version: '66.0',
      });
      await connection.authorize({ grant_type: 'client_credentials' });
      return connection;
    },
    tokenOf: async (user) => {
      const reply = await send<{ accessToken: string }>('POST', '/__local/tokens', { user }, {});
      return reply.body.accessToken;
    },
    stop: () => org.stop(),
  };
}

/** Waits until the condition holds; fails after a few seconds. */
export async function until(isTrue: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 5000;
  while (!(await isTrue())) {
    if (Date.now() > deadline) throw new Error('The condition never came true.');
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
