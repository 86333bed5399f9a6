import { Messages } from '@salesforce/core';
import { Flags, SfCommand } from '@salesforce/sf-plugins-core';
import type { Run, RunItem, Schedule } from '../../../middleware/src/contracts/index.ts';
import { awaitRun } from '../../api/awaitRun.ts';
import { openSyncApi } from '../../api/openSyncApi.ts';
import { readFailedItems } from '../../api/readFailedItems.ts';
import { exitCodeOf, exitCodes } from '../../exitCodes.ts';
import { runFlag, targetOrgFlag, waitFlag } from '../../flags.ts';
import {
  formatFailedItems,
  formatRunList,
  formatRuns,
  formatSchedules,
} from '../../formatters/formatRuns.ts';
import { watchRun } from '../../formatters/watchRun.ts';

Messages.importMessagesDirectoryFromMetaUrl(import.meta.url);
const messages = Messages.loadMessages('sf-property-sync', 'sync.status');

export interface SyncStatusResult {
  /** The run asked for, or the latest; null where there is none yet. */
  readonly run: Run | null;
  /** The first records of it that did not end as verified. */
  readonly failedItems: readonly RunItem[];
  readonly hasMoreFailedItems: boolean;
  /** The latest runs, newest first; empty where one run was asked for. */
  readonly latestRuns: readonly Run[];
  /** Both syncs as they are in force; empty where one run was asked for. */
  readonly schedules: readonly Schedule[];
}

const listedRuns = 8;

export default class SyncStatus extends SfCommand<SyncStatusResult> {
  static override readonly summary = messages.getMessage('summary');
  static override readonly description = messages.getMessage('description');
  static override readonly examples = messages.getMessages('examples');

  static override readonly flags = {
    'target-org': targetOrgFlag,
    run: runFlag,
    items: Flags.integer({
      char: 'n',
      min: 0,
      max: 100_000,
      default: 20,
      summary: messages.getMessage('flags.items.summary'),
    }),
    wait: waitFlag(0),
  };

  async run(): Promise<SyncStatusResult> {
    const { flags } = await this.parse(SyncStatus);
    const api = await openSyncApi(flags['target-org']);
    const isOverview = flags.run === undefined;
    const latest = isOverview ? (await api.listRuns({ limit: listedRuns })).items : [];
    const schedules = isOverview ? await api.listSchedules() : [];
    let run = flags.run === undefined ? (latest[0] ?? null) : await api.readRun(flags.run);
    if (run !== null && flags.wait > 0) {
      const watcher = watchRun(this, run);
      run = await awaitRun(api, run, flags.wait * 60_000, watcher);
      watcher.end(run);
    }
    const newest = run;
    // What was waited for has moved on since the list was read.
    const latestRuns = latest.map((each) => (each.runId === newest?.runId ? newest : each));
    const { items, hasMore } =
      run === null ? { items: [], hasMore: false } : await readFailedItems(api, run, flags.items);
    const blocks = [
      formatSchedules(schedules),
      formatRunList(latestRuns),
      run === null ? messages.getMessage('info.noRun') : formatRuns([run]),
      formatFailedItems(items, hasMore),
    ];
    this.log(blocks.filter((block) => block !== '').join('\n\n'));
    process.exitCode = run === null ? exitCodes.succeeded : exitCodeOf(run.state);
    return { run, failedItems: items, hasMoreFailedItems: hasMore, latestRuns, schedules };
  }
}
