import { z } from 'zod';
import { pageQuerySchema } from './page.ts';
import { fieldChangeSchema, mappedValuesSchema, operationSchema } from './plan.ts';

/** `planned → sent → accepted → verified`, or `failed`, `quarantined`, `skipped`; `unknown` until read by key. */
export const runItemStates = [
  'planned',
  'sent',
  'accepted',
  'unknown',
  'verified',
  'failed',
  'quarantined',
  'skipped',
] as const;
export const runItemStateSchema = z.enum(runItemStates);
export type RunItemState = z.infer<typeof runItemStateSchema>;

/** States an item never leaves within its run. */
export const terminalItemStates: readonly RunItemState[] = ['verified', 'failed', 'quarantined', 'skipped'];

/** The error classes of docs/domain.md §11.3; and records that moved, were not sent, or read back otherwise. */
export const errorClassSchema = z.enum([
  'permanentData',
  'permanentConfiguration',
  'capacity',
  'contention',
  'transient',
  'authentication',
  'unknownOutcome',
  'moved',
  'notSent',
  'verification',
]);
export type ErrorClass = z.infer<typeof errorClassSchema>;

/** Why an item did not end as verified: the innermost cause that Salesforce or the comparison named. */
export const itemErrorSchema = z.object({
  class: errorClassSchema,
  code: z.string(),
  message: z.string(),
  fields: z.array(z.string()),
});
export type ItemError = z.infer<typeof itemErrorSchema>;

export const runItemSchema = z.object({
  runId: z.uuid(),
  rdsPropertyId: z.string(),
  ordinal: z.number().int(),
  operation: operationSchema,
  state: runItemStateSchema,
  stagingId: z.string().nullable(),
  groupKey: z.string(),
  expected: mappedValuesSchema,
  changes: z.array(fieldChangeSchema),
  attempts: z.number().int(),
  wasCreated: z.boolean().nullable(),
  before: mappedValuesSchema.nullable(),
  after: mappedValuesSchema.nullable(),
  systemModstampBefore: z.string().nullable(),
  systemModstampAfter: z.string().nullable(),
  error: itemErrorSchema.nullable(),
  warnings: z.array(z.string()),
  sentAt: z.iso.datetime().nullable(),
  acceptedAt: z.iso.datetime().nullable(),
  endedAt: z.iso.datetime().nullable(),
});
export type RunItem = z.infer<typeof runItemSchema>;

/** `GET /v1/runs/{runId}/items`: all items, or those in a state, in the order of their delivery. */
export const runItemListQuerySchema = pageQuerySchema.extend({ state: runItemStateSchema.optional() });
