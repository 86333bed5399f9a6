import { Messages } from '@salesforce/core';
import { Flags, SfCommand } from '@salesforce/sf-plugins-core';
import type { Run, Schedule } from '../../../middleware/src/contracts/index.ts';
import { awaitRun } from '../../api/awaitRun.ts';
import { findOpenRun } from '../../api/findOpenRun.ts';
import { openSyncApi } from '../../api/openSyncApi.ts';
import { exitCodeOf } from '../../exitCodes.ts';
import { reasonFlag, runFlag, syncChoices, targetOrgFlag, toSyncs, waitFlag } from '../../flags.ts';
import { formatRuns, formatSchedules } from '../../formatters/formatRuns.ts';
import { watchRun } from '../../formatters/watchRun.ts';

Messages.importMessagesDirectoryFromMetaUrl(import.meta.url);
const messages = Messages.loadMessages('sf-property-sync', 'sync.resume');

export interface SyncResumeResult {
  /** The run that goes on; null where a schedule does. */
  readonly run: Run | null;
  /** The schedules that go on. */
  readonly schedules: readonly Schedule[];
}

export default class SyncResume extends SfCommand<SyncResumeResult> {
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
    wait: waitFlag(0),
  };

  async run(): Promise<SyncResumeResult> {
    const { flags } = await this.parse(SyncResume);
    const api = await openSyncApi(flags['target-org']);
    if (flags.schedule !== undefined) {
      const schedules: Schedule[] = [];
      for (const sync of toSyncs(flags.schedule)) schedules.push(await api.resumeSync(sync, flags.reason));
      this.log(formatSchedules(schedules));
      return { run: null, schedules };
    }
    const resumed = await api.resumeRun(await findOpenRun(api, flags.run, ['paused']), flags.reason);
    if (flags.wait === 0) {
      this.log(`${formatRuns([resumed])}\n\n${messages.getMessage('info.goesOn', [resumed.runId])}`);
      return { run: resumed, schedules: [] };
    }
    const watcher = watchRun(this, resumed);
    const run = await awaitRun(api, resumed, flags.wait * 60_000, watcher);
    watcher.end(run);
    this.log(`\n${formatRuns([run])}`);
    process.exitCode = exitCodeOf(run.state);
    return { run, schedules: [] };
  }
}
