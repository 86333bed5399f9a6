import { findingLevels, type DoctorReport, type Finding } from '../contracts/index.ts';
import { SyncError } from '../errors.ts';
import type { Crm } from '../ports/crm.ts';
import type { RunStore } from '../ports/runStore.ts';
import { error, ok, type Check, type Seen } from './check.ts';
import { salesforceChecks, type SalesforceCheckDeps } from './salesforceChecks.ts';
import { syncChecks, type SyncCheckDeps } from './syncChecks.ts';
import { warehouseChecks, type WarehouseCheckDeps } from './warehouseChecks.ts';

export type DoctorDeps = SalesforceCheckDeps & WarehouseCheckDeps & SyncCheckDeps & { readonly crm: Crm };
export type DoctorSettings = DoctorDeps['settings'];

/**
 * Looks at everything the syncs depend on and says what it saw and what to do; writes nothing. All checks go side by
 * side, and none spoils another: one that fails, or has not ended at the deadline, is itself a finding. Costs three API
 * calls, and a login when there is no session.
 */
export async function runDoctor(deps: DoctorDeps, deadline: AbortSignal): Promise<DoctorReport> {
  const answers = { user: deps.crm.readUser(), fields: deps.crm.describeFields() };
  // Each check that wants an answer meets its failure; until one looks, nobody does.
  for (const answer of Object.values(answers)) answer.catch(() => undefined);
  const checks = [
    ...salesforceChecks(deps, answers),
    ...warehouseChecks(deps),
    storeConnection(deps.runStore),
    ...syncChecks(deps, answers),
  ];
  const late = new Promise<Seen>((resolve) => {
    const giveUp = (): void =>
      resolve(error('There was no answer in time.', 'Look at the state of what was asked, and ask again.'));
    if (deadline.aborted) giveUp();
    else deadline.addEventListener('abort', giveUp, { once: true });
  });
  const findings = await Promise.all(
    checks.map(async ({ name, look }): Promise<Finding> => ({
      check: name,
      ...(await Promise.race([look().catch(toSeen), late])),
    })),
  );
  const worst = Math.max(...findings.map(({ level }) => findingLevels.indexOf(level)));
  return { checkedAt: deps.clock.now().toISOString(), level: findingLevels[worst] ?? 'error', findings };
}

function storeConnection(runStore: RunStore): Check {
  return {
    name: 'store.connection',
    async look() {
      const { isReady, detail } = await runStore.health();
      return isReady
        ? ok(detail)
        : error(detail, 'Look at the database of the store and at its credentials.');
    },
  };
}

/** A check that could not look. */
function toSeen(cause: unknown): Seen {
  if (cause instanceof SyncError) return error(cause.message, cause.action, cause.details);
  const message = cause instanceof Error ? cause.message : String(cause);
  return error(`The check itself failed: ${message}`, 'This is a fault of the middleware: report it.');
}
