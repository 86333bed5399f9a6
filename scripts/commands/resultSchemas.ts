import { z } from 'zod';
import {
  appliedViewsSchema,
  doctorReportSchema,
  explanationSchema,
  findingSchema,
  planItemSchema,
  planSchema,
  resyncSchema,
  runItemSchema,
  runSchema,
  scheduleSchema,
} from '../../middleware/src/contracts/index.ts';
import type { SyncCancelResult } from '../../src/commands/sync/cancel.ts';
import type { SyncConnectResult } from '../../src/commands/sync/connect.ts';
import type { SyncDeployResult } from '../../src/commands/sync/deploy.ts';
import type { SyncDoctorResult } from '../../src/commands/sync/doctor.ts';
import type { SyncExplainResult } from '../../src/commands/sync/explain.ts';
import type { SyncPauseResult } from '../../src/commands/sync/pause.ts';
import type { SyncPreviewResult } from '../../src/commands/sync/preview.ts';
import type { SyncResumeResult } from '../../src/commands/sync/resume.ts';
import type { SyncResyncResult } from '../../src/commands/sync/resync.ts';
import type { SyncRunResult } from '../../src/commands/sync/run.ts';
import type { SyncStatusResult } from '../../src/commands/sync/status.ts';
import type { SyncUndeployResult } from '../../src/commands/sync/undeploy.ts';

/** A schema of just this type: what it lets through is a result, and every result has each of its keys. */
type SchemaOf<Result> = z.ZodObject<{ [Key in keyof Result]-?: z.ZodType<Result[Key]> }>;

const controlled = {
  run: runSchema.nullable().describe('The run; null where the schedule was meant.'),
  schedules: z.array(scheduleSchema).describe('The schedules; empty where a run was meant.'),
};

const named = { type: z.string(), fullName: z.string() };
const deployProblemSchema = z.object({
  ...named,
  problem: z.string(),
  action: z.string(),
  file: z.string().describe('In the package; empty when no file is to blame.'),
  line: z.number().int().nullable(),
  column: z.number().int().nullable(),
});

/** What each verb puts under `result` with `--json`. The compiler holds it to what the commands answer. */
export const resultSchemas = {
  'sync:connect': z.object({
    connection: z.string().describe('Username of the org, or "default" for the connection of no org.'),
    url: z.string().nullable(),
    isConnected: z.boolean(),
  }) satisfies SchemaOf<SyncConnectResult>,
  'sync:preview': z.object({
    plan: planSchema,
    items: z.array(planItemSchema).describe('The first rows of each sync asked for, creates first.'),
    hasMoreItems: z.boolean(),
  }) satisfies SchemaOf<SyncPreviewResult>,
  'sync:run': z.object({
    planId: z.string(),
    runs: z.array(runSchema).describe('The runs that were started, in their order.'),
    failedItems: z.array(runItemSchema).describe('The first records that did not end as verified.'),
    hasMoreFailedItems: z.boolean(),
    next: z.array(z.string()).describe('Commands to go on with.'),
  }) satisfies SchemaOf<SyncRunResult>,
  'sync:status': z.object({
    run: runSchema.nullable().describe('The run asked for, or the latest; null where there is none yet.'),
    failedItems: z.array(runItemSchema).describe('The first records of it that did not end as verified.'),
    hasMoreFailedItems: z.boolean(),
    latestRuns: z.array(runSchema).describe('Newest first; empty where one run was asked for.'),
    schedules: z.array(scheduleSchema).describe('As they are in force; empty where one run was asked for.'),
  }) satisfies SchemaOf<SyncStatusResult>,
  'sync:pause': z.object(controlled) satisfies SchemaOf<SyncPauseResult>,
  'sync:resume': z.object(controlled) satisfies SchemaOf<SyncResumeResult>,
  'sync:cancel': z.object({ run: runSchema }) satisfies SchemaOf<SyncCancelResult>,
  'sync:resync': z.object({ resync: resyncSchema }) satisfies SchemaOf<SyncResyncResult>,
  'sync:explain': z.object({ explanation: explanationSchema }) satisfies SchemaOf<SyncExplainResult>,
  'sync:doctor': doctorReportSchema satisfies SchemaOf<SyncDoctorResult>,
  'sync:deploy': z.object({
    username: z.string(),
    orgId: z.string(),
    status: z.string().describe('`Refused` when nothing was sent; otherwise as the Metadata API names it.'),
    deployId: z.string().nullable(),
    isDryRun: z.boolean(),
    components: z.array(
      z.object({
        ...named,
        state: z.enum(['Created', 'Changed', 'Unchanged', 'Left']),
        reason: z.string().nullable().describe('Why it was left as it is.'),
      }),
    ),
    problems: z.array(deployProblemSchema),
    testsRun: z.number().int(),
    remarks: z.array(z.string()).describe('Of the org on tests and coverage; they fail nothing.'),
    key: z.object({
      isUnique: z.boolean(),
      surplus: z.object({
        keys: z.number().int(),
        rows: z.number().int(),
        examples: z.array(z.string()),
        isBounded: z.boolean().describe('There may be more than were counted.'),
      }),
    }),
    assignments: z.array(z.object({ permissionSet: z.string(), isNew: z.boolean() })),
    isSecretStored: z.boolean(),
    views: appliedViewsSchema
      .nullable()
      .describe('Views of the warehouse; null without --with-views, or when they could not be made.'),
    findings: z.array(findingSchema).describe('Of the check after the deploy; empty when not reached.'),
  }) satisfies SchemaOf<SyncDeployResult>,
  'sync:undeploy': z.object({
    username: z.string(),
    status: z
      .string()
      .describe('`Nothing`, `Canceled`, `Planned` with --dry-run; otherwise as the Metadata API names it.'),
    deployId: z.string().nullable(),
    removed: z.array(z.object(named)),
    kept: z.array(z.object({ ...named, reason: z.string() })),
    assignments: z.number().int(),
    problems: z.array(deployProblemSchema),
  }) satisfies SchemaOf<SyncUndeployResult>,
};
