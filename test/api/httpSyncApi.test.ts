import { once } from 'node:events';
import { createServer as createSecureServer } from 'node:https';
import { createServer, type AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import type { SfError } from '@salesforce/core';
import { generate } from 'selfsigned';
import { createHttpSyncApi } from '../../src/api/httpSyncApi.ts';
import type { SyncApi } from '../../src/api/syncApi.ts';
import {
  cut,
  hangUp,
  html,
  json,
  problem,
  silence,
  startFaultyServer,
  type Answer,
} from './startFaultyServer.ts';

const apiKey = 'secret-key-of-this-test';
const plan = { planId: 'p-1', state: 'ready', guards: [] };
const run = { runId: 'r-1', sync: 'A', state: 'queued', counts: {} };

const servers: Awaited<ReturnType<typeof startFaultyServer>>[] = [];
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.stop()));
});

async function serve(...answers: readonly Answer[]): ReturnType<typeof startFaultyServer> {
  const server = await startFaultyServer(...answers);
  servers.push(server);
  return server;
}

/** A client of a server with these answers; `pauses` are those it made between attempts. */
async function open(...answers: readonly Answer[]): Promise<{
  api: SyncApi;
  received: Awaited<ReturnType<typeof startFaultyServer>>['received'];
  pauses: number[];
}> {
  const started = await serve(...answers);
  const pauses: number[] = [];
  const api = createHttpSyncApi({
    url: `${started.url}/`,
    apiKey,
    timeoutMs: 300,
    pause: (ms) => {
      pauses.push(ms);
      return Promise.resolve();
    },
  });
  return { api, received: started.received, pauses };
}

async function failureOf(work: Promise<unknown>): Promise<SfError> {
  try {
    await work;
  } catch (error) {
    return error as SfError;
  }
  throw new Error('It did not fail.');
}

describe('a request', () => {
  it('carries the key, and ids as one segment of the path', async () => {
    const { api, received } = await open(json(plan));
    await expect(api.readPlan('../runs?x')).resolves.toEqual(plan);
    expect(received).toMatchObject([
      { method: 'GET', path: '/v1/plans/..%2Fruns%3Fx', headers: { authorization: `Bearer ${apiKey}` } },
    ]);
    expect(received[0]?.headers).not.toHaveProperty('idempotency-key');
  });

  it('that creates something has the same Idempotency-Key at every attempt, and another one the next time', async () => {
    const { api, received } = await open(hangUp, json(run));
    const request = { planId: 'p-1', sync: 'A', skipMoved: false } as const;
    await api.startRun(request);
    await api.startRun(request);
    const keys = received.map(({ headers }) => headers['idempotency-key']);
    expect(keys).toHaveLength(3);
    expect(keys[0]).toMatch(/^[\w-]{36}$/);
    expect(keys[1]).toBe(keys[0]);
    expect(keys[2]).not.toBe(keys[0]);
    expect(received.map(({ body }) => JSON.parse(body) as unknown)).toEqual([request, request, request]);
  });
});

describe('what is tried again', () => {
  it.each<[string, Answer, number]>([
    ['a connection that breaks', hangUp, 500],
    ['an answer that breaks off', cut, 500],
    ['no answer in time', silence, 500],
    ['503 with Retry-After', problem(503, 'STORE_UNAVAILABLE', { headers: { 'retry-after': '7' } }), 7_000],
    ['429 with Retry-After', problem(429, 'RATE_LIMITED', { headers: { 'retry-after': '3' } }), 3_000],
    ['a gateway without the middleware behind it', html(502), 500],
  ])('%s', async (_name, fault, pauseMs) => {
    const { api, received, pauses } = await open(fault, json(plan));
    await expect(api.readPlan('p-1')).resolves.toEqual(plan);
    expect(received).toHaveLength(2);
    expect(pauses).toEqual([pauseMs]);
  });

  it('ends after four attempts, each pause twice as long', async () => {
    const { api, received, pauses } = await open(hangUp);
    const error = await failureOf(api.readPlan('p-1'));
    expect(error).toMatchObject({ name: 'UNREACHABLE', exitCode: 69 });
    expect(received).toHaveLength(4);
    expect(pauses).toEqual([500, 1_000, 2_000]);
  });

  it('is not what asks to wait for more than a minute: the caller hears of it', async () => {
    const { api, received } = await open(
      problem(429, 'RATE_LIMITED', { headers: { 'retry-after': '3600' } }),
    );
    expect(await failureOf(api.readPlan('p-1'))).toMatchObject({ name: 'RATE_LIMITED', exitCode: 69 });
    expect(received).toHaveLength(1);
  });
});

