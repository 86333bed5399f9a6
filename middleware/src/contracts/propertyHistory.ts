import { z } from 'zod';
import { operationSchema } from './plan.ts';
import { runKindSchema } from './run.ts';
import { itemErrorSchema, runItemStateSchema } from './runItem.ts';
import { fieldChangeSchema } from './plan.ts';

/** One write of one property of the group, newest first: an item of `GET /v1/properties/{id}/history`. */
export const historyEntrySchema = z.object({
  runId: z.uuid(),
  rdsPropertyId: z.string(),
  kind: runKindSchema,
  trigger: z.string(),
  actor: z.string(),
  actingUser: z.string().nullable().describe('The person a resync was asked by, as the caller claimed.'),
  operation: operationSchema,
  state: runItemStateSchema,
  changes: z.array(fieldChangeSchema),
  wasCreated: z.boolean().nullable(),
  error: itemErrorSchema.nullable(),
  sentAt: z.iso.datetime().nullable(),
  endedAt: z.iso.datetime().nullable(),
});
export type HistoryEntry = z.infer<typeof historyEntrySchema>;
