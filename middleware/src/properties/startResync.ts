import type { CreateResyncRequest, Resync } from '../contracts/index.ts';
import type { Clock } from '../ports/clock.ts';
import type { ResyncStore } from '../ports/resyncStore.ts';
import type { Idempotency } from '../ports/runStore.ts';
import type { ScheduleStore } from '../ports/scheduleStore.ts';
import { assertNotPaused } from './assertNotPaused.ts';
import { resolveProperty, type ResolveDeps } from './resolveProperty.ts';

export interface StartResyncDeps extends ResolveDeps {
  readonly resyncStore: Pick<ResyncStore, 'createResync' | 'findResync'>;
  readonly scheduleStore: Pick<ScheduleStore, 'readSchedules'>;
  readonly clock: Clock;
}

/**
 * Stores a resync of the group that the id names, together with its work: what has been answered is never lost. While
 * one waits for the same group it stands for this one too. The same idempotency key returns the same resync. Throws
 * REQUEST_INVALID, NOT_FOUND, SYNC_PAUSED.
 */
export async function startResync(
  requestedId: string,
  { actingUser, urgency }: CreateResyncRequest,
  context: { readonly resyncId: string; readonly requestedBy: string; readonly idempotency: Idempotency },
  deps: StartResyncDeps,
): Promise<{ resync: Resync; isNew: boolean }> {
  // Asked first: what was answered once is answered again, whatever has been paused or deleted since.
  const earlier = await deps.resyncStore.findResync(context.idempotency);
  if (earlier !== undefined) return { resync: earlier, isNew: false };
  const { groupKey } = await resolveProperty(requestedId, deps);
  await assertNotPaused(deps.scheduleStore);
  return deps.resyncStore.createResync(
    {
      resyncId: context.resyncId,
      groupKey,
      requestedId,
      urgency,
      state: 'queued',
      stage: null,
      requestedBy: context.requestedBy,
      actingUser,
      createdAt: deps.clock.now().toISOString(),
      startedAt: null,
      endedAt: null,
      planId: null,
      runIds: [],
      members: [],
      error: null,
    },
    context.idempotency,
  );
}
