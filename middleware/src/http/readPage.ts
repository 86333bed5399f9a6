import type { z } from 'zod';
import type { Page, PageQuery } from '../contracts/index.ts';
import type { JsonValue } from '../planning/hashPlan.ts';
import { decodeCursor, encodeCursor } from './cursor.ts';

/**
 * One page of a list. `read` is asked for one item more than the page holds, to see whether there is a next page;
 * `placeOf` says after which place that one begins, in the form of the schema.
 */
export async function readPage<Item, Place extends JsonValue>(
  { limit, cursor }: PageQuery,
  placeSchema: z.ZodType<Place>,
  placeOf: (last: Item) => Place,
  read: (limit: number, after: Place | undefined) => Promise<readonly Item[]>,
): Promise<Page<Item>> {
  const after = cursor === undefined ? undefined : decodeCursor(placeSchema, cursor);
  const found = await read(limit + 1, after);
  const items = found.slice(0, limit);
  const last = items.at(-1);
  return {
    items,
    nextCursor: found.length > limit && last !== undefined ? encodeCursor(placeOf(last)) : null,
  };
}
