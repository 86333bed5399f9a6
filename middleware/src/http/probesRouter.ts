import { Router } from 'express';
import type { RunStore } from '../ports/runStore.ts';
import type { Warehouse } from '../ports/warehouse.ts';

export interface ProbeDeps {
  readonly runStore: Pick<RunStore, 'health'>;
  readonly warehouse: Pick<Warehouse, 'health'>;
}

/**
 * What an orchestrator asks without a key. `/healthz`: the process lives. `/readyz`: it can take requests, or 503; no
 * details. Salesforce does not count: restarting or unplugging this process would not bring it back, and what is
 * queued waits for it.
 */
export function probesRouter({ runStore, warehouse }: ProbeDeps): Router {
  const router = Router();
  router.get('/healthz', (_request, response) => {
    response.json({ isAlive: true });
  });
  router.get('/readyz', async (_request, response) => {
    const healths = await Promise.all([runStore.health(), warehouse.health()]);
    const isReady = healths.every((health) => health.isReady);
    response.status(isReady ? 200 : 503).json({ isReady });
  });
  return router;
}
