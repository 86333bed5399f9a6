import { randomUUID } from 'node:crypto';
import type { Sync } from '../contracts/index.ts';
import type { Clock } from '../ports/clock.ts';
import type { ScheduleStore } from '../ports/scheduleStore.ts';
import type { Asker } from './runEvent.ts';

/**
 * Pauses a sync, or lets it go on: its ticks come to nothing while it is paused, and a run that is under way goes on.
 * A sync that is paused already keeps who paused it and why; neither is noted twice.
 */
export async function setSyncPause(
  sync: Sync,
  isPaused: boolean,
  { by, reason }: Asker,
  { scheduleStore, clock }: { scheduleStore: ScheduleStore; clock: Clock },
): Promise<void> {
  const schedules = await scheduleStore.readSchedules();
  const wasPaused = schedules.some((schedule) => schedule.sync === sync && schedule.pause !== null);
  if (isPaused === wasPaused) return;
  const at = clock.now().toISOString();
  await scheduleStore.setPause(sync, isPaused ? { at, by, reason } : null, {
    eventId: randomUUID(),
    kind: isPaused ? 'syncPaused' : 'syncResumed',
    subject: sync,
    actor: by,
    reason,
    at,
  });
}
