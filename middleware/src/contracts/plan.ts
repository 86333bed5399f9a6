import { z } from 'zod';
import { pageQuerySchema } from './page.ts';

export const syncNames = ['A', 'B'] as const;
/** Sync A creates, Sync B updates. */
export const syncSchema = z.enum(syncNames);
export type Sync = z.infer<typeof syncSchema>;

export const operationSchema = z.enum(['create', 'update']);
export type Operation = z.infer<typeof operationSchema>;

/** Sync A writes the create cohort of a plan, Sync B the update cohort. */
export const operationOf: Readonly<Record<Sync, Operation>> = { A: 'create', B: 'update' };

export const classifications = ['CREATE', 'UPDATE', 'IN_SYNC', 'CONFLICT', 'EXCLUDED'] as const;
export const classificationSchema = z.enum(classifications);
export type Classification = z.infer<typeof classificationSchema>;

export const createPlanRequestSchema = z.strictObject({
  isAttended: z
    .boolean()
    .default(true)
    .describe('False for a scheduled plan: then the volume guard applies.'),
});
export type CreatePlanRequest = z.infer<typeof createPlanRequestSchema>;

/** A normalised value: text, number, boolean, a date as `YYYY-MM-DD`, or null for an empty field. */
export const mappedValueSchema = z.union([z.string(), z.number(), z.boolean(), z.null()]);

/** Normalised values by Salesforce field name. */
export const mappedValuesSchema = z.record(z.string(), mappedValueSchema);

/** One field whose value in Salesforce is to change. */
export const fieldChangeSchema = z.object({
  field: z.string(),
  from: mappedValueSchema,
  to: mappedValueSchema,
});
export type FieldChange = z.infer<typeof fieldChangeSchema>;

export const guardResultSchema = z.object({
  guard: z.string(),
  isTripped: z.boolean(),
  isReleasable: z.boolean().describe('Whether a person may let a plan through that trips it.'),
  measured: z.number(),
  limit: z.number(),
  detail: z.string(),
});
export type GuardResult = z.infer<typeof guardResultSchema>;

export const planStateSchema = z.enum(['building', 'ready', 'blocked', 'failed']);
export type PlanState = z.infer<typeof planStateSchema>;

const countsByText = z.record(z.string(), z.number().int());

/** What a plan would do, in numbers. Every number is counted from the warehouse at `builtAt`. */
export const planSummarySchema = z.object({
  tableRows: z.number().int().describe('Rows of the RDS properties table, soft-deleted ones included.'),
  properties: z.number().int().describe('Live rows of the RDS properties table.'),
  active: z.number().int().describe('Live rows with status ACTIVE.'),
  classes: countsByText,
  excluded: countsByText.describe('Excluded properties by reason code.'),
  toCreate: z.number().int(),
  toCreateP1: z.number().int().describe('To create and with a paid feature in the group.'),
  existing: z.number().int().describe('Properties with exactly one staging row that a sync may write.'),
  matched: z.number().int().describe('Existing, ACTIVE and with a valid Salesforce id.'),
  withChanges: z.number().int(),
  derivedOnly: z
    .number()
    .int()
    .describe('Of these, rows whose only changes are fields computed from the group.'),
  inSync: z.number().int(),
  conflicts: z.number().int(),
  idvMismatches: z
    .number()
    .int()
    .describe('Existing rows that Salesforce shows without ID verification though it is on.'),
  featureAccurate: z
    .number()
    .int()
    .describe('Eligible one-row properties whose five flags all equal the expectation.'),
  featureComparable: z.number().int().describe('Eligible properties with exactly one staging row.'),
  blocked: z
    .number()
    .int()
    .describe('ACTIVE properties whose Salesforce id is carried by another property too.'),
  blockedWithRow: z.number().int().describe('Of these, properties with a staging row of their own.'),
  multiProperty: z.number().int().describe('Groups with two or more contributors.'),
  largestGroup: z.number().int(),
  stagingRows: z.number().int().describe('Live staging rows.'),
  fieldChanges: countsByText.describe('Rows to update by changed field.'),
  valuesCleared: z.number().int().describe('Field values that the plan would set to empty.'),
  warnings: countsByText,
});
export type PlanSummary = z.infer<typeof planSummarySchema>;

export const planSchema = z.object({
  planId: z.uuid(),
  groupKey: z.string().nullable().describe('The group of a resync; null for a plan of all properties.'),
  state: planStateSchema,
  stage: z.string().nullable().describe('What is being done while the plan is building.'),
  isAttended: z.boolean(),
  createdAt: z.iso.datetime(),
  builtAt: z.iso.datetime().nullable(),
  businessTime: z.iso.datetime().nullable().describe('The clock the views were read with.'),
  isSourceStale: z.boolean(),
  summary: planSummarySchema.nullable(),
  guards: z.array(guardResultSchema),
  planHash: z.string().nullable(),
  cohortHashes: z.object({ create: z.string(), update: z.string() }).nullable(),
  configHash: z.string().nullable(),
  viewHashes: z.record(z.string(), z.string()),
  mirrorWatermark: z
    .string()
    .nullable()
    .describe("The largest SystemModstamp the mirror has seen; Salesforce's own clock."),
  sourceFreshAt: z.iso.datetime().nullable(),
  timingsMs: z.record(z.string(), z.number()),
  error: z
    .object({ code: z.string(), message: z.string(), action: z.string(), details: z.array(z.string()) })
    .nullable(),
});
export type Plan = z.infer<typeof planSchema>;

/** One row of a plan. `changes` is empty for a create: everything in `expected` is new. */
export const planItemSchema = z.object({
  rdsPropertyId: z.string(),
  operation: operationSchema,
  ordinal: z.number().int().describe('Position in its cohort, from 0: the order of delivery.'),
  stagingId: z.string().nullable(),
  groupKey: z.string(),
  priority: z.string().nullable(),
  expected: mappedValuesSchema,
  changes: z.array(fieldChangeSchema),
  warnings: z.array(z.string()),
  rowHash: z.string().describe('Hash of what the row would write; a plan holds while it is unchanged.'),
});

/** `GET /v1/plans/{planId}/items`: creates first, each cohort in the order of its delivery; or one of the two. */
export const planItemListQuerySchema = pageQuerySchema.extend({ operation: operationSchema.optional() });
