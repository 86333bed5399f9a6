import { Router } from 'express';
import { requireScope } from './authenticate.ts';
import type { Metrics } from './metrics.ts';

/** `GET /metrics`: for Prometheus, which sends its key as a bearer token. */
export function metricsRouter(metrics: Metrics): Router {
  const router = Router();
  router.get('/metrics', requireScope('read'), async (_request, response) => {
    const { contentType, text } = await metrics.render();
    response.set('content-type', contentType).send(text);
  });
  return router;
}
