import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Express } from 'express';
import request from 'supertest';
import { createApp } from '../../../middleware/src/app.ts';
import { routes } from '../../../middleware/src/contracts/routes.ts';
import { openBench, openEngine, type Bench, type Engine } from '../../integration/engine.ts';
import { appDeps, as, bearer } from './apiFixture.ts';
import { conforming } from './conform.ts';

let bench: Bench;
let engine: Engine;
let app: Express;

beforeAll(async () => {
  bench = await openBench();
  engine = await openEngine(bench);
  app = createApp(appDeps(bench, engine));
});
afterAll(async () => {
  await engine.close();
  await bench.close();
});

const withHealth = (part: 'warehouse' | 'runStore' | 'crm') => {
  const deps = appDeps(bench, engine);
  const health = () => Promise.resolve({ isReady: false, detail: 'a secret detail' });
  const broken = new Proxy(deps[part], {
    get: (target, name) => (name === 'health' ? health : (Reflect.get(target, name) as unknown)),
  });
  return conforming(createApp({ ...deps, [part]: broken }));
};

describe('readiness', () => {
  it('is told to anybody, and nothing more than that', async () => {
    expect((await conforming(app).get('/readyz').expect(200)).body).toEqual({ isReady: true });
    for (const part of ['warehouse', 'runStore'] as const) {
      expect((await withHealth(part).get('/readyz').expect(503)).body).toEqual({ isReady: false });
    }
  });

  it('does not wait for Salesforce', async () => {
    expect((await withHealth('crm').get('/readyz').expect(200)).body).toEqual({ isReady: true });
    await withHealth('crm').get('/v1/health').set(as('read')).expect(503);
  });
});

describe('the OpenAPI document', () => {
  it('names every route with its parameters, its scope and its answers', async () => {
    const response = await conforming(app).get('/openapi.json').expect(200);
    const document = response.body as {
      openapi: string;
      paths: Record<
        string,
        Record<
          string,
          {
            operationId: string;
            security: object[];
            parameters?: { name: string; in: string; required?: boolean }[];
            responses: Record<string, object>;
          }
        >
      >;
      components: { schemas: Record<string, object> };
    };
    expect(document.openapi).toBe('3.1.0');
    expect(Object.keys(document.paths).sort()).toEqual([...new Set(routes.map(({ path }) => path))].sort());
    for (const route of routes) {
      const operation = document.paths[route.path]?.[route.method];
      expect(operation?.operationId).toBe(route.operationId);
      expect(operation?.security).toHaveLength(route.access === 'open' ? 0 : 2);
      const named = (place: string) =>
        (operation?.parameters ?? []).filter((parameter) => parameter.in === place).map(({ name }) => name);
      expect(named('path')).toEqual([...route.path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name));
      expect(named('header')).toEqual(route.needsIdempotencyKey === true ? ['Idempotency-Key'] : []);
      expect(named('query')).toEqual(Object.keys(route.query?.shape ?? {}));
      expect(Object.keys(operation?.responses ?? {})).toEqual(
        expect.arrayContaining(Object.keys(route.answers)),
      );
    }
    expect(Object.keys(document.components.schemas)).toEqual(
      expect.arrayContaining(['Run', 'Problem', 'Property']),
    );
    const text = JSON.stringify(document);
    for (const [, name = ''] of text.matchAll(/"\$ref":"#\/components\/schemas\/(\w+)"/g)) {
      expect(document.components.schemas).toHaveProperty(name);
    }
    const ids = routes.map(({ operationId }) => operationId);
    expect(new Set(ids).size).toBe(ids.length);
  });
});

describe('the page of the document', () => {
  it('loads nothing from elsewhere, everything with its right type, and no script from within', async () => {
    const response = await request(app)
      .get('/docs')
      .redirects(1)
      .expect(200)
      .expect('content-type', /text\/html/);
    const policy = String(response.headers['content-security-policy']);
    expect(policy).toContain("script-src 'self'");
    expect(policy).not.toContain('upgrade-insecure-requests');
    const references = [...response.text.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, path = '']) => path);
    expect(references).toHaveLength(4);
    const types: Record<string, RegExp> = { css: /^text\/css/, js: /^text\/javascript/, png: /^image\/png/ };
    for (const path of references) {
      expect(path).toMatch(/^\/docs\//);
      const asset = await request(app).get(path).expect(200);
      expect(asset.headers['content-type']).toMatch(types[path.split('.').at(-1) ?? ''] ?? /never/);
    }
    expect(response.text).not.toMatch(/<script(?! src)|<style|\son\w+=/);
    const start = await request(app).get('/docs/start.js').expect(200);
    expect(start.text).toContain("url: '/openapi.json'");
    // The page shows nobody the rest of the package.
    await request(app).get('/docs/package.json').expect(401);
  });
});

