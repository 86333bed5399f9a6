import { z } from 'zod';

/** What `PUT /__local/bulk` takes; what is left out goes back to its default. */
export const bulkSettings = z.strictObject({
  /** Closed jobs stay in UploadComplete until this is false again. */
  isHeld: z.boolean().default(false),
  /** Milliseconds between the chunks of 200 records. */
  chunkDelayMs: z.number().int().nonnegative().default(0),
  /** Jobs fail when they have worked on so many records; the rest stays unprocessed. */
  failAfterRecords: z.number().int().nonnegative().nullable().default(null),
  /** Decides the order of the results. */
  shuffleSeed: z.number().int().default(1),
});

export type BulkSettings = z.infer<typeof bulkSettings>;
