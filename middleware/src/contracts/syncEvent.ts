import { z } from 'zod';

export const syncEventKinds = [
  'runPaused',
  'runResumed',
  'runCanceled',
  'syncPaused',
  'syncResumed',
  'viewsApplied',
] as const;

/** Who did what, when and why (docs/domain.md §13.1). Append-only. */
export const syncEventSchema = z.object({
  eventId: z.uuid(),
  kind: z.enum(syncEventKinds),
  subject: z.string().describe('A run id, the name of a sync, or the schema of the views.'),
  actor: z.string().describe('Name of the API key, or "middleware".'),
  reason: z.string(),
  at: z.iso.datetime(),
});
export type SyncEvent = z.infer<typeof syncEventSchema>;
