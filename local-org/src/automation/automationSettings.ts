import { z } from 'zod';

const rejection = z.strictObject({
  /** Values of the key field whose records are refused. */
  keys: z.array(z.string()).min(1),
  on: z.enum(['insert', 'update']),
  /** `flowPicklist`: the Flow fails on a restricted picklist of another record. `validation`: a rule says no. */
  error: z.enum(['flowPicklist', 'validation']),
});

const insertLimit = z.strictObject({
  /** Inserts that one transaction survives. */
  maxRecords: z.number().int().positive(),
  /** `always`, or only the first time that exactly these records come together. */
  when: z.enum(['always', 'oncePerBatch']),
});

/** Settings of the automation stand-in. */
export const automationSettings = z.strictObject({
  isEnabled: z.boolean(),
  /** Milliseconds of the org's clock between a row's creation and its link. */
  linkDelayMs: z.number().int().nonnegative(),
  rejections: z.array(rejection),
  insertLimit: insertLimit.nullable(),
});

export type AutomationSettings = z.infer<typeof automationSettings>;

export const DEFAULT_AUTOMATION: AutomationSettings = {
  isEnabled: true,
  linkDelayMs: 5 * 60_000,
  rejections: [],
  insertLimit: null,
};
