import { z } from 'zod';
import { classificationSchema } from './plan.ts';

/** One of the five features, as a property has it itself or as its group shows it. */
export const featureStateSchema = z.object({
  feature: z.string(),
  isEnabled: z.boolean(),
  startDate: z.iso.date().nullable(),
});
export type FeatureState = z.infer<typeof featureStateSchema>;

/** One RDS property that carries the group's Salesforce id. Only a contributor's values count in the aggregate. */
export const groupMemberSchema = z.object({
  rdsPropertyId: z.string(),
  name: z.string().nullable(),
  shortId: z.string().nullable(),
  companyId: z.string().nullable(),
  companyName: z.string().nullable(),
  status: z.string().nullable().describe('Of the source: ACTIVE, DISABLED, ….'),
  isContributor: z.boolean(),
  classification: classificationSchema,
  reasonCode: z.string().nullable().describe('Why an excluded member does not count.'),
  warnings: z.array(z.string()),
  stagingIds: z.array(z.string()),
  features: z.array(featureStateSchema).describe("The member's own, before the union."),
});
export type GroupMember = z.infer<typeof groupMemberSchema>;

/** When and from what an answer was made. */
export const dataAsOfSchema = z.object({
  planId: z.uuid(),
  businessTime: z.iso.datetime().describe('When the source and Salesforce were last compared.'),
  sourceFreshAt: z.iso.datetime().nullable().describe('The newest ingest of the source.'),
});
export type DataAsOf = z.infer<typeof dataAsOfSchema>;

/** The aggregate of a property's group, with everybody in it: `GET /v1/properties/{id}`. */
export const propertySchema = z.object({
  groupKey: z.string(),
  sfdcId: z
    .string()
    .nullable()
    .describe('The 18-character Salesforce id that the group shares; null for none.'),
  rdsPropertyId: z.string().nullable().describe('The property asked for; null when a group was asked for.'),
  primaryRdsPropertyId: z.string().nullable().describe('The contributor shown first; null without one.'),
  name: z.string().nullable().describe("The primary's name, as the five that follow."),
  companyName: z.string().nullable(),
  street: z.string().nullable(),
  city: z.string().nullable(),
  state: z.string().nullable(),
  postalCode: z.string().nullable(),
  features: z.array(featureStateSchema).describe('The union over the contributors, with the earliest date.'),
  activePropertyCount: z.number().int(),
  totalFeatureCount: z.number().int(),
  isMultiProperty: z.boolean(),
  hasPaidFeatures: z.boolean(),
  members: z.array(groupMemberSchema).describe('Contributors first, in the total order; then the others.'),
  dataAsOf: dataAsOfSchema,
});
export type Property = z.infer<typeof propertySchema>;
