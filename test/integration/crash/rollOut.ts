import { expect } from '@jest/globals';
import type { Page } from '../../../middleware/src/contracts/index.ts';
import type { PlanItem } from '../../../middleware/src/ports/runStore.ts';
import type { Scenario } from './crashBench.ts';

/** A plan, a resync of one property of each cohort, and both syncs; nothing fails and nothing is left to do. */
export async function rollOut({ api }: Scenario): Promise<void> {
  const { planId } = await api.plan();
  for (const operation of ['create', 'update'] as const) {
    const { items } = await api.read<Page<PlanItem>>(
      `/v1/plans/${planId}/items?operation=${operation}&limit=1`,
    );
    expect(await api.resync(items[0]?.rdsPropertyId ?? '')).toMatchObject({ state: 'succeeded' });
  }
  for (const sync of ['A', 'B'] as const) {
    const run = await api.run(planId, sync);
    expect(run).toMatchObject({ counts: { failed: 0, quarantined: 0, unknown: 0, waiting: 0 } });
    expect(run.counts.verified + run.counts.skipped).toBe(run.counts.planned);
  }
  expect((await api.plan()).summary).toMatchObject({ toCreate: 0, withChanges: 0 });
}
