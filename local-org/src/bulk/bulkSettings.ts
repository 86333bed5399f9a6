import { z } from 'zod';

/** Settings of the bulk jobs. */
export const bulkSettings = z.strictObject({
  /** Closed jobs stay in UploadComplete until this is false again. */
  isHeld: z.boolean(),
  /** Milliseconds between the chunks of 200 records. */
  chunkDelayMs: z.number().int().nonnegative(),
  /** Jobs fail when they have worked on so many records; the rest stays unprocessed. */
  failAfterRecords: z.number().int().nonnegative().nullable(),
  /** Decides the order of the results. */
  shuffleSeed: z.number().int(),
});

export type BulkSettings = z.infer<typeof bulkSettings>;

export const DEFAULT_BULK: BulkSettings = {
  isHeld: false,
  chunkDelayMs: 0,
  failAfterRecords: null,
  shuffleSeed: 1,
};
