import type { Feature, FieldMapping, Operation, Plan } from '../contracts/index.ts';
import { features, keyMapping, wideTablePrefixes } from '../contracts/index.ts';
import { SyncError } from '../errors.ts';
import { refreshMirror, type MirrorSettings } from '../mirror/refreshMirror.ts';
import type { Clock } from '../ports/clock.ts';
import type { Crm } from '../ports/crm.ts';
import type { GroupStore } from '../ports/groupStore.ts';
import type { PlanItem, RunStore } from '../ports/runStore.ts';
import type { Warehouse } from '../ports/warehouse.ts';
import { asPlanHolder } from './asPlanHolder.ts';
import { assertNoSourceDrop } from './assertNoSourceDrop.ts';
import { checkViews } from './checkViews.ts';
import { checkSourceFreshness } from './checkSourceFreshness.ts';
import { createGuardTally, type GuardTally, type RawFlagCount } from './guardTally.ts';
import { evaluateGuards, type GuardSettings } from './guards.ts';
import { cohortHash, createPlanHash, rowHash } from './hashPlan.ts';
import { keepGroups } from './keepGroups.ts';
import { materializeAggregate } from './materializeAggregate.ts';
import { readQueue } from './readQueue.ts';
import { runChecks } from './runChecks.ts';
import type { SqlFiles } from './sqlFiles.ts';
import { summarizePlan } from './summarizePlan.ts';
import { writeSyncContext, type ViewSettings } from './writeSyncContext.ts';

/** Everything that decides what a plan contains; its hash is stored with each plan. */
export interface PlanningSettings {
  readonly fieldMap: readonly FieldMapping[];
  /** The key prefix of the production object is not a setting: the org says it. */
  readonly views: Omit<ViewSettings, 'productionKeyPrefix'>;
  readonly guards: GuardSettings;
  readonly mirror: MirrorSettings;
  readonly sourceMaxAgeMs: number;
  /** How much of the source may have gone since the last built plan, as a fraction of 1. */
  readonly maxSourceDropShare: number;
  /** The resolved tables of the source: reading another catalog is another configuration. */
  readonly sourceTables: Readonly<Record<string, string>>;
}

export interface PlanningDeps {
  readonly warehouse: Warehouse;
  readonly crm: Crm;
  readonly runStore: RunStore;
  readonly groupStore: GroupStore;
  readonly clock: Clock;
  readonly sqlFiles: SqlFiles;
  readonly settings: PlanningSettings;
}

const itemsPerWrite = 1_000;

/**
 * Builds a stored plan from the state `building` to `ready` or `blocked`: refreshes the mirror, fixes the clock of the
 * views, materialises the aggregate once, asserts the invariants, streams both queues and every group into the store and
 * judges the guards. Nothing is written to Salesforce. Building again after an interruption starts over. Ends in `failed` with
 * the cause if a `SyncError` that waiting cannot cure is met; throws the others, so that the queue tries again, and
 * RUN_CONFLICT, with nothing more stored, if another worker has taken the plan meanwhile.
 */
export async function buildPlan(planId: string, deps: PlanningDeps): Promise<void> {
  const taken = await takePlan(planId, deps);
  if (taken === undefined) return;
  const { plan, stores } = taken;
  try {
    await stores.runStore.clearPlanItems(planId);
    await fillPlan(plan, { ...deps, ...stores });
  } catch (error) {
    if (!(error instanceof SyncError) || error.isRetryable) throw error;
    await endAsFailed(planId, error, stores.runStore);
  }
}

/** Ends a plan that cannot be built. */
export async function failPlan(
  planId: string,
  error: SyncError,
  deps: Pick<PlanningDeps, 'runStore' | 'groupStore'>,
): Promise<void> {
  const taken = await takePlan(planId, deps);
  if (taken !== undefined) await endAsFailed(planId, error, taken.stores.runStore);
}

/** Takes the plan, from the queue or from a worker that was thought dead; undefined if it is built or has failed. */
async function takePlan(
  planId: string,
  { runStore, groupStore }: Pick<PlanningDeps, 'runStore' | 'groupStore'>,
) {
  if ((await runStore.readPlan(planId))?.state !== 'building') return undefined;
  const hold = await runStore.holdPlan(planId);
  // A worker that was not dead may have ended it a moment before.
  const plan = await runStore.readPlan(planId);
  if (plan?.state !== 'building') return undefined;
  return { plan, stores: asPlanHolder({ runStore, groupStore }, hold) };
}

