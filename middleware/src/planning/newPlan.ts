import type { Plan } from '../contracts/index.ts';

/** A plan as it is stored before anything of it has been built. */
export function newPlan(planId: string, { isAttended, now }: { isAttended: boolean; now: Date }): Plan {
  return {
    planId,
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