describe('what is not tried again, and what it says', () => {
  it.each<[string, Answer, { name: string; exitCode: number; message: RegExp; action: RegExp }]>([
    [
      'a refusal, by its code',
      problem(409, 'PLAN_STALE'),
      { name: 'PLAN_STALE', exitCode: 1, message: /^Detail of PLAN_STALE\.$/, action: /^Action of/ },
    ],
    [
      'a plan that is not there yet',
      problem(409, 'PLAN_MISSING'),
      { name: 'PLAN_MISSING', exitCode: 69, message: /^Detail/, action: /^Action/ },
    ],
    [
      'a failure of Salesforce behind it',
      problem(502, 'SALESFORCE_UNAUTHORIZED'),
      { name: 'SALESFORCE_UNAUTHORIZED', exitCode: 1, message: /^Detail/, action: /^Action/ },
    ],
    [
      'a wrong key',
      problem(401, 'UNAUTHENTICATED'),
      { name: 'UNAUTHENTICATED', exitCode: 1, message: /does not accept the API key/, action: /connect/ },
    ],
    [
      'a login page',
      html(200),
      { name: 'NOT_PROPERTY_SYNC', exitCode: 1, message: /text\/html/, action: /address/ },
    ],
    [
      'a wrong path',
      html(404),
      { name: 'NOT_PROPERTY_SYNC', exitCode: 1, message: /status 404/, action: /address/ },
    ],
    [
      'another API',
      json({ hello: 'world' }),
      { name: 'API_UNKNOWN', exitCode: 1, message: /"planId" is missing/, action: /same version/ },
    ],
    [
      'a list where an object is due',
      json([]),
      { name: 'API_UNKNOWN', exitCode: 1, message: /"planId"/, action: /same version/ },
    ],
    [
      'JSON that is cut though it came whole',
      (_request, response) => void response.end('{"planId":'),
      { name: 'NOT_PROPERTY_SYNC', exitCode: 1, message: /without a type/, action: /address/ },
    ],
  ])('%s', async (_name, answer, expected) => {
    const { api, received } = await open(answer);
    const error = await failureOf(api.readPlan('p-1'));
    expect(error.name).toBe(expected.name);
    expect(error.exitCode).toBe(expected.exitCode);
    expect(error.message).toMatch(expected.message);
    expect(error.actions?.join(' ')).toMatch(expected.action);
    expect(received).toHaveLength(1);
    expect(JSON.stringify([error.message, error.actions, error.data, error.stack])).not.toContain(apiKey);
  });

  it('a redirect is not followed: the key stays here', async () => {
    const elsewhere = await serve(json(plan));
    const { api } = await open((_request, response) => {
      response.writeHead(302, { location: `${elsewhere.url}/login?token=1` }).end();
    });
    const error = await failureOf(api.readPlan('p-1'));
    expect(error).toMatchObject({ name: 'REDIRECTED' });
    expect(error.message).toContain(elsewhere.url);
    expect(error.message).not.toContain('token');
    expect(elsewhere.received).toEqual([]);
  });

  it('names at most ten of the details, and keeps all of them in the data', async () => {
    const errors = Array.from({ length: 12 }, (_, at) => `row ${String(at)}`);
    const { api } = await open(problem(409, 'PLAN_STALE', { errors }));
    const error = await failureOf(api.readPlan('p-1'));
    expect(error.message.split('\n')).toHaveLength(12);
    expect(error.message).toContain('• row 9\n  • and 2 more');
    expect(error.data).toEqual({ status: 409, requestId: 'request-1', errors });
  });

  it('a port where nobody listens', async () => {
    const closed = createServer().listen(0, '127.0.0.1');
    await once(closed, 'listening');
    const { port } = closed.address() as { port: number };
    closed.close();
    await once(closed, 'close');
    const api = createHttpSyncApi({ url: `http://127.0.0.1:${String(port)}`, apiKey, maxAttempts: 1 });
    const error = await failureOf(api.readPlan('p-1'));
    expect(error.message).toContain('ECONNREFUSED');
    expect(error.name).toBe('UNREACHABLE');
    // The CLI takes a TypeError anywhere in an error for a bug of its own.
    expect(error.stack).not.toContain('TypeError');
    expect(error.cause).toBeUndefined();
  });

  it('an answer that takes longer than is waited for', async () => {
    const { api, received } = await open(silence);
    const error = await failureOf(api.readPlan('p-1'));
    expect(error).toMatchObject({ name: 'TIMED_OUT', exitCode: 69 });
    expect(received).toHaveLength(4);
  });
});

