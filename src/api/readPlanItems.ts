import type { Sync } from '../../middleware/src/contracts/index.ts';
import type { Excerpt, PlanItem, SyncApi } from './syncApi.ts';

/** The first `limit` rows of each of these syncs. */
export async function readPlanItems(
  api: SyncApi,
  planId: string,
  { syncs, limit }: { readonly syncs: readonly Sync[]; readonly limit: number },
): Promise<Excerpt<PlanItem>> {
  const excerpts = [];
  for (const sync of limit === 0 ? [] : syncs) {
    excerpts.push(await api.listPlanItems(planId, { operation: sync === 'A' ? 'create' : 'update', limit }));
  }
  return {
    items: excerpts.flatMap(({ items }) => items),
    hasMore: excerpts.some(({ hasMore }) => hasMore),
  };
}
