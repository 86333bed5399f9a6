import type { z } from 'zod';
import { SyncError } from '../errors.ts';
import type { JsonValue } from '../planning/hashPlan.ts';

/** Where a page ends, as text that callers hand back as it is. It holds no secret and proves nothing. */
export function encodeCursor(value: JsonValue): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

/** What the cursor holds. Throws REQUEST_INVALID on one that no page has given out. */
export function decodeCursor<Schema extends z.ZodType>(schema: Schema, text: string): z.infer<Schema> {
  try {
    return schema.parse(JSON.parse(Buffer.from(text, 'base64url').toString()));
  } catch (error) {
    throw new SyncError('REQUEST_INVALID', 'The request is not valid.', {
      cause: error,
      details: ['cursor: is not the nextCursor of a page'],
    });
  }
}
