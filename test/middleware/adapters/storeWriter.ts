/**
 * A process that writes to a store and says on stdout, a JSON document a line, what the store has acknowledged. It
 * is meant to be killed. Arguments: the data directory.
 */
import { writeSync } from 'node:fs';
import { createSystemClock } from '../../../middleware/src/adapters/clock/systemClock.ts';
import { openStore } from '../../../middleware/src/adapters/store/openStore.ts';
import type { SyncError } from '../../../middleware/src/errors.ts';
import { aPlan, aPlanItem, aRequest, aRun } from '../ports/ledger.ts';

export type Acknowledged =
  | { readonly what: 'open' | 'plan' | 'run' | 'intent' | 'outcome' | 'end'; readonly id: string }
  | { readonly what: 'error'; readonly code: string; readonly message: string };

const acknowledge = (line: Acknowledged): void => {
  writeSync(1, `${JSON.stringify(line)}\n`);
};

const log = { warn: () => undefined, error: () => undefined };
const clock = createSystemClock({ startAt: null });
const [, , dataDir = ''] = process.argv;

const store = await openStore({ dataDir }, { log, clock }).catch((error: unknown) => {
  const { code, message } = error as SyncError;
  acknowledge({ what: 'error', code, message });
  process.exit(1);
});
acknowledge({ what: 'open', id: '' });
await Promise.all([writeRuns(), writePlans()]);

async function writePlans(): Promise<never> {
  for (;;) {
    const { plan } = await store.runStore.createPlan(aPlan(), aRequest());
    acknowledge({ what: 'plan', id: plan.planId });
  }
}

async function writeRuns(): Promise<never> {
  const { runStore } = store;
  for (;;) {
    const { plan } = await runStore.createPlan(aPlan(), aRequest());
    // A property that a killed run had on its way is refused to every later one: so each has its own.
    const rdsPropertyId = plan.planId;
    await runStore.appendPlanItems(plan.planId, [aPlanItem(0, { rdsPropertyId }), aPlanItem(1)]);
    acknowledge({ what: 'plan', id: plan.planId });

    // Of this kind several may be open at once, as a killed writer leaves them.
    const { run } = await runStore.createRun(aRun(plan.planId, { kind: 'resync' }), aRequest());
    const { runId } = run;
    acknowledge({ what: 'run', id: runId });

    const items = [{ rdsPropertyId, before: { Name: 'before' } }];
    await runStore.saveIntent(
      { runId, batchNumber: 1, channel: 'collection', jobId: null, isDone: false },
      items,
    );
    acknowledge({ what: 'intent', id: runId });

    await runStore.saveOutcomes(runId, 1, [{ rdsPropertyId, state: 'verified' }], { isDone: true });
    acknowledge({ what: 'outcome', id: runId });

    await runStore.endRun(runId, { state: 'succeeded' });
    acknowledge({ what: 'end', id: runId });
  }
}
