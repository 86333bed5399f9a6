import { saveError } from '../errors.ts';
import { saveChunk, type SaveDeps, type SavedChunk, type SaveRequest, type SaveResult } from './saveChunk.ts';

/**
 * Records that triggers see at once. Fixed in Bulk API 2.0 and equal to the most that one Collections call takes
 * (Bulk API Developer Guide, "Bulk API and Bulk API 2.0 Limits and Allocations").
 */
export const CHUNK_SIZE = 200;

/** Saves the transactions one by one; with `allOrNone` one failed record takes everything back. */
export function saveRecords(
  requests: readonly SaveRequest[],
  deps: SaveDeps,
  { allOrNone }: { allOrNone: boolean },
): SaveResult[] {
  const chunks: SavedChunk[] = [];
  for (const request of requests) chunks.push(saveChunk(request, deps));
  const results = chunks.flatMap((chunk) => chunk.results);
  if (allOrNone && results.some((result) => !result.success)) {
    for (const chunk of chunks.toReversed()) chunk.undo();
    return results.map((result) => (result.success ? rolledBack : result));
  }
  for (const chunk of chunks) deps.trigger.afterSave(chunk.changes);
  return results;
}

const rolledBack: SaveResult = {
  success: false,
  errors: [
    saveError(
      'ALL_OR_NONE_OPERATION_ROLLED_BACK',
      'Record rolled back because not all records were valid and the request was using AllOrNone header',
    ),
  ],
};

/** Consecutive stretches of one object's records, of at most 200 each. */
export function inChunks<T>(items: readonly T[], isSameChunk: (left: T, right: T) => boolean): T[][] {
  const chunks: T[][] = [];
  for (const item of items) {
    const last = chunks.at(-1);
    if (last && last.length < CHUNK_SIZE && isSameChunk(last[0] as T, item)) last.push(item);
    else chunks.push([item]);
  }
  return chunks;
}
