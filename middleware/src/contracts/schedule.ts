import { z } from 'zod';
import { syncSchema } from './plan.ts';

const hourMinutes = 60;
/** Intervals that come at the same minutes of every hour, or at the same hours of every day. */
export const intervalMinutes: readonly number[] = [
  ...[1, 2, 3, 4, 5, 6, 10, 12, 15, 20, 30],
  ...[1, 2, 3, 4, 6, 8, 12, 24].map((hours) => hours * hourMinutes),
];

/** What a tick of the schedule came to. */
export const tickOutcomes = ['ran', 'blocked', 'failed', 'skippedRunning', 'skippedPaused'] as const;

export const tickSchema = z.object({
  at: z.iso.datetime(),
  outcome: z.enum(tickOutcomes),
  planId: z.uuid().nullable(),
  runId: z.uuid().nullable(),
  detail: z.string().nullable().describe('Why it did not run.'),
});
export type Tick = z.infer<typeof tickSchema>;

export const syncPauseSchema = z.object({
  at: z.iso.datetime(),
  by: z.string(),
  reason: z.string(),
});
export type SyncPause = z.infer<typeof syncPauseSchema>;

/** The schedule of one sync as it is in force, read from the scheduler and not from the settings. */
export const scheduleSchema = z.object({
  sync: syncSchema,
  intervalMs: z.number().int().nullable().describe('As in force; null when nothing is scheduled.'),
  declaredIntervalMs: z.number().int().nullable().describe('As the settings say; null is "off".'),
  isAsDeclared: z.boolean(),
  nextAt: z.iso.datetime().nullable().describe('The next tick; null while paused or off.'),
  pause: syncPauseSchema.nullable(),
  lastTick: tickSchema.nullable(),
});
export type Schedule = z.infer<typeof scheduleSchema>;

export const scheduleListSchema = z.object({ items: z.array(scheduleSchema) });

/** Why something is paused, resumed or canceled: kept with the event. */
export const reasonRequestSchema = z.strictObject({
  reason: z.string().trim().min(3).max(500),
});
export type ReasonRequest = z.infer<typeof reasonRequestSchema>;