describe('metrics', () => {
  const scrape = async (target = app) =>
    (await conforming(target).get('/metrics').set(as('read')).expect(200)).text;

  it('are told with a key only', async () => {
    await conforming(app).get('/metrics').expect(401);
    await conforming(app).get('/metrics').set(bearer('wrong')).expect(401);
  });

  it('count requests by the pattern of their route, never by an id or a path', async () => {
    const id = '01900000-0000-7000-8000-00000000ffff';
    const fresh = createApp(appDeps(bench, engine));
    await request(fresh).get(`/v1/runs/${id}`).set(as('read')).expect(404);
    await request(fresh).get(`/v1/runs/${id}`).set(as('read')).expect(404);
    await request(fresh).get(`/nothing/${id}`).set(as('read')).expect(404);
    const text = await scrape(fresh);
    expect(text).toContain(
      'property_sync_http_request_duration_seconds_count{route="/v1/runs/{runId}",method="GET",status="404"} 2',
    );
    expect(text).toContain('duration_seconds_count{route="none",method="any",status="404"} 1');
    expect(text).not.toContain(id);
  });

  it('tell what the store and Salesforce hold when they are asked', async () => {
    const plan = await engine.plan();
    const { runId } = await engine.queueRun(plan.planId, 'A');
    const before = await scrape();
    expect(before).toContain('property_sync_runs{state="queued"} 1');
    expect(before).toContain('property_sync_queued_work{kind="run"} 1');
    expect(before).toContain(
      `property_sync_run_items_24h{state="planned"} ${String(plan.summary?.toCreate)}`,
    );
    await engine.execute(runId);
    const after = await scrape();
    expect(after).toContain('property_sync_runs{state="queued"} 0');
    expect(after).toContain('property_sync_runs{state="succeeded"} 1');
    expect(after).toContain(
      `property_sync_run_items_24h{state="verified"} ${String(plan.summary?.toCreate)}`,
    );
    const { used, limit } = engine.deps.crm.apiUsage() ?? {};
    expect(after).toContain(`property_sync_salesforce_api_calls_used ${String(used)}`);
    expect(after).toContain(`property_sync_salesforce_api_calls_limit ${String(limit)}`);
    expect(after).toContain('property_sync_open_resyncs{state="queued"} 0');
    expect(after).toMatch(/^process_cpu_seconds_total /m);
  });
});

describe('rate limits', () => {
  const limited = (rateLimits: Partial<ReturnType<typeof appDeps>['rateLimits']>, trustedProxyHops = 0) => {
    const deps = appDeps(bench, engine);
    const generous = {
      requestsPerKey: 100,
      resyncsPerUser: 100,
      failuresPerAddress: 100,
      openRequestsPerAddress: 100,
    };
    return conforming(createApp({ ...deps, trustedProxyHops, rateLimits: { ...generous, ...rateLimits } }));
  };

  it('stop one key and no other, and say when to come again', async () => {
    const api = limited({ requestsPerKey: 2 });
    for (let sent = 0; sent < 2; sent += 1) await api.get('/v1/runs').set(as('read')).expect(200);
    const refused = await api.get('/v1/runs').set(as('read')).expect(429);
    expect(refused.body).toMatchObject({ code: 'RATE_LIMITED' });
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
    expect(refused.headers['ratelimit']).toBeDefined();
    await api.get('/v1/runs').set(as('operate')).expect(200);
    await api.get('/healthz').expect(200);
  });

  it('stop one user of a key and no other, and leave what is not asked for by a user', async () => {
    const api = limited({ resyncsPerUser: 2 });
    const unknown = '00000000-0000-4000-8000-00000000dead';
    const resync = (key: string, actingUser?: string) =>
      api
        .post(`/v1/properties/${unknown}/resyncs`)
        .set(as('resync'))
        .set('Idempotency-Key', `resync-${key}`)
        .send({ ...(actingUser !== undefined && { actingUser }) });
    for (const key of ['a-1', 'a-2']) await resync(key, 'Ada Operator').expect(404);
    const refused = await resync('a-3', ' Ada Operator ').expect(429);
    expect(refused.body).toMatchObject({
      code: 'RATE_LIMITED',
      detail: 'A user may send 2 resyncs in a minute.',
    });
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
    await resync('b-1', 'Ben Operator').expect(404);
    for (const key of ['c-1', 'c-2', 'c-3']) await resync(key).expect(404);
  });

  it('stop an address that tries keys out, also when it hits one', async () => {
    const api = limited({ failuresPerAddress: 3 });
    for (let sent = 0; sent < 4; sent += 1) await api.get('/v1/runs').expect(401);
    await api.get('/v1/runs').set(as('read')).expect(200);
    for (let sent = 0; sent < 3; sent += 1)
      await api
        .get('/v1/runs')
        .set(bearer(`guess-${String(sent)}`))
        .expect(401);
    const refused = await api.get('/v1/runs').set(as('read')).expect(429);
    expect(refused.body).toMatchObject({ code: 'RATE_LIMITED' });
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
    await api.get('/healthz').expect(200);
  });

  it('count callers behind a trusted proxy each for themselves', async () => {
    const api = limited({ openRequestsPerAddress: 1 }, 1);
    const from = (forwardedFor: string) => api.get('/healthz').set('X-Forwarded-For', forwardedFor);
    await from('192.0.2.1').expect(200);
    await from('192.0.2.1').expect(429);
    await from('192.0.2.2').expect(200);
    // What stands before the proxy's own entry is the caller's claim.
    await from('192.0.2.9, 192.0.2.2').expect(429);
  });

  it('believe no address that a caller claims without a proxy', async () => {
    const api = limited({ openRequestsPerAddress: 1 });
    await api.get('/healthz').set('X-Forwarded-For', '192.0.2.1').expect(200);
    await api.get('/healthz').set('X-Forwarded-For', '192.0.2.2').expect(429);
  });

  it('stop an address that asks too often for what is open', async () => {
    const api = limited({ openRequestsPerAddress: 2 });
    await api.get('/healthz').expect(200);
    await api.get('/readyz').expect(200);
    await api.get('/openapi.json').expect(429);
    await api.get('/v1/runs').set(as('read')).expect(200);
  });
});
