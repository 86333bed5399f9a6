import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createApp } from '../../../middleware/src/app.ts';
import { runSchema, type Plan, type Run, type Scope } from '../../../middleware/src/contracts/index.ts';
import { openBench, openEngine, type Bench, type Engine } from '../../integration/engine.ts';
import { appDeps, as, newKey } from './apiFixture.ts';
import { conforming, type Api } from './conform.ts';

let bench: Bench;
let engine: Engine;
let api: Api;
let plan: Plan;

beforeAll(async () => {
  bench = await openBench();
  engine = await openEngine(bench, {
    settings: { ramp: { sizes: { create: [20], update: [20] }, pauseMs: 0 } },
  });
  api = conforming(createApp(appDeps(bench, engine)));
  plan = await engine.plan();
});
afterAll(async () => {
  await engine.close();
  await bench.close();
});

const uuid = '01900000-0000-7000-8000-00000000ffff';
const start = async (): Promise<Run> => {
  const response = await api
    .post('/v1/runs')
    .set({ ...as('operate'), ...newKey() })
    .send({ planId: plan.planId, sync: 'A' })
    .expect(202);
  return runSchema.parse(response.body);
};
const ask = (action: string, runId: string, scope: Scope = 'operate') =>
  api.post(`/v1/runs/${runId}/${action}`).set(as(scope)).send({ reason: 'for a test' });

describe('pause, resume and cancel', () => {
  it('pauses and resumes a run that waits, as often as it is asked, in any case of its id', async () => {
    const { runId } = await start();
    const paused = await ask('pause', runId).expect(200);
    expect(paused.body).toMatchObject({
      state: 'paused',
      pause: { cause: 'asked', by: 'operate', reason: 'for a test' },
    });
    expect((await ask('pause', runId.toUpperCase()).expect(200)).body).toEqual(paused.body);
    expect((await ask('resume', runId).expect(200)).body).toMatchObject({ state: 'queued', pause: null });
    expect((await ask('resume', runId).expect(200)).body).toMatchObject({ state: 'queued' });
    expect((await ask('cancel', runId).expect(200)).body).toMatchObject({ state: 'canceled' });
    for (const action of ['pause', 'resume', 'cancel']) {
      expect((await ask(action, runId).expect(409)).body).toMatchObject({ code: 'RUN_CONFLICT' });
    }
  });

  it('answers 202 while a run that is running has been asked, and shows what was asked', async () => {
    const { runId } = await start();
    await bench.runStore.updateRun(runId, { state: 'running' });
    const asked = await ask('pause', runId).expect(202);
    expect(asked.body).toMatchObject({ state: 'running', stopRequest: { kind: 'pause', by: 'operate' } });
    const sharpened = await ask('cancel', runId).expect(202);
    expect(sharpened.body).toMatchObject({ state: 'running', stopRequest: { kind: 'cancel' } });
    await ask('resume', runId).expect(409);
    await engine.execute(runId);
    const response = await api.get(`/v1/runs/${runId}`).set(as('read')).expect(200);
    expect(response.body).toMatchObject({
      state: 'canceled',
      stopRequest: null,
      counts: { attempted: 0, waiting: 0 },
    });
  });

  it('lets only an approver release a brake', async () => {
    const { runId } = await start();
    const pause = {
      cause: 'brake',
      at: '2026-01-05T12:00:00.000Z',
      by: 'middleware',
      reason: 'Too many.',
    } as const;
    await bench.runStore.updateRun(runId, { state: 'paused', pause });
    const refused = await ask('resume', runId).expect(403);
    expect(refused.body).toMatchObject({ code: 'FORBIDDEN', action: 'Use a key with the scope approve.' });
    expect((await bench.runStore.readRun(runId))?.state).toBe('paused');
    expect((await ask('resume', runId, 'admin').expect(200)).body).toMatchObject({
      state: 'queued',
      brakeBase: { attempted: 0, failed: 0 },
    });
    await ask('cancel', runId).expect(200);
  });

  it.each([
    ['without a reason', {}, 'reason'],
    ['with an empty one', { reason: ' \t ' }, 'reason'],
    ['with more than it takes', { reason: 'for a test', force: true }, 'force'],
  ])('refuses a request %s', async (_title, body, field) => {
    const response = await api.post(`/v1/runs/${uuid}/pause`).set(as('operate')).send(body).expect(400);
    expect(JSON.stringify((response.body as { errors: string[] }).errors)).toContain(field);
  });

  it('answers 404 to an unknown run and 400 to a malformed id', async () => {
    for (const action of ['pause', 'resume', 'cancel']) {
      await ask(action, uuid).expect(404);
      await ask(action, 'nonsense').expect(400);
    }
  });
});

