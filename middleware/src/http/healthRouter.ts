import { Router } from 'express';
import { readHealth, type HealthDeps } from '../health/readHealth.ts';
import { requireScope } from './authenticate.ts';

/** `GET /v1/health`: the state of each part, 503 while one is not ready, and the dashboard of the last plan. */
export function healthRouter(deps: HealthDeps): Router {
  const router = Router();
  router.get('/', requireScope('read'), async (_request, response) => {
    const health = await readHealth(deps);
    response.status(health.isReady ? 200 : 503).json(health);
  });
  return router;
}