describe('a certificate that nobody vouches for', () => {
  it('is named, with what to do, and nothing is sent', async () => {
    const { cert, private: key } = await generate([{ name: 'commonName', value: 'localhost' }]);
    let requests = 0;
    const secure = createSecureServer({ cert, key }, () => (requests += 1)).listen(0, '127.0.0.1');
    await once(secure, 'listening');
    const { port } = secure.address() as AddressInfo;
    const api = createHttpSyncApi({ url: `https://127.0.0.1:${String(port)}`, apiKey });
    const error = await failureOf(api.readPlan('p-1'));
    secure.close();
    expect(error).toMatchObject({ name: 'CERTIFICATE_UNTRUSTED', exitCode: 1 });
    expect(error.actions?.join()).toContain('NODE_EXTRA_CA_CERTS');
    expect(requests).toBe(0);
  });
});

describe('a list', () => {
  const page = (items: number[], nextCursor: string | null): Answer => json({ items, nextCursor });

  it('is read page by page, as far as is asked', async () => {
    const first = Array.from({ length: 200 }, (_, at) => at);
    const { api, received } = await open(page(first, 'c-1'), page([200, 201], null));
    const { items, hasMore } = await api.listRunItems('r-1', { state: 'failed', limit: 500 });
    expect(items).toHaveLength(202);
    expect(hasMore).toBe(false);
    expect(received.map(({ path }) => path)).toEqual([
      '/v1/runs/r-1/items?state=failed&limit=200',
      '/v1/runs/r-1/items?state=failed&limit=200&cursor=c-1',
    ]);
  });

  it('says that there is more than was asked for', async () => {
    const { api, received } = await open(page([1, 2], 'c-1'));
    await expect(api.listPlanItems('p-1', { operation: 'create', limit: 2 })).resolves.toEqual({
      items: [1, 2],
      hasMore: true,
    });
    expect(received.map(({ path }) => path)).toEqual(['/v1/plans/p-1/items?operation=create&limit=2']);
  });
});

describe('an address', () => {
  it.each([
    'https://sync.example.com',
    'https://sync.example.com/base/',
    'http://localhost:8080',
    'http://127.0.0.1:1',
    'http://127.9.9.9:1',
    'http://[::1]:1',
  ])('may be %s', (url) => {
    expect(createHttpSyncApi({ url, apiKey }).url).toBe(url.replace(/\/$/, ''));
  });

  it.each([
    ['http://sync.example.com', 'ADDRESS_INSECURE'],
    ['http://127.0.0.1.example.com', 'ADDRESS_INSECURE'],
    ['http://localhost.example.com', 'ADDRESS_INSECURE'],
    ['http://[::2]', 'ADDRESS_INSECURE'],
    ['ftp://sync.example.com', 'ADDRESS_INVALID'],
    ['sync.example.com', 'ADDRESS_INVALID'],
    ['https://kim:pass@sync.example.com', 'ADDRESS_INVALID'],
    ['https://sync.example.com?key=1', 'ADDRESS_INVALID'],
    ['https://sync.example.com#x', 'ADDRESS_INVALID'],
    ['', 'ADDRESS_INVALID'],
  ])('may not be %j', (url, name) => {
    let thrown: unknown;
    try {
      createHttpSyncApi({ url, apiKey });
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toMatchObject({ name });
    expect(String(thrown)).not.toContain('pass');
  });

  it.each([' ', 'two words', 'line\nbreak', 'schlüssel'])('a key such as %j is refused unsaid', (key) => {
    let thrown: unknown;
    try {
      createHttpSyncApi({ url: 'https://sync.example.com', apiKey: key });
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toMatchObject({ name: 'KEY_INVALID' });
    if (key.trim() !== '') expect(String(thrown)).not.toContain(key);
  });
});
