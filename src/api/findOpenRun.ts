import { Messages, SfError } from '@salesforce/core';
import type { Run } from '../../middleware/src/contracts/index.ts';
import type { SyncApi } from './syncApi.ts';

Messages.importMessagesDirectoryFromMetaUrl(import.meta.url);
const messages = Messages.loadMessages('sf-property-sync', 'openRun');

const openStates: readonly Run['state'][] = ['queued', 'running', 'paused'];
/** Each sync has one open run at most, and they are among the newest. */
const newestRuns = 50;

/**
 * The id of the run that is meant: the one that is named, or the only one that is open. Throws NO_OPEN_RUN, and
 * SEVERAL_OPEN_RUNS, since a guess would stop the wrong one. Runs of resyncs belong to their resync.
 */
export async function findOpenRun(
  api: SyncApi,
  runId: string | undefined,
  states: readonly Run['state'][] = openStates,
): Promise<string> {
  if (runId !== undefined) return runId;
  const { items } = await api.listRuns({ limit: newestRuns });
  const open = items.filter((run) => run.resyncId === null && states.includes(run.state));
  const [run, ...others] = open;
  if (run === undefined) {
    throw new SfError(messages.getMessage('none', [states.join(', ')]), 'NO_OPEN_RUN', [
      messages.getMessage('none.action'),
    ]);
  }
  if (others.length > 0) {
    throw new SfError(messages.getMessage('several', [String(open.length)]), 'SEVERAL_OPEN_RUNS', [
      messages.getMessage('several.action'),
      ...open.map((each) => `--run ${each.runId}  (Sync ${each.sync}, ${each.state})`),
    ]);
  }
  return run.runId;
}
