import type { Clock } from '../../ports/clock.ts';

/**
 * The machine's clock, or one that ticks from a given instant: `startAt` lets a scenario live on its own day.
 */
export function createSystemClock(options: { startAt: Date | null }): Clock {
  const offsetMs = options.startAt === null ? 0 : options.startAt.getTime() - Date.now();
  return { now: () => new Date(Date.now() + offsetMs) };
}
