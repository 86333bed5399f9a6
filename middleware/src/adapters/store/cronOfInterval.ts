import { intervalMinutes } from '../../contracts/index.ts';

/** The cron expression, in UTC, of one of `intervalMinutes`. */
export function cronOfInterval(intervalMs: number): string {
  const minutes = intervalMs / 60_000;
  if (!intervalMinutes.includes(minutes)) {
    throw new Error(`A schedule cannot come evenly every ${String(minutes)} minutes.`);
  }
  if (minutes < 60) return `*/${String(minutes)} * * * *`;
  return minutes === 24 * 60 ? '0 0 * * *' : `0 */${String(minutes / 60)} * * *`;
}
