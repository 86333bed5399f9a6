import { z } from 'zod';

export const findingLevels = ['ok', 'warning', 'error'] as const;

/** One thing that was looked at, and what to do about it. */
export const findingSchema = z.object({
  check: z.string().describe('Stable name, such as `salesforce.fields`.'),
  level: z.enum(findingLevels),
  finding: z.string(),
  action: z.string().nullable(),
  details: z.array(z.string()),
});
export type Finding = z.infer<typeof findingSchema>;

export const doctorReportSchema = z.object({
  checkedAt: z.iso.datetime(),
  level: z.enum(findingLevels).describe('The worst of all findings.'),
  findings: z.array(findingSchema),
});
export type DoctorReport = z.infer<typeof doctorReportSchema>;

/** What `PUT /v1/warehouse/views` made. */
export const appliedViewsSchema = z.object({
  appliedAt: z.iso.datetime(),
  views: z
    .record(z.string(), z.string())
    .describe(
      'By object: the hash of the text applied, and that of what the warehouse holds (null for a table).',
    ),
});
export type AppliedViews = z.infer<typeof appliedViewsSchema>;
