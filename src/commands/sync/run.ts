import { Messages } from '@salesforce/core';
import { Flags, SfCommand } from '@salesforce/sf-plugins-core';
import type { Plan, Run, RunItem } from '../../../middleware/src/contracts/index.ts';
import { awaitRun, isAtRest } from '../../api/awaitRun.ts';
import { buildPlan } from '../../api/buildPlan.ts';
import { openSyncApi } from '../../api/openSyncApi.ts';
import { readFailedItems } from '../../api/readFailedItems.ts';
import { readPlanItems } from '../../api/readPlanItems.ts';
import type { SyncApi } from '../../api/syncApi.ts';
import { exitCodeOf, exitCodeOfPlan, exitCodes, worstExitCode } from '../../exitCodes.ts';
import { asyncFlag, syncFlag, targetOrgFlag, toSyncs, waitFlag } from '../../flags.ts';
import { createProgress } from '../../formatters/createProgress.ts';
import { formatPlan } from '../../formatters/formatPlan.ts';
import { formatFailedItems, formatRuns } from '../../formatters/formatRuns.ts';
import { watchRun } from '../../formatters/watchRun.ts';

Messages.importMessagesDirectoryFromMetaUrl(import.meta.url);
const messages = Messages.loadMessages('sf-property-sync', 'sync.run');

export interface SyncRunResult {
  readonly planId: string;
  /** The runs that were started, in their order. */
  readonly runs: readonly Run[];
  /** The first records that did not end as verified. */
  readonly failedItems: readonly RunItem[];
  readonly hasMoreFailedItems: boolean;
  /** Commands to go on with. */
  readonly next: readonly string[];
}

const maxFailedItems = 20;
const confirmTimeoutMs = 10 * 60_000;

export default class SyncRun extends SfCommand<SyncRunResult> {
  static override readonly summary = messages.getMessage('summary');
  static override readonly description = messages.getMessage('description');
  static override readonly examples = messages.getMessages('examples');

  static override readonly flags = {
    'target-org': targetOrgFlag,
    plan: Flags.string({ char: 'p', summary: messages.getMessage('flags.plan.summary') }),
    sync: syncFlag,
    'skip-moved': Flags.boolean({ summary: messages.getMessage('flags.skip-moved.summary') }),
    'no-prompt': Flags.boolean({ summary: messages.getMessage('flags.no-prompt.summary') }),
    async: asyncFlag,
    wait: waitFlag(60),
  };

  async run(): Promise<SyncRunResult> {
    const { flags } = await this.parse(SyncRun);
    const api = await openSyncApi(flags['target-org']);
    const deadline = performance.now() + (flags.async ? 0 : flags.wait * 60_000);
    const leftMs = (): number => Math.max(0, deadline - performance.now());
    const syncs = toSyncs(flags.sync);

    let planId = flags.plan;
    if (planId === undefined) {
      // A plan has to be there before anything can be started: --wait counts from the runs on.
      const plan = await this.makePlan(api);
      planId = plan.planId;
      const mayRun = await this.isWanted(api, plan, flags);
      if (!mayRun) {
        process.exitCode = plan.state === 'ready' ? exitCodes.failed : exitCodeOfPlan(plan.state);
        return { planId, runs: [], failedItems: [], hasMoreFailedItems: false, next: [] };
      }
    }

    const runs: Run[] = [];
    for (const sync of syncs) {
      const started = await api.startRun({ planId, sync, skipMoved: flags['skip-moved'] });
      const watcher = watchRun(this, started);
      const run = await awaitRun(api, started, leftMs(), watcher);
      watcher.end(run);
      runs.push(run);
      // Updates wait for the creates; what nobody waits for is queued at once.
      const isWatched = !flags.async && flags.wait > 0;
      const mayGoOn = run.state === 'succeeded' || run.state === 'partiallySucceeded';
      if (isWatched && !mayGoOn) break;
    }
    const result = await this.report(api, planId, runs, runs.length < syncs.length);
    // Started is all that was asked for.
    if (flags.async && result.runs.every(({ state }) => state !== 'failed'))
      process.exitCode = exitCodes.succeeded;
    return result;
  }

  private async makePlan(api: SyncApi): Promise<Plan> {
    const progress = createProgress(this, 'Plan');
    const plan = await buildPlan(api, 60 * 60_000, {
      onProgress: ({ stage, state }) => progress.update(stage ?? state),
      onSilence: () => progress.update(messages.getMessage('info.silence')),
    });
    progress.end(plan.state);
    return plan;
  }

  /** Shows the plan, and whether it may be run; a person at a terminal is asked, since nobody has looked at it yet. */
  private async isWanted(
    api: SyncApi,
    plan: Plan,
    flags: { 'no-prompt': boolean; sync: 'create' | 'update' | 'both' },
  ): Promise<boolean> {
    const syncs = toSyncs(flags.sync);
    const isReady = plan.state === 'ready';
    const mustAsk = isReady && !flags['no-prompt'] && !this.jsonEnabled() && process.stdin.isTTY;
    const { items, hasMore } = await readPlanItems(api, plan.planId, { syncs, limit: mustAsk ? 3 : 0 });
    this.log(`\n${formatPlan(plan, { syncs, items, hasMoreItems: hasMore })}\n`);
    if (!mustAsk) return isReady;
    const isWanted = await this.confirm({
      message: messages.getMessage('prompt.run'),
      ms: confirmTimeoutMs,
      defaultAnswer: false,
    });
    if (!isWanted) this.log(messages.getMessage('info.notRun', [plan.planId]));
    return isWanted;
  }

  private async report(
    api: SyncApi,
    planId: string,
    runs: readonly Run[],
    isIncomplete: boolean,
  ): Promise<SyncRunResult> {
    const excerpts = [];
    for (const run of runs) excerpts.push(await readFailedItems(api, run, maxFailedItems));
    const failedItems = excerpts.flatMap(({ items }) => items);
    const hasMoreFailedItems = excerpts.some(({ hasMore }) => hasMore);
    const next = [
      ...runs.flatMap(nextCommands),
      ...(isIncomplete ? [`sf sync run --plan ${planId} --sync update`] : []),
    ];
    const blocks = [formatRuns(runs), formatFailedItems(failedItems, hasMoreFailedItems)];
    this.log(`\n${blocks.filter((block) => block !== '').join('\n\n')}\n`);
    if (next.length > 0) {
      this.log([messages.getMessage('info.next'), ...next.map((command) => `  ${command}`)].join('\n'));
    }
    process.exitCode = worstExitCode(runs.map(({ state }) => exitCodeOf(state)));
    return { planId, runs, failedItems, hasMoreFailedItems, next };
  }
}

/** What a person would do about a run that has not ended. */
function nextCommands(run: Run): string[] {
  if (run.state === 'paused') return [`sf sync resume --run ${run.runId} --reason "<why>"`];
  return isAtRest(run) ? [] : [`sf sync status --run ${run.runId} --wait 60`];
}
