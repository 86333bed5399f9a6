import type { PropertyStatus } from '../contracts/index.ts';
import type { ScheduleStore } from '../ports/scheduleStore.ts';

/** When each sync comes next, as the status of a property shows it. */
export async function nextTicks(
  scheduleStore: Pick<ScheduleStore, 'readSchedules'>,
): Promise<PropertyStatus['schedules']> {
  const stored = await scheduleStore.readSchedules();
  return stored.map(({ sync, nextAt, pause }) => ({ sync, nextAt: pause === null ? nextAt : null, pause }));
}
