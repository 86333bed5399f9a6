import { ok, type Handler } from '../http/answer.ts';

/** GET /limits (REST API Developer Guide, "Limits"): the limits that this org keeps account of. */
export const limits: Handler = ({ org }) => {
  const { used, dailyLimit } = org.usage;
  const { ingestBatches, queryJobs } = org.bulkJobs.usage;
  return ok({
    DailyApiRequests: { Max: dailyLimit, Remaining: Math.max(0, dailyLimit - used) },
    DailyBulkApiBatches: { Max: 15_000, Remaining: 15_000 - ingestBatches },
    DailyBulkV2QueryJobs: { Max: 10_000, Remaining: 10_000 - queryJobs },
  });
};
