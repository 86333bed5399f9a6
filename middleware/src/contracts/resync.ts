import { z } from 'zod';
import { classificationSchema } from './plan.ts';
import { itemErrorSchema, runItemStateSchema } from './runItem.ts';

export const resyncUrgencies = ['urgent', 'background'] as const;

export const createResyncRequestSchema = z.strictObject({
  actingUser: z
    .string()
    .trim()
    .min(1)
    .max(120)
    .nullable()
    .default(null)
    .describe('The person who asked, as the caller claims: shown in the history, trusted for nothing.'),
  urgency: z.enum(resyncUrgencies).default('urgent').describe('A person waits for an urgent resync.'),
});
export type CreateResyncRequest = z.infer<typeof createResyncRequestSchema>;

export const resyncStates = ['queued', 'running', 'succeeded', 'partiallySucceeded', 'failed'] as const;
export const resyncStateSchema = z.enum(resyncStates);
export type ResyncState = z.infer<typeof resyncStateSchema>;

/** What a resync made of one property of the group. */
export const resyncMemberSchema = z.object({
  rdsPropertyId: z.string(),
  name: z.string().nullable(),
  classification: classificationSchema.describe('As it was when the resync was planned.'),
  reasonCode: z.string().nullable(),
  state: runItemStateSchema.nullable().describe('Of its run item; null where nothing had to be written.'),
  error: itemErrorSchema.nullable(),
});
export type ResyncMember = z.infer<typeof resyncMemberSchema>;

/** A plan and run of one property's group. Green only when every record that had to be written was read back. */
export const resyncSchema = z.object({
  resyncId: z.uuid(),
  groupKey: z
    .string()
    .describe("The group's 18-character Salesforce id, or the RDS id of a property that has none."),
  requestedId: z.string().describe('The id the resync was asked with.'),
  urgency: z.enum(resyncUrgencies),
  state: resyncStateSchema,
  stage: z.enum(['planning', 'writing', 'verifying']).nullable(),
  requestedBy: z.string().describe('Name of the API key.'),
  actingUser: z.string().nullable(),
  createdAt: z.iso.datetime(),
  startedAt: z.iso.datetime().nullable(),
  endedAt: z.iso.datetime().nullable(),
  planId: z.uuid().nullable(),
  runIds: z.array(z.uuid()),
  members: z.array(resyncMemberSchema).describe('Empty until the resync has been planned.'),
  error: z
    .object({ code: z.string(), message: z.string(), action: z.string(), details: z.array(z.string()) })
    .nullable(),
});
export type Resync = z.infer<typeof resyncSchema>;
