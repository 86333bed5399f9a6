import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createApp } from '../../../middleware/src/app.ts';
import {
  healthSchema,
  planSchema,
  problemSchema,
  runSchema,
} from '../../../middleware/src/contracts/index.ts';
import { openBench, openEngine, type Bench, type Engine } from '../../integration/engine.ts';
import { appDeps, as, bearer, hash, keyOf, newKey, type ErrorLog } from './apiFixture.ts';
import { conforming, type Api } from './conform.ts';

let bench: Bench;
let engine: Engine;
let api: Api;
let errorLog: ErrorLog;

beforeAll(async () => {
  bench = await openBench();
  engine = await openEngine(bench);
  const deps = appDeps(bench, engine);
  errorLog = deps.errorLog;
  api = conforming(createApp(deps));
});
afterAll(async () => {
  await engine.close();
  await bench.close();
});

const uuid = '01900000-0000-7000-8000-00000000ffff';

describe('authentication', () => {
  it('answers /healthz to anybody, and says nothing but that the process lives', async () => {
    const response = await api.get('/healthz').expect(200);
    expect(response.body).toEqual({ isAlive: true });
  });

  it.each([
    ['no key', {}],
    ['a wrong key', bearer('wrong')],
    ['the hash of a key', bearer(hash(keyOf('operate')))],
    ['another scheme', { authorization: `Basic ${keyOf('operate')}` }],
  ])('refuses a request with %s', async (_title, headers) => {
    for (const path of ['/v1/health', `/v1/plans/${uuid}`, '/v1/nothing']) {
      const response = await api.get(path).set(headers).expect(401);
      expect(problemSchema.parse(response.body)).toMatchObject({ code: 'UNAUTHENTICATED', status: 401 });
      expect(response.headers['www-authenticate']).toBe('Bearer');
    }
  });

  it('takes the key from either header', async () => {
    await api.get('/v1/health').set(as('read')).expect(200);
    await api.get('/v1/health').set('x-api-key', keyOf('read')).expect(200);
  });

  it('lets a key without the scope read, but not create', async () => {
    for (const path of ['/v1/plans', '/v1/runs']) {
      const response = await api
        .post(path)
        .set({ ...as('read'), ...newKey() })
        .send({})
        .expect(403);
      expect(response.body).toMatchObject({ code: 'FORBIDDEN' });
    }
    await api.get(`/v1/plans/${uuid}`).set(as('read')).expect(404);
  });
});

describe('bad requests', () => {
  it.each([
    ['/v1/plans', '{"isAttended": "yes"}', 'isAttended'],
    ['/v1/plans', '{"isAttended": true, "limit": 10}', 'limit'],
    ['/v1/plans', '[]', ''],
    ['/v1/plans', '{"isAttended":', ''],
    ['/v1/runs', '{}', 'planId'],
    ['/v1/runs', `{"planId": "${uuid}", "sync": "C"}`, 'sync'],
    ['/v1/runs', '{"planId": "1; drop table plan", "sync": "A"}', 'planId'],
  ])('POST %s %s answers 400 and names the field', async (path, body, field) => {
    const response = await api
      .post(path)
      .set({ ...as('operate'), ...newKey(), 'content-type': 'application/json' })
      .send(body)
      .expect(400)
      .expect('content-type', /application\/problem\+json/);
    expect(response.body).toMatchObject({ code: 'REQUEST_INVALID' });
    expect(JSON.stringify((response.body as { errors: string[] }).errors)).toContain(field);
  });

  it('answers 400 to a malformed id, 404 to an unknown one and to an unknown path', async () => {
    for (const kind of ['plans', 'runs']) {
      await api.get(`/v1/${kind}/nonsense`).set(as('read')).expect(400);
      const response = await api.get(`/v1/${kind}/${uuid}`).set(as('read')).expect(404);
      expect(response.body).toMatchObject({ code: 'NOT_FOUND', instance: `/v1/${kind}/${uuid}` });
    }
    await api.get('/v1/nothing').set(as('read')).expect(404);
  });

  it.each([
    ['no known type', undefined],
    ['plain text', 'text/plain'],
    ['a form, which is what curl -d sends', 'application/x-www-form-urlencoded'],
  ])('refuses a body of %s and creates nothing', async (_title, contentType) => {
    for (const [path, body] of [
      ['/v1/plans', '{"isAttended": false}'],
      ['/v1/runs', `{"planId": "${uuid}", "sync": "A"}`],
    ] as const) {
      const post = api.post(path).set({ ...as('operate'), ...newKey() });
      if (contentType === undefined) post.serialize(String).unset('content-type');
      else post.set('content-type', contentType);
      const response = await post.send(body).expect(415);
      expect(problemSchema.parse(response.body)).toMatchObject({ code: 'MEDIA_TYPE_UNSUPPORTED' });
    }
  });

  it('takes JSON with a charset, and a request without a body whatever its type', async () => {
    const headers = as('operate');
    const withCharset = await api
      .post('/v1/plans')
      .set({ ...headers, ...newKey(), 'content-type': 'application/json; charset=utf-8' })
      .send('{"isAttended": false}')
      .expect(202);
    expect(withCharset.body).toMatchObject({ isAttended: false });
    await api
      .post('/v1/plans')
      .set({ ...headers, ...newKey(), 'content-length': '0' })
      .expect(202);
  });

  it.each([
    ['GET', '/v1/plans/%', {}],
    ['GET', '/v1/runs/%E0%A4%A', {}],
    ['POST', '/v1/plans', { 'content-type': 'application/json', 'content-encoding': 'unheard-of' }],
    ['POST', '/v1/plans', { 'content-type': 'application/json; charset=unheard-of' }],
  ] as const)(
    '%s %s that cannot be read answers 400 and is no error of ours',
    async (method, path, headers) => {
      errorLog.lines.length = 0;
      const sent = api[method === 'GET' ? 'get' : 'post'](path).set({
        ...as('operate'),
        ...newKey(),
        ...headers,
      });
      const response = await (method === 'GET' ? sent : sent.send('{}')).expect(400);
      expect(problemSchema.parse(response.body)).toMatchObject({ code: 'REQUEST_INVALID', instance: path });
      expect(errorLog.lines).toEqual([]);
    },
  );

  it('refuses a body above the limit', async () => {
    const body = JSON.stringify({ isAttended: true, padding: 'x'.repeat(70_000) });
    const response = await api
      .post('/v1/plans')
      .set({ ...as('operate'), ...newKey(), 'content-type': 'application/json' })
      .send(body);
    expect(response.status).toBe(400);
    expect(response.body).toMatchObject({
      code: 'REQUEST_INVALID',
      detail: 'The request body is too large.',
    });
  });

  it('hands a sane request id back and replaces any other', async () => {
    const sane = await api.get('/healthz').set('x-request-id', 'abc-123');
    expect(sane.headers['x-request-id']).toBe('abc-123');
    const other = await api.get('/healthz').set('x-request-id', 'a b<c>');
    expect(other.headers['x-request-id']).toMatch(/^[0-9a-f-]{36}$/);
  });
});

