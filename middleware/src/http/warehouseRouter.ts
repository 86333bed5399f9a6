import { Router } from 'express';
import { uuidv7 } from 'uuidv7';
import type { AppliedViews } from '../contracts/index.ts';
import { SyncError } from '../errors.ts';
import { applyViews } from '../planning/applyViews.ts';
import { checkViews } from '../planning/checkViews.ts';
import type { SqlFiles } from '../planning/sqlFiles.ts';
import type { Clock } from '../ports/clock.ts';
import type { RunStore } from '../ports/runStore.ts';
import type { Warehouse } from '../ports/warehouse.ts';
import { apiKeyOf, requireScope } from './authenticate.ts';

export interface WarehouseRouterDeps {
  readonly warehouse: Warehouse;
  readonly sqlFiles: SqlFiles;
  readonly runStore: RunStore;
  readonly clock: Clock;
}

/** Plans are built one after the other: one that is being built is among the newest. */
const newestPlans = 20;

/**
 * `PUT /v1/warehouse/views`: makes the views as the repository holds them, after somebody has changed or dropped one.
 * Refuses with RUN_CONFLICT while a plan is being built or a run goes on, since both read the views. What slips in
 * between reads the same snapshots as before, because applying the same texts leaves them alone.
 */
export function warehouseRouter({ warehouse, sqlFiles, runStore, clock }: WarehouseRouterDeps): Router {
  const router = Router();
  router.put('/views', requireScope('admin'), async (_request, response) => {
    await assertNobodyReads(runStore);
    await applyViews(warehouse, sqlFiles);
    const appliedAt = clock.now().toISOString();
    await runStore.recordEvent({
      eventId: uuidv7(),
      kind: 'viewsApplied',
      subject: `${warehouse.catalog}.${warehouse.schema}`,
      actor: apiKeyOf(response).name,
      reason: 'The views were applied again.',
      at: appliedAt,
    });
    const applied: AppliedViews = { appliedAt, views: await checkViews(warehouse, sqlFiles) };
    response.json(applied);
  });
  return router;
}

async function assertNobodyReads(runStore: RunStore): Promise<void> {
  const plans = await runStore.listPlans({ limit: newestPlans });
  const plan = plans.find(({ state }) => state === 'building');
  const [run] = await runStore.listRuns({ limit: 1, states: ['running'] });
  if (plan === undefined && run === undefined) return;
  throw new SyncError(
    'RUN_CONFLICT',
    plan === undefined
      ? `The run ${run?.runId ?? ''} is reading the views.`
      : `The plan ${plan.planId} is being built from the views.`,
    { action: 'Wait until it has ended, then apply the views again.' },
  );
}
