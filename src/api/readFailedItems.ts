import type { Run, RunItem, RunItemState } from '../../middleware/src/contracts/index.ts';
import type { Excerpt, SyncApi } from './syncApi.ts';

/** In the order in which they matter to whoever mends them. */
const failedStates = ['failed', 'quarantined', 'unknown', 'skipped'] as const satisfies RunItemState[];

/** The first records of a run that did not end as verified; asks only for what the counts say there is. */
export async function readFailedItems(
  api: SyncApi,
  { runId, counts }: Run,
  limit: number,
): Promise<Excerpt<RunItem>> {
  const items: RunItem[] = [];
  let hasMore = false;
  for (const state of failedStates) {
    if (counts[state] === 0) continue;
    if (items.length >= limit) {
      hasMore = true;
      break;
    }
    const excerpt = await api.listRunItems(runId, { state, limit: limit - items.length });
    items.push(...excerpt.items);
    hasMore ||= excerpt.hasMore;
  }
  return { items, hasMore };
}
