import { z } from 'zod';
import { syncSchema } from './plan.ts';

export const startRunRequestSchema = z.strictObject({
  planId: z.uuid(),
  sync: syncSchema,
});
export type StartRunRequest = z.infer<typeof startRunRequestSchema>;

export const runStates = [
  'queued',
  'running',
  'paused',
  'succeeded',
  'partiallySucceeded',
  'failed',
  'canceled',
] as const;
export const runStateSchema = z.enum(runStates);
export type RunState = z.infer<typeof runStateSchema>;

/** What a run is for. Only `create` and `update` are started today; the others share the same ledger. */
export const runKindSchema = z.enum(['create', 'update', 'resync', 'rollback', 'configTest', 'pilot']);
export type RunKind = z.infer<typeof runKindSchema>;

/** Run items by state and effect. `written` is what Salesforce accepted; only `verified` counts as synced. */
export const runCountsSchema = z.object({
  planned: z.number().int().describe('Items of the run in all.'),
  attempted: z.number().int(),
  written: z.number().int().describe('Accepted by Salesforce.'),
  created: z.number().int(),
  updated: z.number().int(),
  verified: z.number().int(),
  failed: z.number().int(),
  quarantined: z.number().int(),
  skipped: z.number().int(),
  unknown: z.number().int(),
  waiting: z.number().int().describe('Not yet sent.'),
});
export type RunCounts = z.infer<typeof runCountsSchema>;

export const runSchema = z.object({
  runId: z.uuid(),
  planId: z.uuid(),
  sync: syncSchema,
  kind: runKindSchema,
  state: runStateSchema,
  stage: z.string().nullable().describe('What is being done while the run is running.'),
  trigger: z.string(),
  actor: z.string(),
  createdAt: z.iso.datetime(),
  startedAt: z.iso.datetime().nullable(),
  endedAt: z.iso.datetime().nullable(),
  counts: runCountsSchema,
  timingsMs: z.record(z.string(), z.number()),
  error: z
    .object({ code: z.string(), message: z.string(), action: z.string(), details: z.array(z.string()) })
    .nullable(),
});
export type Run = z.infer<typeof runSchema>;