describe('lists', () => {
  /** Every page of a list, walked with a small limit. */
  const walk = async (path: string): Promise<Record<string, unknown>[]> => {
    const items: Record<string, unknown>[] = [];
    let cursor: string | null = null;
    do {
      const more: string = cursor === null ? '' : `&cursor=${cursor}`;
      const response = await api.get(`${path}${more}`).set(as('read')).expect(200);
      const page = response.body as { items: Record<string, unknown>[]; nextCursor: string | null };
      items.push(...page.items);
      cursor = page.nextCursor;
    } while (cursor !== null);
    return items;
  };

  it('walks runs newest first, each once, also by state and sync', async () => {
    const runs = await walk('/v1/runs?limit=1');
    const ids = runs.map(({ runId }) => String(runId));
    expect(ids.length).toBeGreaterThanOrEqual(3);
    expect(ids).toEqual([...new Set(ids)].sort().reverse());
    expect(await walk('/v1/runs?limit=2&state=canceled&sync=A')).toEqual(runs);
    expect(await walk('/v1/runs?state=running')).toEqual([]);
    expect(await walk('/v1/runs?sync=B')).toEqual([]);
  });

  it('walks the items of a run and of its plan in the order of delivery', async () => {
    const [run] = await walk('/v1/runs?limit=1');
    const items = await walk(`/v1/runs/${String(run?.['runId'])}/items?limit=7`);
    expect(items.map(({ ordinal }) => ordinal)).toEqual(items.map((_, index) => index));
    expect(items).toHaveLength(plan.summary?.toCreate ?? 0);
    expect(await walk(`/v1/runs/${String(run?.['runId'])}/items?state=skipped`)).toEqual(items);
    expect(await walk(`/v1/runs/${String(run?.['runId'])}/items?state=failed`)).toEqual([]);

    const all = await walk(`/v1/plans/${plan.planId}/items?limit=50`);
    const creates = await walk(`/v1/plans/${plan.planId}/items?limit=50&operation=create`);
    const updates = await walk(`/v1/plans/${plan.planId}/items?limit=50&operation=update`);
    expect(all).toEqual([...creates, ...updates]);
    expect(creates.map(({ rdsPropertyId }) => rdsPropertyId)).toEqual(
      items.map(({ rdsPropertyId }) => rdsPropertyId),
    );
    expect(updates).toHaveLength(plan.summary?.withChanges ?? 0);
  });

  it('walks plans', async () => {
    await engine.plan();
    const [newest, older] = await walk('/v1/plans?limit=1');
    expect(older).toEqual(JSON.parse(JSON.stringify(await bench.runStore.readPlan(plan.planId))));
    expect(newest?.['planId']).not.toBe(plan.planId);
  });

  it.each([
    ['limit=0', 'limit'],
    ['limit=201', 'limit'],
    ['limit=many', 'limit'],
    ['cursor=nonsense', 'cursor'],
    ['cursor=IjEi', 'cursor'],
    ['state=sleeping', 'state'],
    ['state=queued&state=running', 'state'],
  ])('refuses ?%s by name', async (query, field) => {
    const response = await api.get(`/v1/runs?${query}`).set(as('read')).expect(400);
    expect((response.body as { errors: string[] }).errors[0]).toMatch(new RegExp(`^${field}: `));
  });
});
