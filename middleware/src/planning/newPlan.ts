import type { Plan } from '../contracts/index.ts';

/** A plan of all properties, or of one group, as it is stored before anything of it has been built. */
export function newPlan(
  planId: string,
  { isAttended, now, groupKey = null }: { isAttended: boolean; now: Date; groupKey?: string | null },
): Plan {
  return {
    planId,
    groupKey,
    state: 'building',
    stage: null,
    isAttended,
    createdAt: now.toISOString(),
    builtAt: null,
    businessTime: null,
    isSourceStale: false,
    summary: null,
    guards: [],
    planHash: null,
    cohortHashes: null,
    configHash: null,
    viewHashes: {},
    mirrorWatermark: null,
    sourceFreshAt: null,
    timingsMs: {},
    error: null,
  };
}
