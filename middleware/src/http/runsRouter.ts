import { Router } from 'express';
import { uuidv7 } from 'uuidv7';
import { z } from 'zod';
import {
  reasonRequestSchema,
  runItemListQuerySchema,
  runItemStates,
  runListQuerySchema,
  startRunRequestSchema,
  type Run,
  type RunItem,
} from '../contracts/index.ts';
import { cancelRun } from '../delivery/cancelRun.ts';
import { pauseRun } from '../delivery/pauseRun.ts';
import { releaseRun } from '../delivery/releaseRun.ts';
import { startRun } from '../delivery/startRun.ts';
import { SyncError } from '../errors.ts';
import type { Clock } from '../ports/clock.ts';
import type { RunStore } from '../ports/runStore.ts';
import { hasScope } from './apiKeys.ts';
import { apiKeyOf, requireScope } from './authenticate.ts';
import { idempotencyOf } from './idempotency.ts';
import { readPage } from './readPage.ts';
import { validate } from './validate.ts';

const ordinalSchema = z.number().int();

/**
 * `POST /v1/runs` queues a run of one sync of a plan and answers 202; `GET /v1/runs`, `GET /v1/runs/{id}` and
 * `GET /v1/runs/{id}/items` show runs with their counts and records. `POST /v1/runs/{id}/pause|resume|cancel` answer the
 * run: 200 when it has changed, 202 while it has been asked to and does so after its batch.
 */
export function runsRouter(deps: { runStore: RunStore; clock: Clock }): Router {
  const { runStore } = deps;
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
  router.get('/', requireScope('read'), async (request, response) => {
    const { state, sync, ...page } = validate(runListQuerySchema, request.query);
    response.json(
      await readPage(
        page,
        z.uuid(),
        ({ runId }: Run) => runId,
        (limit, afterId) =>
          runStore.listRuns({
            limit,
            ...(afterId === undefined ? {} : { afterId }),
            ...(state === undefined ? {} : { states: [state] }),
            ...(sync === undefined ? {} : { sync }),
          }),
      ),
    );
  });
  router.get('/:runId', requireScope('read'), async (request, response) => {
    response.json(await findRun(request.params['runId'], runStore));
  });
  router.get('/:runId/items', requireScope('read'), async (request, response) => {
    const { state, ...page } = validate(runItemListQuerySchema, request.query);
    const { runId } = await findRun(request.params['runId'], runStore);
    const states = state === undefined ? runItemStates : [state];
    response.json(
      await readPage(
        page,
        ordinalSchema,
        ({ ordinal }: RunItem) => ordinal,
        (limit, afterOrdinal) =>
          runStore.readItems(runId, {
            states,
            limit,
            ...(afterOrdinal === undefined ? {} : { afterOrdinal }),
          }),
      ),
    );
  });
  const controls = { pause: pauseRun, resume: releaseRun, cancel: cancelRun } as const;
  for (const [path, control] of Object.entries(controls)) {
    router.post(`/:runId/${path}`, requireScope('operate'), async (request, response) => {
      const runId = validate(z.uuid(), request.params['runId']).toLowerCase();
      const { reason } = validate(reasonRequestSchema, request.body ?? {});
      const key = apiKeyOf(response);
      const asker = { by: key.name, reason, mayReleaseBrake: hasScope(key, 'approve') };
      const run = await control(runId, asker, deps);
      response.status(run.stopRequest === null ? 200 : 202).json(run);
    });
  }
  return router;
}

async function findRun(text: unknown, runStore: RunStore): Promise<Run> {
  const runId = validate(z.uuid(), text);
  const run = await runStore.readRun(runId);
  if (run === undefined) throw new SyncError('NOT_FOUND', `There is no run ${runId}.`);
  return run;
}
