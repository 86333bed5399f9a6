import { z } from 'zod';
import { classificationSchema, mappedValueSchema } from './plan.ts';
import { dataAsOfSchema } from './property.ts';

/** One field of one staging row in its four places, and why it should be what it should be. */
export const fieldExplanationSchema = z.object({
  field: z.string().describe("Salesforce's name."),
  column: z.string().describe("The view's name."),
  source: mappedValueSchema.describe(
    'Of the raw source, as it stands there: what the contributing property itself holds; of the property asked about where none contributes, null for what no column holds.',
  ),
  view: mappedValueSchema.describe('What the warehouse view made of it at the last plan.'),
  expected: mappedValueSchema.describe(
    'What the reference evaluator makes of the raw source now; null throughout for an excluded property.',
  ),
  salesforce: mappedValueSchema.describe(
    'What Salesforce holds now, as it stands there; null also where there is no row, or more than one.',
  ),
  doesDiffer: z.boolean().describe('Expected and Salesforce, as the sync compares them.'),
  rule: z.string().describe('In one sentence, for people.'),
  contributorId: z
    .string()
    .nullable()
    .describe('The property whose value this is; null for a value of the group as a whole or for none.'),
});
export type FieldExplanation = z.infer<typeof fieldExplanationSchema>;

export const hypotheses = [
  'duplicateStagingRows',
  'idMismatch',
  'absentFromFeatureTable',
  'absentFromQueue',
  'featureEventsMissing',
  'syncNotRunning',
] as const;

/** One of the six questions of docs/domain.md §10. */
export const diagnosisSchema = z.object({
  hypothesis: z.enum(hypotheses),
  doesHold: z.boolean(),
  finding: z.string().describe('What was seen, with its numbers and ids.'),
  action: z.string().nullable().describe('What to do, where it holds.'),
});
export type Diagnosis = z.infer<typeof diagnosisSchema>;

/** Why one property shows what it shows: `GET /v1/properties/{id}/explanation`. Reads Salesforce itself. */
export const explanationSchema = z.object({
  groupKey: z.string(),
  sfdcId: z.string().nullable(),
  rdsPropertyId: z.string().nullable().describe('The property asked for; null when a group was asked for.'),
  dataAsOf: dataAsOfSchema.describe('Of the values in `view`.'),
  readAt: z.iso.datetime().describe('When the source and Salesforce were read for this answer.'),
  members: z.array(
    z.object({
      rdsPropertyId: z.string(),
      name: z.string().nullable(),
      isContributor: z.boolean(),
      classification: classificationSchema.describe('As of now.'),
      reasonCode: z.string().nullable(),
      warnings: z.array(z.string()),
      stagingIds: z.array(z.string()),
      fields: z.array(fieldExplanationSchema),
      diagnosis: z.array(diagnosisSchema),
    }),
  ),
});
export type Explanation = z.infer<typeof explanationSchema>;
