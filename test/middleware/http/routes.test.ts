import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Express, Router } from 'express';
import request from 'supertest';
import { createApp, keyedRouters, openRouters, type AppDeps } from '../../../middleware/src/app.ts';
import { scopes } from '../../../middleware/src/contracts/index.ts';
import { routes, type Route } from '../../../middleware/src/contracts/routes.ts';
import { openBench, openEngine, type Bench, type Engine } from '../../integration/engine.ts';
import { appDeps, as, newKey } from './apiFixture.ts';
import { conforming } from './conform.ts';

let bench: Bench;
let engine: Engine;
let deps: AppDeps;
let app: Express;

beforeAll(async () => {
  bench = await openBench();
  engine = await openEngine(bench);
  deps = appDeps(bench, engine);
  app = createApp(deps);
});
afterAll(async () => {
  await engine.close();
  await bench.close();
});

const nameOf = ({ method, path }: Pick<Route, 'method' | 'path'>): string => `${method} ${path}`;
const table = routes.map((route) => [nameOf(route), route] as const);
const keyed = table.filter(([, { access }]) => access !== 'open');
/** A path that nothing stands behind, of the right form. */
const pathOf = ({ path }: Route): string =>
  path.replace('{sync}', 'A').replaceAll(/\{\w+\}/g, '01900000-0000-7000-8000-00000000ffff');

/** What an Express router answers, as the table writes it. */
function registered(mount: string, { stack }: Router): string[] {
  return stack.flatMap(({ route }) => {
    if (route === undefined) return [];
    const methods = new Set(route.stack.map(({ method }) => method));
    const path = `${mount}${route.path === '/' ? '' : route.path}`.replaceAll(/:(\w+)/g, '{$1}');
    return [...methods].map((method) => `${method} ${path}`);
  });
}

describe('the table of routes', () => {
  it('names every route that the routers answer, and no other', () => {
    const all = [...openRouters(deps), ...keyedRouters(deps)].flatMap(([path, router]) =>
      registered(path, router),
    );
    const anonymous = (text: string): string => text.replaceAll(/\{\w+\}/g, '{}');
    expect([...all.map(anonymous), 'get /metrics'].sort()).toEqual(
      table.map(([name]) => anonymous(name)).sort(),
    );
  });

  it.each(keyed)('%s is answered to no caller without a key', async (_name, route) => {
    await conforming(app)[route.method](pathOf(route)).expect(401);
  });

  it.each(keyed.filter(([, { access }]) => access !== 'read'))(
    '%s is answered to nobody without its scope',
    async (_name, route) => {
      for (const scope of scopes) {
        if (scope === route.access || scope === 'admin') continue;
        await conforming(app)
          [route.method](pathOf(route))
          .set({ ...as(scope), ...newKey() })
          .send({})
          .expect(403);
      }
    },
  );

  it.each(table)('%s is answered by its own handler, as the table says', async (_name, route) => {
    const sent = conforming(app)
      [route.method](pathOf(route))
      .set(route.access === 'open' ? {} : { ...as(route.access), ...newKey() });
    const response = await (route.body === undefined ? sent : sent.send({}));
    expect([401, 403, 415, 500]).not.toContain(response.status);
    if (response.status === 404) {
      expect((response.body as { detail: string }).detail).not.toMatch(/^There is no (GET|POST|PUT) /);
    }
  });

  it.each(table)('%s refuses a query parameter that it does not know', async (_name, route) => {
    const response = await conforming(app)
      [route.method](`${pathOf(route)}?unheardOf=1`)
      .set(as('admin'))
      .expect(400);
    expect(response.body).toMatchObject({ code: 'REQUEST_INVALID' });
    expect((response.body as { errors: string[] }).errors[0]).toMatch(/^unheardOf: /);
  });

  it.each(table.filter(([, { needsIdempotencyKey }]) => needsIdempotencyKey === true))(
    '%s creates nothing without an Idempotency-Key',
    async (_name, route) => {
      const body =
        route.path === '/v1/runs' ? { planId: '01900000-0000-7000-8000-00000000ffff', sync: 'A' } : {};
      const response = await conforming(app)[route.method](pathOf(route)).set(as('admin')).send(body);
      expect(response.body).toMatchObject({ status: 400, code: 'IDEMPOTENCY_KEY_MISSING' });
    },
  );

  it('has a POST without an Idempotency-Key only where nothing is created', () => {
    const others = routes.filter(
      ({ method, needsIdempotencyKey }) => method === 'post' && needsIdempotencyKey !== true,
    );
    for (const { path, description } of others) {
      expect(path).toMatch(/\/(pause|resume|cancel)$/);
      expect(description).toContain('needs no Idempotency-Key');
    }
  });
});

describe('other methods', () => {
  it('answers HEAD as GET without a body, and OPTIONS with what is allowed', async () => {
    const head = await request(app).head('/v1/runs').set(as('read')).expect(200);
    expect(head.text).toBeUndefined();
    await request(app).head('/healthz').expect(200);
    const options = await request(app).options('/v1/runs').set(as('read')).expect(200);
    expect(options.headers['allow']).toContain('GET');
    await request(app).options('/v1/runs').expect(401);
  });

  it.each(['delete', 'patch'] as const)('knows no %s', async (method) => {
    const response = await request(app)[method]('/v1/runs').set(as('admin')).expect(404);
    expect(response.type).toBe('application/problem+json');
  });
});
