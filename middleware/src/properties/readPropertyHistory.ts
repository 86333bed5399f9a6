import type { HistoryEntry } from '../contracts/index.ts';
import type { RunStore } from '../ports/runStore.ts';
import { resolveProperty, type ResolveDeps } from './resolveProperty.ts';

/** An entry of the history: what comes next begins after it. */
export interface HistoryPlace {
  readonly runId: string;
  readonly rdsPropertyId: string;
}

export interface HistoryDeps extends ResolveDeps {
  readonly runStore: Pick<RunStore, 'listHistory'>;
}

/**
 * The writes of every property of the group that an id names, over all runs, newest first. Throws REQUEST_INVALID,
 * NOT_FOUND.
 */
export async function readPropertyHistory(
  id: string,
  { limit, after }: { readonly limit: number; readonly after: HistoryPlace | undefined },
  deps: HistoryDeps,
): Promise<HistoryEntry[]> {
  const { memberIds } = await resolveProperty(id, deps);
  return deps.runStore.listHistory(memberIds, { limit, ...(after && { after }) });
}
