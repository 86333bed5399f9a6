import { Messages } from '@salesforce/core';
import { Flags, SfCommand } from '@salesforce/sf-plugins-core';
import type { Plan } from '../../../middleware/src/contracts/index.ts';
import { buildPlan } from '../../api/buildPlan.ts';
import { openSyncApi } from '../../api/openSyncApi.ts';
import { readPlanItems } from '../../api/readPlanItems.ts';
import type { PlanItem } from '../../api/syncApi.ts';
import { exitCodeOfPlan } from '../../exitCodes.ts';
import { syncFlag, targetOrgFlag, toSyncs, waitFlag } from '../../flags.ts';
import { createProgress } from '../../formatters/createProgress.ts';
import { formatPlan } from '../../formatters/formatPlan.ts';

Messages.importMessagesDirectoryFromMetaUrl(import.meta.url);
const messages = Messages.loadMessages('sf-property-sync', 'sync.preview');

export interface SyncPreviewResult {
  readonly plan: Plan;
  /** The first rows of each sync asked for, creates first. */
  readonly items: readonly PlanItem[];
  readonly hasMoreItems: boolean;
}

export default class SyncPreview extends SfCommand<SyncPreviewResult> {
  static override readonly summary = messages.getMessage('summary');
  static override readonly description = messages.getMessage('description');
  static override readonly examples = messages.getMessages('examples');

  static override readonly flags = {
    'target-org': targetOrgFlag,
    plan: Flags.string({ char: 'p', summary: messages.getMessage('flags.plan.summary') }),
    sync: syncFlag,
    items: Flags.integer({
      char: 'n',
      min: 0,
      max: 100_000,
      default: 3,
      summary: messages.getMessage('flags.items.summary'),
    }),
    wait: waitFlag(30),
  };

  async run(): Promise<SyncPreviewResult> {
    const { flags } = await this.parse(SyncPreview);
    const syncs = toSyncs(flags.sync);
    const api = await openSyncApi(flags['target-org']);
    const progress = createProgress(this, 'Plan');
    const plan =
      flags.plan === undefined
        ? await buildPlan(api, flags.wait * 60_000, {
            onProgress: ({ stage, state }) => progress.update(stage ?? state),
            onSilence: () => progress.update(messages.getMessage('info.silence')),
          })
        : await api.readPlan(flags.plan);
    progress.end(plan.state);
    const { items, hasMore } = await readPlanItems(api, plan.planId, { syncs, limit: flags.items });
    this.log(`\n${formatPlan(plan, { syncs, items, hasMoreItems: hasMore })}\n`);
    this.log(messages.getMessage(`info.${plan.state}`, [plan.planId]));
    process.exitCode = exitCodeOfPlan(plan.state);
    return { plan, items, hasMoreItems: hasMore };
  }
}
