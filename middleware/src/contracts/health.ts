import { z } from 'zod';

export const componentHealthSchema = z.object({ isReady: z.boolean(), detail: z.string() });
export type ComponentHealth = z.infer<typeof componentHealthSchema>;

export const healthSchema = z.object({
  isReady: z.boolean(),
  warehouse: componentHealthSchema,
  salesforce: componentHealthSchema.extend({
    apiUsed: z.number().int().nullable(),
    apiLimit: z.number().int().nullable(),
  }),
  store: componentHealthSchema,
  /**
   * Dashboard rows of the warehouse (docs/domain.md §13.2). Null until the first plan has been built, and while the
   * warehouse or the store is not ready or the views cannot be read.
   */
  dashboard: z
    .array(
      z.object({ stage: z.string(), count: z.number().int(), withFeatures: z.number().int().nullable() }),
    )
    .nullable(),
  latestPlanId: z.uuid().nullable().describe('The plan built last, ready or blocked.'),
  memoryPeaks: z
    .object({ heapMb: z.number(), rssMb: z.number() })
    .describe('Of the process since its start, in MiB.'),
});
export type Health = z.infer<typeof healthSchema>;
