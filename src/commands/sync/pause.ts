import { Messages } from '@salesforce/core';
import { Flags, SfCommand } from '@salesforce/sf-plugins-core';
import type { Run, Schedule } from '../../../middleware/src/contracts/index.ts';
import { awaitRun, isAtRest } from '../../api/awaitRun.ts';
import { findOpenRun } from '../../api/findOpenRun.ts';
import { openSyncApi } from '../../api/openSyncApi.ts';
import { exitCodes } from '../../exitCodes.ts';
import { reasonFlag, runFlag, syncChoices, targetOrgFlag, toSyncs, waitFlag } from '../../flags.ts';
import { formatRuns, formatSchedules } from '../../formatters/formatRuns.ts';
import { watchRun } from '../../formatters/watchRun.ts';

Messages.importMessagesDirectoryFromMetaUrl(import.meta.url);
const messages = Messages.loadMessages('sf-property-sync', 'sync.pause');

export interface SyncPauseResult {
  /** The run that was paused; null where a schedule was. */
  readonly run: Run | null;
  /** The schedules that were paused. */
  readonly schedules: readonly Schedule[];
}

export default class SyncPause extends SfCommand<SyncPauseResult> {
  static override readonly summary = messages.getMessage('summary');
  static override readonly description = messages.getMessage('description');
  static override readonly examples = messages.getMessages('examples');

  static override readonly flags = {
    'target-org': targetOrgFlag,
    run: { ...runFlag, exclusive: ['schedule'] },
    schedule: Flags.option({
      options: syncChoices,
      summary: messages.getMessage('flags.schedule.summary'),
    })(),
    reason: reasonFlag,
    wait: waitFlag(10),
  };

  async run(): Promise<SyncPauseResult> {
    const { flags } = await this.parse(SyncPause);
    const api = await openSyncApi(flags['target-org']);
    if (flags.schedule !== undefined) {
      const schedules: Schedule[] = [];
      for (const sync of toSyncs(flags.schedule)) schedules.push(await api.pauseSync(sync, flags.reason));
      this.log(formatSchedules(schedules));
      return { run: null, schedules };
    }
    const asked = await api.pauseRun(await findOpenRun(api, flags.run, ['queued', 'running']), flags.reason);
    const watcher = watchRun(this, asked);
    const run = await awaitRun(api, asked, flags.wait * 60_000, watcher);
    watcher.end(run);
    this.log(`\n${formatRuns([run])}\n`);
    if (run.state === 'paused') {
      this.log(messages.getMessage('info.paused', [run.runId]));
    } else {
      this.log(messages.getMessage(isAtRest(run) ? 'info.ended' : 'info.notYet', [run.runId]));
      process.exitCode = isAtRest(run) ? exitCodes.failed : exitCodes.notFinished;
    }
    return { run, schedules: [] };
  }
}
