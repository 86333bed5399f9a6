import type { Plan, Resync, ResyncMember, Run } from '../contracts/index.ts';
import type { Idempotency, PlanItem } from './runStore.ts';

/**
 * The resyncs of the operational store. Each method is one transaction; throws `SyncError` STORE_UNAVAILABLE, and
 * RUN_CONFLICT for the hold of a resync that somebody else has taken since.
 */
export interface ResyncStore {
  /**
   * Stores the resync in state `queued` together with its job, or returns the one the same key made before. A group
   * with a resync that has not been started gets no second one: that one is returned, made urgent if this one is.
   */
  createResync(resync: Resync, idempotency: Idempotency): Promise<{ resync: Resync; isNew: boolean }>;
  /** The resync that the same key and request made before. Throws IDEMPOTENCY_KEY_REUSED. */
  findResync(idempotency: Idempotency): Promise<Resync | undefined>;
  /** The resync as it stands; its stage is `verifying` once its runs have nothing left to send. */
  readResync(resyncId: string): Promise<Resync | undefined>;
  /** Takes the resync for whoever carries it out from now on; see `RunStore.holdRun`. */
  holdResync(resyncId: string): Promise<number>;
  assertHeld(resyncId: string, hold?: number): Promise<void>;
  updateResync(
    resyncId: string,
    patch: Partial<Omit<Resync, 'resyncId' | 'runIds'>>,
    hold?: number,
  ): Promise<void>;
  /**
   * Stores the plan of a resync, its items and one run of each operation that has any, all `queued`, with the members and
   * the group that were planned; queues no work, since the resync carries its runs out itself. Does nothing if it has a
   * plan already.
   */
  savePlan(
    resyncId: string,
    made: {
      plan: Plan;
      items: readonly PlanItem[];
      runs: readonly Run[];
      members: readonly ResyncMember[];
    },
    hold?: number,
  ): Promise<void>;
  /** The newest resync of the group that has not ended. */
  openResync(groupKey: string): Promise<Resync | undefined>;
}
