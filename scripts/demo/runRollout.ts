import { setTimeout as wait } from 'node:timers/promises';
import {
  lookupField,
  stagingObject,
  type Plan,
  type Run,
  type Sync,
} from '../../middleware/src/contracts/index.ts';
import { auditOrg, cohort, countOf, showsRightFlags, surplusRows, type OrgAudit } from './auditOrg.ts';
import { checkParkKennedy } from './checkParkKennedy.ts';
import { judgeCriteria, judgeOutcome, type Criterion } from './criteria.ts';
import { OrgClient } from './orgClient.ts';
import { bar, count, step } from './progress.ts';
import { readSourceFiles } from './readSourceFiles.ts';
import type { SyncApi } from './syncApi.ts';
import { variants, type VariantName } from './variants.ts';

/** One sync of the rollout, as the run and the org's usage counter tell it. */
export interface SyncFigures {
  readonly planned: number;
  readonly written: number;
  readonly created: number;
  readonly updated: number;
  readonly verified: number;
  readonly failed: number;
  readonly apiCalls: number;
}

/** The outcome of the demo, without the times that its caller adds. */
export interface Rollout {
  readonly baseline: Record<string, unknown>;
  readonly syncA: SyncFigures;
  readonly syncB: SyncFigures;
  readonly after: Record<string, number>;
  readonly noop: { readonly writes: number; readonly apiCalls: number };
  readonly criteria: readonly Criterion[];
  readonly parkKennedyDifferences: readonly string[];
  readonly timingsMs: Record<string, number>;
}

const linkTimeoutMs = 60_000;

/**
 * Plans, runs Sync A and Sync B, waits for the org's automation, plans and runs once more, and judges the result. The
 * middleware is driven over its API; what it claims is checked against the org itself, read by the ordinary REST API and
 * judged by the reference evaluator on the raw source files.
 */
export async function runRollout(
  api: SyncApi,
  org: OrgClient,
  sourceDirectory: string,
  variantName: VariantName,
): Promise<Rollout> {
  const variant = variants[variantName];
  const source = await readSourceFiles(sourceDirectory);
  const before = await step(
    'Audit the org',
    () => auditOrg(org, source),
    ({ records }) => `${count(records.length)} staging rows`,
  );

  const rejected = await variant.plant(org, before);
  const plan = await planStep('Plan', api);
  const a = await syncStep('A', plan, api, org);
  const b = await syncStep('B', plan, api, org);
  const first = summaryOf(plan);
  const ownCriteria = await variant.judge(org, {
    before,
    toCreate: first.toCreate,
    toUpdate: first.withChanges,
    derivedOnly: first.derivedOnly,
  });
  // From here on answers arrive; what the org refuses it refuses for ever.
  await org.setFaults([]);
  await step(
    'Wait for the automation',
    (say) => awaitLinks(org, a.figures.created, say),
    (unlinked) => `${count(unlinked)} rows without a lookup`,
  );

  const callsBefore = await org.apiCalls();
  const secondPlan = await planStep('Plan again', api);
  const repeated = [
    await api.runSync(secondPlan.planId, 'A', () => undefined),
    await api.runSync(secondPlan.planId, 'B', () => undefined),
  ];
  const noop = {
    writes: repeated.reduce((sum, { counts }) => sum + counts.attempted, 0),
    apiCalls: (await org.apiCalls()) - callsBefore,
  };

  const after = await step(
    'Audit the org again',
    () => auditOrg(org, source),
    ({ records }) => `${count(records.length)} staging rows`,
  );
  const parkKennedyDifferences = await checkParkKennedy(before, after, org);
  const found = compareAudits(before, after);
  const summary = summaryOf(secondPlan);
  const featureAccuracy = share(summary.featureAccurate, summary.featureComparable);
  return {
    baseline: {
      tableRows: first.tableRows,
      properties: first.properties,
      active: first.active,
      toCreate: first.toCreate,
      toCreateP1: first.toCreateP1,
      existing: first.existing,
      matched: first.matched,
      withChanges: first.withChanges,
      inSync: first.inSync,
      conflicts: first.conflicts,
      excluded: first.excluded,
      idvMismatches: first.idvMismatches,
      blocked: first.blocked,
      multiProperty: first.multiProperty,
      largestGroup: first.largestGroup,
      stagingRows: first.stagingRows,
    },
    syncA: a.figures,
    syncB: b.figures,
    after: {
      toCreate: summary.toCreate,
      missing: found.missing,
      withChanges: summary.withChanges,
      inSync: summary.inSync,
      conflicts: summary.conflicts,
      p1Visible: found.p1Visible,
      featureAccuracy,
      blockedUnblocked: summary.blockedWithRow,
      stagingRows: await org.count(stagingObject),
    },
    noop,
    criteria: [
      ...judgeCriteria({
        toCreate: first.toCreate,
        created: a.figures.created,
        matched: found.matched,
        matchedEqual: found.matchedEqual,
        missing: found.missing,
        featureAccuracy,
        p1: found.p1,
        p1Visible: found.p1Visible,
        idvMismatches: found.idvMismatches,
        idvResolved: found.idvResolved,
        blocked: first.blocked,
        unblocked: summary.blockedWithRow,
        errorRateA: errorRate(a.run),
        errorRateB: errorRate(b.run),
        unverified: [a, b].reduce((sum, { figures }) => sum + figures.planned - figures.verified, 0),
        parkKennedyDifferences: parkKennedyDifferences.length,
        noopWrites: noop.writes,
        rejected: rejected.creates + rejected.updates,
      }),
      ...(variantName === 'clean'
        ? []
        : judgeOutcome({
            toCreate: first.toCreate,
            toUpdate: first.withChanges,
            inSync: first.inSync,
            created: a.figures.created,
            updated: b.figures.updated,
            quarantined: a.run.counts.quarantined + b.run.counts.quarantined,
            leftToCreate: summary.toCreate,
            leftToUpdate: summary.withChanges,
            inSyncAfter: summary.inSync,
            newSurplusRows: surplusRows(after) - surplusRows(before),
            rejected,
          })),
      ...ownCriteria,
    ],
    parkKennedyDifferences,
    timingsMs: {
      mirror: plan.timingsMs['mirror'] ?? 0,
      plan: Object.values(plan.timingsMs).reduce((sum, ms) => sum + ms, 0) - (plan.timingsMs['mirror'] ?? 0),
      syncA: (a.run.timingsMs['check'] ?? 0) + (a.run.timingsMs['deliver'] ?? 0),
      verifyA: a.run.timingsMs['verify'] ?? 0,
      syncB: (b.run.timingsMs['check'] ?? 0) + (b.run.timingsMs['deliver'] ?? 0),
      verifyB: b.run.timingsMs['verify'] ?? 0,
    },
  };
}

