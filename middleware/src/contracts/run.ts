import { z } from 'zod';
import { pageQuerySchema } from './page.ts';
import { syncSchema } from './plan.ts';

export const startRunRequestSchema = z.strictObject({
  planId: z.uuid(),
  sync: syncSchema,
  skipMoved: z
    .boolean()
    .default(false)
    .describe('Go on without the rows that have changed since the plan was made, in place of refusing.'),
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

/** What a run is for. `rollback`, `configTest` and `pilot` share the same ledger and are not started yet. */
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

export const pauseCauses = ['asked', 'brake', 'budget', 'authentication'] as const;

/** Why a run stands still: somebody asked, too many records failed, API calls ran short, or the login was refused. */
export const runPauseSchema = z.object({
  cause: z.enum(pauseCauses),
  at: z.iso.datetime(),
  by: z.string(),
  reason: z.string(),
});
export type RunPause = z.infer<typeof runPauseSchema>;

/** What somebody asked of a run that is running; it is done between two batches, so that nothing is in flight then. */
export const stopRequestSchema = z.object({
  kind: z.enum(['pause', 'cancel']),
  at: z.iso.datetime(),
  by: z.string(),
  reason: z.string(),
});
export type StopRequest = z.infer<typeof stopRequestSchema>;

export const runSchema = z.object({
  runId: z.uuid(),
  planId: z.uuid(),
  sync: syncSchema,
  kind: runKindSchema,
  state: runStateSchema,
  stage: z.string().nullable().describe('What is being done while the run is running.'),
  trigger: z.string(),
  actor: z.string(),
  actingUser: z.string().nullable().describe('Who asked for a resync, as the caller claimed.'),
  resyncId: z.uuid().nullable(),
  skipMoved: z.boolean(),
  pause: runPauseSchema.nullable(),
  stopRequest: stopRequestSchema.nullable(),
  brakeBase: z
    .object({ attempted: z.number().int(), failed: z.number().int() })
    .nullable()
    .describe('Where the error rate is counted from, after somebody let a braked run go on.'),
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

/** `GET /v1/runs`: all runs, or those in a state or of a sync, newest first. */
export const runListQuerySchema = pageQuerySchema.extend({
  state: runStateSchema.optional(),
  sync: syncSchema.optional(),
});
