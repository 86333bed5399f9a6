import { z } from 'zod';
import { classificationSchema, fieldChangeSchema } from './plan.ts';
import { dataAsOfSchema } from './property.ts';
import { resyncStateSchema } from './resync.ts';
import { itemErrorSchema } from './runItem.ts';
import { syncPauseSchema } from './schedule.ts';

/** In the order in which a group takes the state of its members: the first that any member has (docs/domain.md §9). */
export const syncStates = [
  'syncing',
  'conflict',
  'quarantined',
  'failed',
  'drifted',
  'pending',
  'neverSynced',
  'paused',
  'verified',
  'excluded',
] as const;
export const syncStateSchema = z.enum(syncStates);
export type SyncState = z.infer<typeof syncStateSchema>;

export const memberStatusSchema = z.object({
  rdsPropertyId: z.string(),
  name: z.string().nullable(),
  state: syncStateSchema,
  isContributor: z.boolean(),
  classification: classificationSchema,
  reasonCode: z.string().nullable(),
  warnings: z.array(z.string()),
  stagingIds: z.array(z.string()),
  linkedId: z.string().nullable().describe('The production record that automation linked the row to.'),
  changes: z
    .array(fieldChangeSchema)
    .describe('What Salesforce shows and what it should show, where they differ.'),
  isInFlight: z.boolean().describe('The difference is younger than the time a sync takes.'),
  lastVerifiedAt: z.iso.datetime().nullable(),
  lastRunId: z.uuid().nullable(),
  error: itemErrorSchema
    .nullable()
    .describe('Why the last write failed; null once a later one was verified.'),
});
export type MemberStatus = z.infer<typeof memberStatusSchema>;

/** How a property and its group stand: `GET /v1/properties/{id}/status`. */
export const propertyStatusSchema = z.object({
  groupKey: z.string().describe('What `Property_Sync__e` events of this group carry.'),
  sfdcId: z.string().nullable(),
  rdsPropertyId: z.string().nullable(),
  state: syncStateSchema,
  doMembersDiffer: z.boolean().describe('Not every member has the state of the group.'),
  members: z.array(memberStatusSchema),
  resync: z
    .object({
      resyncId: z.uuid(),
      state: resyncStateSchema,
      stage: z.string().nullable(),
      createdAt: z.iso.datetime(),
      actingUser: z.string().nullable(),
    })
    .nullable()
    .describe('The resync that is queued or running.'),
  schedules: z.array(
    z.object({
      sync: z.enum(['A', 'B']),
      nextAt: z.iso.datetime().nullable(),
      pause: syncPauseSchema.nullable(),
    }),
  ),
  dataAsOf: dataAsOfSchema,
});
export type PropertyStatus = z.infer<typeof propertyStatusSchema>;
