import { Router } from 'express';
import { reasonRequestSchema, syncSchema } from '../contracts/index.ts';
import { readSchedules, type ReadSchedulesDeps } from '../delivery/readSchedules.ts';
import { setSyncPause } from '../delivery/setSyncPause.ts';
import type { Clock } from '../ports/clock.ts';
import type { ScheduleStore } from '../ports/scheduleStore.ts';
import { apiKeyOf, requireScope } from './authenticate.ts';
import { validate } from './validate.ts';

export interface SchedulesRouterDeps extends ReadSchedulesDeps {
  readonly scheduleStore: ScheduleStore;
  readonly clock: Clock;
}

/**
 * `GET /v1/schedules` shows both syncs as they are in force; `POST /v1/schedules/{A|B}/pause` and `…/resume`, with a
 * reason, answer the sync as it is then.
 */
export function schedulesRouter(deps: SchedulesRouterDeps): Router {
  const router = Router();
  router.get('/', requireScope('read'), async (_request, response) => {
    response.json({ items: await readSchedules(deps) });
  });
  for (const [action, isPaused] of [
    ['pause', true],
    ['resume', false],
  ] as const) {
    router.post(`/:sync/${action}`, requireScope('operate'), async (request, response) => {
      const sync = validate(syncSchema, request.params['sync']);
      const { reason } = validate(reasonRequestSchema, request.body ?? {});
      await setSyncPause(sync, isPaused, { by: apiKeyOf(response).name, reason }, deps);
      response.json((await readSchedules(deps)).find((schedule) => schedule.sync === sync));
    });
  }
  return router;
}
