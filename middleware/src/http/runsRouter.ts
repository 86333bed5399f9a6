import { Router } from 'express';
import { uuidv7 } from 'uuidv7';
import { z } from 'zod';
import { startRunRequestSchema } from '../contracts/index.ts';
import { startRun } from '../delivery/startRun.ts';
import { SyncError } from '../errors.ts';
import type { Clock } from '../ports/clock.ts';
import type { RunStore } from '../ports/runStore.ts';
import { apiKeyOf, requireScope } from './authenticate.ts';
import { idempotencyOf } from './idempotency.ts';
import { validate } from './validate.ts';

/** `POST /v1/runs` queues a run of one sync of a plan and answers 202; `GET /v1/runs/{id}` shows it with its counts. */
export function runsRouter(deps: { runStore: RunStore; clock: Clock }): Router {
  const router = Router();
  router.post('/', requireScope('operate'), async (request, response) => {
    const body = validate(startRunRequestSchema, request.body ?? {});
    const actor = apiKeyOf(response).name;
    const { run, isNew } = await startRun(
      body,
      { runId: uuidv7(), actor, trigger: 'api', idempotency: idempotencyOf(request, actor, body) },
      deps,
    );
    response
      .status(isNew ? 202 : 200)
      .location(`/v1/runs/${run.runId}`)
      .json(run);
  });
  router.get('/:runId', requireScope('read'), async (request, response) => {
    const runId = validate(z.uuid(), request.params['runId']);
    const run = await deps.runStore.readRun(runId);
    if (run === undefined) throw new SyncError('NOT_FOUND', `There is no run ${runId}.`);
    response.json(run);
  });
  return router;
}
