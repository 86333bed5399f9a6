import type { Plan, Run, RunItem, SyncEvent } from '../contracts/index.ts';
import { operationOf, runItemStates } from '../contracts/index.ts';
import { syncEvent, syncRun, syncRunItem } from '../planning/warehouseTables.ts';
import type { RunStore } from '../ports/runStore.ts';
import type { Row, Warehouse } from '../ports/warehouse.ts';

const rowsPerWrite = 500;
const runsPerLook = 10;

export interface AuditDeps {
  readonly runStore: RunStore;
  readonly warehouse: Pick<Warehouse, 'appendRows'>;
  readonly codeVersion: string;
}

/**
 * Carries the audit rows of ended runs and the events from the store into the warehouse (docs/domain.md §13.1). Rows are
 * appended by their own key, so a flush that was cut off adds nothing twice when it is repeated. A run whose rows
 * cannot be written stays in the outbox and holds up no other; the first such error is thrown at the end.
 */
export async function flushAudit(deps: AuditDeps): Promise<void> {
  const tried = new Set<string>();
  const errors: unknown[] = [];
  for (;;) {
    const pending = await deps.runStore.pendingAudits(runsPerLook + errors.length);
    const runIds = pending.filter((runId) => !tried.has(runId));
    if (runIds.length === 0) break;
    for (const runId of runIds) {
      tried.add(runId);
      await carryRun(runId, deps).catch((error: unknown) => errors.push(error));
    }
  }
  await carryEvents(deps).catch((error: unknown) => errors.push(error));
  if (errors.length > 0) throw errors[0];
}

async function carryEvents({ runStore, warehouse }: AuditDeps): Promise<void> {
  for (;;) {
    const events = await runStore.pendingEvents(rowsPerWrite);
    if (events.length === 0) return;
    await warehouse.appendRows(syncEvent, events.map(eventRow));
    await runStore.completeEvents(events.map(({ eventId }) => eventId));
  }
}

function eventRow({ eventId, kind, subject, actor, reason, at }: SyncEvent): Row {
  return { event_id: eventId, kind, subject, actor, reason, occurred_at: at };
}

async function carryRun(runId: string, { runStore, warehouse, codeVersion }: AuditDeps): Promise<void> {
  const run = await runStore.readRun(runId);
  const plan = run === undefined ? undefined : await runStore.readPlan(run.planId);
  if (run !== undefined && plan !== undefined) {
    let afterOrdinal = -1;
    for (;;) {
      const items = await runStore.readItems(runId, {
        states: runItemStates,
        limit: rowsPerWrite,
        afterOrdinal,
      });
      const last = items.at(-1);
      if (last === undefined) break;
      afterOrdinal = last.ordinal;
      await warehouse.appendRows(
        syncRunItem,
        items.map((item) => itemRow(item, run)),
      );
    }
    await warehouse.appendRows(syncRun, [runRow(run, plan, codeVersion)]);
  }
  await runStore.completeAudit(runId);
}

function runRow(run: Run, plan: Plan, codeVersion: string): Row {
  const { counts } = run;
  return {
    run_id: run.runId,
    sync_name: run.sync,
    kind: run.kind,
    is_dry_run: false,
    trigger_kind: run.trigger,
    actor: actorOf(run),
    plan_id: run.planId,
    plan_hash: plan.planHash,
    cohort_hash: plan.cohortHashes?.[operationOf[run.sync]] ?? null,
    config_hash: plan.configHash,
    view_hash: Object.entries(plan.viewHashes)
      .map(([view, hash]) => `${view}=${hash}`)
      .sort()
      .join(';'),
    code_version: codeVersion,
    mirror_watermark: plan.mirrorWatermark,
    source_synced_at: plan.sourceFreshAt,
    started_at: run.startedAt,
    ended_at: run.endedAt,
    planned: counts.planned,
    attempted: counts.attempted,
    created: counts.created,
    updated: counts.updated,
    unchanged: null,
    skipped: counts.skipped,
    failed: counts.failed,
    quarantined: counts.quarantined,
    verified: counts.verified,
    linked: null,
    state: run.state,
  };
}

/** The key that asked, and whom it asked for, as it claimed. */
function actorOf({ actor, actingUser }: Run): string {
  return actingUser === null ? actor : `${actor} (for ${actingUser})`;
}

function itemRow(item: RunItem, run: Run): Row {
  return {
    item_id: `${item.runId}:${item.rdsPropertyId}`,
    run_id: item.runId,
    rds_property_id: item.rdsPropertyId,
    staging_id: item.stagingId,
    sfdc_id: text(item.expected['Source_Salesforce_ID__c']),
    operation: item.operation,
    state: item.state,
    attempts: item.attempts,
    error_class: item.error?.class ?? null,
    error_code: item.error?.code ?? null,
    error_text: item.error?.message ?? null,
    before_image: item.before === null ? null : JSON.stringify(item.before),
    after_image: item.after === null ? null : JSON.stringify(item.after),
    system_modstamp_before: instant(item.systemModstampBefore),
    system_modstamp_after: instant(item.systemModstampAfter),
    contributing_property_ids: text(item.expected['Contributing_Property_IDs__c']),
    warnings: item.warnings.join(';'),
    planned_at: run.createdAt,
    sent_at: item.sentAt,
    accepted_at: item.acceptedAt,
    ended_at: item.endedAt,
    linked_at: null,
  };
}

const text = (value: unknown): string | null => (typeof value === 'string' ? value : null);
const instant = (value: string | null): string | null =>
  value === null ? null : new Date(value).toISOString();
