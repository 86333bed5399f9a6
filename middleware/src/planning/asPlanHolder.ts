import type { GroupStore } from '../ports/groupStore.ts';
import type { RunStore } from '../ports/runStore.ts';

interface Stores {
  readonly runStore: RunStore;
  readonly groupStore: GroupStore;
}

/** The stores as whoever holds a plan writes that plan: refused once somebody else has taken it. */
export function asPlanHolder({ runStore, groupStore }: Stores, hold: number): Stores {
  return {
    runStore: {
      ...runStore,
      updatePlan: (planId, patch) => runStore.updatePlan(planId, patch, hold),
      clearPlanItems: (planId) => runStore.clearPlanItems(planId, hold),
      appendPlanItems: (planId, items) => runStore.appendPlanItems(planId, items, hold),
    },
    groupStore: {
      ...groupStore,
      openGroups: (planId, options) => groupStore.openGroups(planId, { ...options, hold }),
      appendMembers: (planId, members) => groupStore.appendMembers(planId, members, hold),
    },
  };
}
