import { Messages, SfError } from '@salesforce/core';
import { SfCommand } from '@salesforce/sf-plugins-core';
import type { Run } from '../../../middleware/src/contracts/index.ts';
import { awaitRun } from '../../api/awaitRun.ts';
import { findOpenRun } from '../../api/findOpenRun.ts';
import { openSyncApi } from '../../api/openSyncApi.ts';
import type { SyncApi } from '../../api/syncApi.ts';
import { exitCodes } from '../../exitCodes.ts';
import { reasonFlag, runFlag, targetOrgFlag, waitFlag } from '../../flags.ts';
import { formatRuns } from '../../formatters/formatRuns.ts';
import { watchRun } from '../../formatters/watchRun.ts';

Messages.importMessagesDirectoryFromMetaUrl(import.meta.url);
const messages = Messages.loadMessages('sf-property-sync', 'sync.cancel');

export interface SyncCancelResult {
  readonly run: Run;
}

const openStates: readonly Run['state'][] = ['queued', 'running', 'paused'];

export default class SyncCancel extends SfCommand<SyncCancelResult> {
  static override readonly summary = messages.getMessage('summary');
  static override readonly description = messages.getMessage('description');
  static override readonly examples = messages.getMessages('examples');

  static override readonly flags = {
    'target-org': targetOrgFlag,
    run: runFlag,
    reason: reasonFlag,
    wait: waitFlag(10),
  };

  async run(): Promise<SyncCancelResult> {
    const { flags } = await this.parse(SyncCancel);
    const api = await openSyncApi(flags['target-org']);
    const asked = await cancelRun(api, await findOpenRun(api, flags.run), flags.reason);
    const watcher = watchRun(this, asked);
    const isOver = ({ state }: Run): boolean => !openStates.includes(state);
    const run = await awaitRun(api, asked, flags.wait * 60_000, watcher, isOver);
    watcher.end(run);
    this.log(`\n${formatRuns([run])}\n`);
    if (run.state === 'canceled') {
      this.log(messages.getMessage('info.canceled'));
    } else {
      this.log(messages.getMessage(isOver(run) ? 'info.ended' : 'info.notYet', [run.runId]));
      process.exitCode = isOver(run) ? exitCodes.failed : exitCodes.notFinished;
    }
    return { run };
  }
}

/** A cancel whose answer was lost is refused when it is sent again, since the run has ended: then it is read. */
async function cancelRun(api: SyncApi, runId: string, reason: string): Promise<Run> {
  try {
    return await api.cancelRun(runId, reason);
  } catch (error) {
    if (!(error instanceof SfError) || error.name !== 'RUN_CONFLICT') throw error;
    const run = await api.readRun(runId);
    if (run.state !== 'canceled') throw error;
    return run;
  }
}
