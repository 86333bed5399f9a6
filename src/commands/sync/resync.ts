import { userInfo } from 'node:os';
import { Messages } from '@salesforce/core';
import { Flags, SfCommand } from '@salesforce/sf-plugins-core';
import type { Resync } from '../../../middleware/src/contracts/index.ts';
import { openSyncApi } from '../../api/openSyncApi.ts';
import { waitFor } from '../../api/waitFor.ts';
import { exitCodeOf } from '../../exitCodes.ts';
import { propertyIdFlag, targetOrgFlag, waitFlag } from '../../flags.ts';
import { createProgress } from '../../formatters/createProgress.ts';
import { formatResync } from '../../formatters/formatResync.ts';

Messages.importMessagesDirectoryFromMetaUrl(import.meta.url);
const messages = Messages.loadMessages('sf-property-sync', 'sync.resync');

export interface SyncResyncResult {
  readonly resync: Resync;
}

export default class SyncResync extends SfCommand<SyncResyncResult> {
  static override readonly summary = messages.getMessage('summary');
  static override readonly description = messages.getMessage('description');
  static override readonly examples = messages.getMessages('examples');

  static override readonly flags = {
    'target-org': targetOrgFlag,
    'property-id': propertyIdFlag,
    'acting-user': Flags.string({ summary: messages.getMessage('flags.acting-user.summary') }),
    wait: waitFlag(10),
  };

  async run(): Promise<SyncResyncResult> {
    const { flags } = await this.parse(SyncResync);
    const api = await openSyncApi(flags['target-org']);
    const started = await api.startResync(flags['property-id'], flags['acting-user'] ?? nameOfUser());
    const progress = createProgress(this, 'Resync');
    const resync = await waitFor(started, {
      read: () => api.readResync(started.resyncId),
      isOver: ({ state }) => state !== 'queued' && state !== 'running',
      waitMs: flags.wait * 60_000,
      onProgress: ({ stage, state }) => progress.update(stage ?? state),
      onSilence: () => progress.update(messages.getMessage('info.silence')),
    });
    progress.end(resync.state === 'partiallySucceeded' ? 'partially succeeded' : resync.state);
    this.log(`\n${formatResync(resync)}`);
    process.exitCode = exitCodeOf(resync.state);
    return { resync };
  }
}

/** Who sits here; some systems have no name for a user. */
function nameOfUser(): string | null {
  try {
    return userInfo().username;
  } catch {
    return null;
  }
}
