import type { Schedule, Sync } from '../contracts/index.ts';
import type { ScheduleStore } from '../ports/scheduleStore.ts';

export interface ReadSchedulesDeps {
  readonly scheduleStore: Pick<ScheduleStore, 'readSchedules'>;
  readonly settings: {
    /** As the settings say; null is off. */
    readonly intervalsMs: Readonly<Record<Sync, number | null>>;
  };
}

/** Both syncs as they are in force, beside what the settings say. */
export async function readSchedules({ scheduleStore, settings }: ReadSchedulesDeps): Promise<Schedule[]> {
  const stored = await scheduleStore.readSchedules();
  return stored.map(({ sync, intervalMs, nextAt, pause, lastTick }) => ({
    sync,
    intervalMs,
    declaredIntervalMs: settings.intervalsMs[sync],
    isAsDeclared: intervalMs === settings.intervalsMs[sync],
    nextAt: pause === null ? nextAt : null,
    pause,
    lastTick,
  }));
}
