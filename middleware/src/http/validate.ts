import type { z } from 'zod';
import { SyncError } from '../errors.ts';

/** The value as the schema describes it, or REQUEST_INVALID naming each wrong field. */
export function validate<Schema extends z.ZodType>(schema: Schema, value: unknown): z.infer<Schema> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw new SyncError('REQUEST_INVALID', 'The request is not valid.', {
    details: result.error.issues.map(({ path, message }) =>
      path.length === 0 ? message : `${path.map(String).join('.')}: ${message}`,
    ),
  });
}