async function planStep(title: string, api: SyncApi): Promise<Plan> {
  return step(
    title,
    (say) => api.buildPlan(({ stage }) => say(stage ?? '')),
    ({ summary }) =>
      `${count(summary?.toCreate ?? 0)} to create, ${count(summary?.withChanges ?? 0)} to update`,
  );
}

async function syncStep(
  sync: Sync,
  plan: Plan,
  api: SyncApi,
  org: OrgClient,
): Promise<{ run: Run; figures: SyncFigures }> {
  const title = sync === 'A' ? 'Sync A (create)' : 'Sync B (update)';
  const callsBefore = await org.apiCalls();
  const run = await step(
    title,
    (say) =>
      api.runSync(plan.planId, sync, ({ stage, counts }) => {
        const done = stage === 'reading back' ? counts.verified : counts.written;
        say(`${bar(done, counts.planned)} ${stage ?? ''}`);
      }),
    ({ counts, state, stage, error }) =>
      [
        `${count(counts.written)} written`,
        `${count(counts.verified)} verified`,
        state,
        error?.message ?? stage ?? '',
      ]
        .filter((part) => part !== '')
        .join(', '),
  );
  const { planned, written, created, updated, verified, failed, quarantined } = run.counts;
  const apiCalls = (await org.apiCalls()) - callsBefore;
  return {
    run,
    figures: { planned, written, created, updated, verified, failed: failed + quarantined, apiCalls },
  };
}

/** The org's own automation links new rows after a while; the sync does not wait for it, the audit does. */
async function awaitLinks(org: OrgClient, created: number, say: (text: string) => void): Promise<number> {
  const deadline = performance.now() + linkTimeoutMs;
  for (;;) {
    const waiting = await org.rowsToLink();
    if (waiting === 0) return org.count(stagingObject, `WHERE ${lookupField} = null`);
    if (performance.now() > deadline)
      throw new Error(`The automation has not linked ${String(waiting)} rows in time.`);
    say(bar(created - waiting, created));
    await wait(200);
  }
}

/** Follows the lists frozen before the rollout: who was missing, wrong or matched then, and how it stands now. */
function compareAudits(
  before: OrgAudit,
  after: OrgAudit,
): Record<
  'missing' | 'matched' | 'matchedEqual' | 'p1' | 'p1Visible' | 'idvMismatches' | 'idvResolved',
  number
> {
  const idv = 'ID_Verification_Enabled__c';
  const isIdvWrong = ({ changes }: { changes: readonly { field: string; to: unknown }[] }): boolean =>
    changes.some(({ field, to }) => field === idv && to === true);
  const p1 = cohort(before, ({ class: name, priority }) => name === 'CREATE' && priority === 'P1');
  const idvMismatches = cohort(before, isIdvWrong);
  const matched = cohort(
    before,
    ({ class: name, population }) =>
      (name === 'UPDATE' || name === 'IN_SYNC') && population === 'active_with_sfdc',
  );
  return {
    missing: cohort(after, ({ class: name }) => name === 'CREATE').length,
    matched: matched.length,
    matchedEqual: countOf(matched, after, ({ class: name }) => name === 'IN_SYNC'),
    p1: p1.length,
    p1Visible: countOf(p1, after, showsRightFlags),
    idvMismatches: idvMismatches.length,
    idvResolved: countOf(
      idvMismatches,
      after,
      (evaluation) => !isIdvWrong(evaluation) && evaluation.ownRowCount === 1,
    ),
  };
}

function summaryOf({ summary }: Plan): NonNullable<Plan['summary']> {
  if (summary === null) throw new Error('The plan has no summary.');
  return summary;
}

const errorRate = ({ counts }: Run): number => share(counts.failed + counts.quarantined, counts.attempted);
const share = (part: number, whole: number): number => (whole === 0 ? 0 : part / whole);
