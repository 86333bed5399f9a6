import { Router } from 'express';
import { uuidv7 } from 'uuidv7';
import { z } from 'zod';
import { createPlanRequestSchema } from '../contracts/index.ts';
import { SyncError } from '../errors.ts';
import { newPlan } from '../planning/newPlan.ts';
import type { Clock } from '../ports/clock.ts';
import type { RunStore } from '../ports/runStore.ts';
import { apiKeyOf, requireScope } from './authenticate.ts';
import { idempotencyOf } from './idempotency.ts';
import { validate } from './validate.ts';

/** `POST /v1/plans` queues a plan and answers 202; `GET /v1/plans/{id}` shows it while it is built and afterwards. */
export function plansRouter({ runStore, clock }: { runStore: RunStore; clock: Clock }): Router {
  const router = Router();
  router.post('/', requireScope('operate'), async (request, response) => {
    const body = validate(createPlanRequestSchema, request.body ?? {});
    const idempotency = idempotencyOf(request, apiKeyOf(response).name, body);
    const { plan, isNew } = await runStore.createPlan(
      newPlan(uuidv7(), { isAttended: body.isAttended, now: clock.now() }),
      idempotency,
    );
    response
      .status(isNew ? 202 : 200)
      .location(`/v1/plans/${plan.planId}`)
      .json(plan);
  });
  router.get('/:planId', requireScope('read'), async (request, response) => {
    const planId = validate(z.uuid(), request.params['planId']);
    const plan = await runStore.readPlan(planId);
    if (plan === undefined) throw new SyncError('NOT_FOUND', `There is no plan ${planId}.`);
    response.json(plan);
  });
  return router;
}