async function endAsFailed(
  planId: string,
  { code, message, action, details }: SyncError,
  runStore: RunStore,
): Promise<void> {
  await runStore.updatePlan(planId, {
    state: 'failed',
    stage: null,
    error: { code, message, action, details: [...details] },
  });
}

async function fillPlan(plan: Plan, deps: PlanningDeps): Promise<void> {
  const { warehouse, runStore, groupStore, crm, clock, sqlFiles, settings } = deps;
  const { planId, isAttended } = plan;
  const timingsMs: Record<string, number> = {};
  const stage = async <Result>(name: string, text: string, work: () => Promise<Result>): Promise<Result> => {
    await runStore.updatePlan(planId, { stage: text });
    const startedAt = performance.now();
    const result = await work();
    timingsMs[name] = Math.round(performance.now() - startedAt);
    return result;
  };

  const viewHashes = await stage('views', 'checking the views', () => checkViews(warehouse, sqlFiles));
  const mirror = await stage('mirror', 'reading Salesforce', () =>
    refreshMirror({ warehouse, crm, clock, fieldMap: settings.fieldMap }, settings.mirror),
  );
  const businessTime = clock.now();
  const { freshness, picklists } = await stage('aggregate', 'aggregating the source', async () => {
    const freshness = await checkSourceFreshness(warehouse, businessTime, settings.sourceMaxAgeMs);
    const lastPlan = await runStore.latestBuiltPlan();
    assertNoSourceDrop(freshness, lastPlan?.summary ?? null, settings.maxSourceDropShare);
    await prepareViews(deps, businessTime);
    return {
      freshness,
      picklists: await readPicklists(crm, settings.fieldMap),
    };
  });
  const queues = await stage('queues', 'comparing', async () => {
    const rawFlagCounts = await countRawFlags(warehouse);
    const tally = createGuardTally({ fieldMap: settings.fieldMap, picklists, rawFlagCounts });
    const planHash = createPlanHash();
    const create = await storeQueue('create', plan, tally, planHash, deps);
    const update = await storeQueue('update', plan, tally, planHash, deps);
    return { tally, planHash: planHash.digest(), cohortHashes: { create, update } };
  });
  await stage('groups', 'keeping the groups', () => keepGroups(planId, mirror.refreshedAt, deps));
  const summary = await stage('summary', 'counting', () => summarizePlan(warehouse, settings.fieldMap));
  const guards = evaluateGuards(queues.tally, settings.guards, { isAttended });

  await runStore.updatePlan(planId, {
    state: guards.some(({ isTripped }) => isTripped) ? 'blocked' : 'ready',
    stage: null,
    builtAt: clock.now().toISOString(),
    businessTime: businessTime.toISOString(),
    isSourceStale: freshness.isStale,
    sourceFreshAt: freshness.syncedAt?.toISOString() ?? null,
    summary,
    guards,
    planHash: queues.planHash,
    cohortHashes: queues.cohortHashes,
    configHash: configHash(settings),
    viewHashes,
    mirrorWatermark: mirror.watermark,
    timingsMs,
  });
  await groupStore.dropOldGroups();
}

/** Fixes the clock of the views, materialises the aggregate and asserts every invariant of docs/domain.md §6. */
export async function prepareViews(
  { warehouse, crm, sqlFiles, settings }: Pick<PlanningDeps, 'warehouse' | 'crm' | 'sqlFiles' | 'settings'>,
  businessTime: Date,
): Promise<void> {
  const productionKeyPrefix = await crm.productionKeyPrefix();
  await writeSyncContext(warehouse, businessTime, { ...settings.views, productionKeyPrefix });
  await materializeAggregate(warehouse, sqlFiles);
  await runChecks(warehouse, sqlFiles);
}

/** The hash of the effective settings, stored with each plan. */
export function configHash({
  fieldMap,
  views,
  guards,
  mirror,
  sourceMaxAgeMs,
  maxSourceDropShare,
  sourceTables,
}: PlanningSettings): string {
  return rowHash({
    fieldMap: fieldMap.map((mapping) => ({ ...mapping })),
    views: { ...views },
    guards: { ...guards },
    mirror: { ...mirror },
    sourceMaxAgeMs,
    maxSourceDropShare,
    sourceTables: { ...sourceTables },
  });
}

