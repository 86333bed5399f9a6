import type { ResyncStore } from '../ports/resyncStore.ts';

/** The store as whoever holds a resync writes that resync: refused once somebody else has taken it. */
export function asResyncHolder(resyncStore: ResyncStore, hold: number): ResyncStore {
  return {
    ...resyncStore,
    assertHeld: (resyncId) => resyncStore.assertHeld(resyncId, hold),
    updateResync: (resyncId, patch) => resyncStore.updateResync(resyncId, patch, hold),
    savePlan: (resyncId, made) => resyncStore.savePlan(resyncId, made, hold),
  };
}