describe('plans and runs', () => {
  it('needs an Idempotency-Key, remembers it, and refuses it for another body', async () => {
    const missing = await api.post('/v1/plans').set(as('operate')).send({}).expect(400);
    expect(missing.body).toMatchObject({ code: 'IDEMPOTENCY_KEY_MISSING' });

    const headers = { ...as('operate'), 'idempotency-key': 'the-same-key' };
    const first = await api.post('/v1/plans').set(headers).send({}).expect(202);
    const plan = planSchema.parse(first.body);
    expect(plan.state).toBe('building');
    expect(first.headers['location']).toBe(`/v1/plans/${plan.planId}`);
    const second = await api.post('/v1/plans').set(headers).send({ isAttended: true }).expect(200);
    expect(planSchema.parse(second.body).planId).toBe(plan.planId);
    const other = await api.post('/v1/plans').set(headers).send({ isAttended: false }).expect(422);
    expect(other.body).toMatchObject({ code: 'IDEMPOTENCY_KEY_REUSED' });

    const tooEarly = await api
      .post('/v1/runs')
      .set({ ...as('operate'), ...newKey() })
      .send({ planId: plan.planId, sync: 'A' })
      .expect(409);
    expect(tooEarly.body).toMatchObject({ code: 'PLAN_NOT_READY' });
  });

  it('shows no dashboard while the first plan is being built', async () => {
    const response = await api.get('/v1/health').set(as('read')).expect(200);
    expect(healthSchema.parse(response.body)).toMatchObject({ dashboard: null, latestPlanId: null });
  });

  it('starts a run of a ready plan once, and shows it with its counts', async () => {
    const plan = await engine.plan();
    const body = { planId: plan.planId, sync: 'A' };
    const accepted = await api
      .post('/v1/runs')
      .set({ ...as('operate'), ...newKey() })
      .send(body)
      .expect(202);
    const run = runSchema.parse(accepted.body);
    expect(run).toMatchObject({ state: 'queued', actor: 'operate', kind: 'create' });

    const conflict = await api
      .post('/v1/runs')
      .set({ ...as('operate'), ...newKey() })
      .send(body)
      .expect(409);
    expect(conflict.body).toMatchObject({ code: 'RUN_CONFLICT' });

    const shown = await api.get(`/v1/runs/${run.runId}`).set(as('read')).expect(200);
    expect(runSchema.parse(shown.body).counts).toMatchObject({
      planned: plan.summary?.toCreate,
      attempted: 0,
      waiting: plan.summary?.toCreate,
    });
    await bench.runStore.endRun(run.runId, { state: 'canceled' });
  });

  it('shows the health of every part and the dashboard of the last plan, without a secret', async () => {
    const response = await api.get('/v1/health').set(as('read')).expect(200);
    const health = healthSchema.parse(response.body);
    expect(health).toMatchObject({
      isReady: true,
      warehouse: { isReady: true },
      salesforce: { isReady: true },
      store: { isReady: true },
    });
    expect(health.dashboard?.map(({ stage }) => stage)).toContain('Properties to Create');
    const text = JSON.stringify(response.body);
    for (const secret of [
      engine.access.clientSecret,
      engine.access.accessToken,
      keyOf('operate'),
      hash(keyOf('operate')),
    ]) {
      expect(text).not.toContain(secret);
    }
  });

  it('answers health with 503 when Salesforce does not answer', async () => {
    await engine.control('PUT', 'faults', { rules: [{ match: { path: '/limits' }, kind: 'apiLimit' }] });
    const response = await api.get('/v1/health').set(as('read')).expect(503);
    expect(response.body).toMatchObject({
      isReady: false,
      salesforce: { isReady: false },
      warehouse: { isReady: true },
    });
    await engine.control('DELETE', 'faults');
  });
});
