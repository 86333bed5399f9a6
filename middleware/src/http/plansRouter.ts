import { Router } from 'express';
import { uuidv7 } from 'uuidv7';
import { z } from 'zod';
import {
  createPlanRequestSchema,
  operationSchema,
  pageQuerySchema,
  planItemListQuerySchema,
  type Plan,
} from '../contracts/index.ts';
import { SyncError } from '../errors.ts';
import { newPlan } from '../planning/newPlan.ts';
import type { Clock } from '../ports/clock.ts';
import type { PlanItem, RunStore } from '../ports/runStore.ts';
import { apiKeyOf, requireScope } from './authenticate.ts';
import { idempotencyOf } from './idempotency.ts';
import { readPage } from './readPage.ts';
import { validate } from './validate.ts';

/**
 * `POST /v1/plans` queues a plan and answers 202; `GET /v1/plans/{id}` shows it while it is built and afterwards,
 * `GET /v1/plans/{id}/items` what it would write, `GET /v1/plans` all plans of all properties, newest first.
 */
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
  router.get('/', requireScope('read'), async (request, response) => {
    response.json(
      await readPage(
        validate(pageQuerySchema, request.query),
        z.uuid(),
        ({ planId }: Plan) => planId,
        (limit, afterId) => runStore.listPlans({ limit, ...(afterId === undefined ? {} : { afterId }) }),
      ),
    );
  });
  router.get('/:planId', requireScope('read'), async (request, response) => {
    response.json(await findPlan(request.params['planId'], runStore));
  });
  router.get('/:planId/items', requireScope('read'), async (request, response) => {
    const { operation, ...page } = validate(planItemListQuerySchema, request.query);
    const { planId } = await findPlan(request.params['planId'], runStore);
    response.json(
      await readPage(
        page,
        placeSchema,
        (item: PlanItem) => ({ operation: item.operation, ordinal: item.ordinal }),
        (limit, after) =>
          runStore.listPlanItems(planId, {
            limit,
            ...(after === undefined ? {} : { after }),
            ...(operation === undefined ? {} : { operation }),
          }),
      ),
    );
  });
  return router;
}

const placeSchema = z.object({ operation: operationSchema, ordinal: z.number().int() });

async function findPlan(text: unknown, runStore: RunStore): Promise<Plan> {
  const planId = validate(z.uuid(), text);
  const plan = await runStore.readPlan(planId);
  if (plan === undefined) throw new SyncError('NOT_FOUND', `There is no plan ${planId}.`);
  return plan;
}
