import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import express, { type Express } from 'express';
import { pino } from 'pino';
import request from 'supertest';
import { uuidv7 } from 'uuidv7';
import { appliedViewsSchema, doctorReportSchema } from '../../../middleware/src/contracts/index.ts';
import type { ApiKey, Scope } from '../../../middleware/src/http/apiKeys.ts';
import { doctorRouter } from '../../../middleware/src/http/doctorRouter.ts';
import { problemDetails } from '../../../middleware/src/http/problemDetails.ts';
import { warehouseRouter } from '../../../middleware/src/http/warehouseRouter.ts';
import { checkViews } from '../../../middleware/src/planning/checkViews.ts';
import { defaultSourceNames } from '../../../middleware/src/planning/sourceContract.ts';
import { openBench, openEngine, type Bench, type Engine } from '../../integration/engine.ts';
import { aPlan, aRequest } from '../ports/ledger.ts';

/** Each key is called by the one scope it has: who it belongs to was settled before. */
const key = (scope: Scope) => ({ 'x-api-key': scope });

let bench: Bench;
let engine: Engine;
let app: Express;

beforeAll(async () => {
  bench = await openBench();
  engine = await openEngine(bench);
  const intervalsMs = { A: null, B: null };
  const settings = {
    ...engine.deps.settings,
    sourceNames: defaultSourceNames,
    isKeyUniqueRequired: false,
    intervalsMs,
  };
  app = express()
    .use((incoming, response, next) => {
      const name = incoming.get('x-api-key') as Scope;
      response.locals['apiKey'] = { name, scopes: [name], sha256: '' } satisfies ApiKey;
      next();
    })
    .use('/v1/doctor', doctorRouter({ ...engine.deps, scheduleStore: bench.scheduleStore, settings }))
    .use('/v1/warehouse', warehouseRouter(engine.deps))
    .use(problemDetails(pino({ level: 'silent' })));
});
afterAll(async () => {
  await engine.close();
  await bench.close();
});

describe('GET /v1/doctor', () => {
  it('answers 200 whatever it finds, to a key that may read', async () => {
    const { warehouse, sqlFiles } = engine.deps;
    await warehouse.execute('drop view crm.property_sync.sync_monitoring_dashboard');
    const response = await request(app).get('/v1/doctor').set(key('read')).expect(200);
    const report = doctorReportSchema.parse(response.body);
    expect(report.level).toBe('error');
    expect(report.findings.find(({ check }) => check === 'warehouse.views')).toMatchObject({
      level: 'error',
      details: ['sync_monitoring_dashboard'],
    });
    await expect(checkViews(warehouse, sqlFiles)).rejects.toMatchObject({ code: 'VIEW_CHANGED' });
  });
});

describe('PUT /v1/warehouse/views', () => {
  const put = (scope: Scope) => request(app).put('/v1/warehouse/views').set(key(scope));

  it('is for an admin', async () => {
    await put('operate').expect(403);
  });

  it('makes the views again, says their hashes, and keeps who did it', async () => {
    const { warehouse, sqlFiles } = engine.deps;
    await warehouse.execute(
      'create or replace view crm.property_sync.property_group_features as select 1 as one',
    );
    const response = await put('admin').expect(200);
    const { views, appliedAt } = appliedViewsSchema.parse(response.body);
    expect(views).toEqual(await checkViews(warehouse, sqlFiles));
    expect(await bench.runStore.pendingEvents(10)).toEqual([
      expect.objectContaining({
        kind: 'viewsApplied',
        subject: 'crm.property_sync',
        actor: 'admin',
        at: appliedAt,
      }),
    ]);
  });

  it('refuses while a plan is being built, and while a run goes on', async () => {
    const { runStore } = bench;
    const { plan } = await runStore.createPlan(aPlan({ planId: uuidv7() }), aRequest());
    expect((await put('admin').expect(409)).body).toMatchObject({
      code: 'RUN_CONFLICT',
      detail: `The plan ${plan.planId} is being built from the views.`,
    });
    await runStore.updatePlan(plan.planId, { state: 'failed' });
    const { runId } = await engine.queueRun((await engine.plan()).planId, 'A');
    await put('admin').expect(200);
    await runStore.updateRun(runId, { state: 'running' });
    expect((await put('admin').expect(409)).body).toMatchObject({
      detail: `The run ${runId} is reading the views.`,
    });
  });
});