async function storeQueue(
  operation: Operation,
  { planId, isAttended }: Pick<Plan, 'planId' | 'isAttended'>,
  tally: GuardTally,
  planHash: { add(row: { operation: Operation; rowHash: string }): void },
  { warehouse, runStore, settings }: PlanningDeps,
): Promise<string> {
  const ids: string[] = [];
  let pending: PlanItem[] = [];
  const flush = async (): Promise<void> => {
    const items = isAttended ? pending : await withoutQuarantined(pending, runStore);
    pending = [];
    for (const item of items) {
      planHash.add({ operation, rowHash: item.rowHash });
      ids.push(item.rdsPropertyId);
    }
    if (items.length > 0) await runStore.appendPlanItems(planId, items);
  };
  for await (const rows of readQueue(warehouse, operation, settings.fieldMap)) {
    for (const { item, guardRow, hasChanges } of rows) {
      tally.addRow(guardRow);
      if (!hasChanges) continue;
      pending.push(item);
      if (pending.length === itemsPerWrite) await flush();
    }
  }
  await flush();
  return cohortHash(ids);
}

/**
 * A schedule does not send again, unchanged, what Salesforce has refused for good (docs/domain.md §11.3): that would fire
 * the org's automation for nothing and trip the brake for ever. A person's run or a resync does, and so does the next
 * tick once the row would be written otherwise.
 */
async function withoutQuarantined(
  items: readonly PlanItem[],
  runStore: Pick<RunStore, 'latestItems'>,
): Promise<readonly PlanItem[]> {
  const latest = await runStore.latestItems(items.map(({ rdsPropertyId }) => rdsPropertyId));
  const refused = new Map(
    latest.flatMap(({ rdsPropertyId, newest }) =>
      newest.state === 'quarantined' ? [[rdsPropertyId, writtenValues(newest)] as const] : [],
    ),
  );
  return items.filter((item) => refused.get(item.rdsPropertyId) !== writtenValues(item));
}

const writtenValues = ({ expected, changes }: Pick<PlanItem, 'expected' | 'changes'>): string =>
  rowHash({ expected, changes: changes.map((change) => ({ ...change })) });

/**
 * The allowed values of each mapped picklist. Throws SALESFORCE_SCHEMA when the integration user does not see a mapped
 * field, or when the key is not an external id: without one no record can be upserted.
 */
export async function readPicklists(
  crm: Crm,
  fieldMap: readonly FieldMapping[],
): Promise<Record<string, readonly string[]>> {
  const described = new Map((await crm.describeFields()).map((field) => [field.field, field]));
  const missing = [keyMapping, ...fieldMap]
    .filter(({ field }) => !described.has(field))
    .map(({ field }) => field);
  if (missing.length > 0) {
    throw new SyncError('SALESFORCE_SCHEMA', `Salesforce does not show ${missing.join(', ')}.`, {
      details: missing,
    });
  }
  if (described.get(keyMapping.field)?.isExternalId !== true) {
    throw new SyncError('SALESFORCE_SCHEMA', `${keyMapping.field} is not marked as External ID.`, {
      details: [keyMapping.field],
    });
  }
  const picklists: Record<string, readonly string[]> = {};
  for (const { field } of fieldMap) {
    const values = described.get(field)?.picklistValues;
    if (values) picklists[field] = values;
  }
  return picklists;
}

/** How many properties of both queues have a feature in any raw row: what a constant column is judged against. */
async function countRawFlags(warehouse: Warehouse): Promise<Record<Feature, RawFlagCount>> {
  const [row] = await warehouse.query(`
    with queued as (
        select rds_property_id from ${warehouse.name('properties_to_create')}
        union all
        select rds_property_id from ${warehouse.name('properties_to_update')}
    ),
    raw as (
        select queued.rds_property_id,
            ${features.map((feature) => `coalesce(bool_or(rows.${wideTablePrefixes[feature]}_enabled), false) as ${feature}`).join(',\n            ')}
        from queued
        left join ${warehouse.name('source_property_feature_rows')} as rows
            on lower(text_value(rows.property_id)) = queued.rds_property_id
        group by queued.rds_property_id
    )
    select count(*) as n, ${features.map((feature) => `count_if(${feature}) as ${feature}`).join(', ')} from raw`);
  const total = Number(row?.['n'] ?? 0);
  return Object.fromEntries(
    features.map((feature) => {
      const enabledCount = Number(row?.[feature] ?? 0);
      return [feature, { enabledCount, notEnabledCount: total - enabledCount }];
    }),
  ) as Record<Feature, RawFlagCount>;
}
