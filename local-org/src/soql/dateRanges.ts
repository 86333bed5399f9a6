import { malformedQuery } from '../errors.ts';

/** From `startMs` (included) to `endMs` (excluded), both at midnight UTC. */
export interface DateRange {
  readonly startMs: number;
  readonly endMs: number;
}

type Unit = 'DAY' | 'WEEK' | 'MONTH' | 'QUARTER' | 'YEAR';

/** Midnight at the start of the unit that holds the moment, `offset` units later. Weeks begin on Sunday. */
function startOf(unit: Unit, nowMs: number, offset: number): number {
  const now = new Date(nowMs);
  const [year, month, day] = [now.getUTCFullYear(), now.getUTCMonth(), now.getUTCDate()];
  switch (unit) {
    case 'DAY':
      return Date.UTC(year, month, day + offset);
    case 'WEEK':
      return Date.UTC(year, month, day - now.getUTCDay() + 7 * offset);
    case 'MONTH':
      return Date.UTC(year, month + offset);
    case 'QUARTER':
      return Date.UTC(year, Math.floor(month / 3) * 3 + 3 * offset);
    case 'YEAR':
      return Date.UTC(year + offset, 0);
  }
}

const FIXED: Readonly<Record<string, readonly [Unit, number]>> = {
  YESTERDAY: ['DAY', -1],
  TODAY: ['DAY', 0],
  TOMORROW: ['DAY', 1],
  LAST_WEEK: ['WEEK', -1],
  THIS_WEEK: ['WEEK', 0],
  NEXT_WEEK: ['WEEK', 1],
  LAST_MONTH: ['MONTH', -1],
  THIS_MONTH: ['MONTH', 0],
  NEXT_MONTH: ['MONTH', 1],
  LAST_QUARTER: ['QUARTER', -1],
  THIS_QUARTER: ['QUARTER', 0],
  NEXT_QUARTER: ['QUARTER', 1],
  LAST_YEAR: ['YEAR', -1],
  THIS_YEAR: ['YEAR', 0],
  NEXT_YEAR: ['YEAR', 1],
};

/**
 * The days a date literal stands for (SOQL and SOSL Reference, "Date Formats and Date Literals in WHERE"). Days are
 * days in UTC: the org's users have that time zone. LAST_N_DAYS includes today; the longer LAST_N_… end before the
 * current unit begins. Fiscal literals are refused.
 */
export function dateRange(literal: string, nowMs: number): DateRange {
  const name = literal.toUpperCase();
  const units = (unit: Unit, from: number, to: number): DateRange => ({
    startMs: startOf(unit, nowMs, from),
    endMs: startOf(unit, nowMs, to),
  });
  const fixed = FIXED[name];
  if (fixed) return units(fixed[0], fixed[1], fixed[1] + 1);
  if (name === 'LAST_90_DAYS') return units('DAY', -90, 1);
  if (name === 'NEXT_90_DAYS') return units('DAY', 1, 91);
  const match =
    /^(?:(LAST|NEXT)_N_(DAY|WEEK|MONTH|QUARTER|YEAR)S|N_(DAY|WEEK|MONTH|QUARTER|YEAR)S_AGO):(\d+)$/.exec(
      name,
    );
  if (!match) throw malformedQuery(`not emulated by local-org: the date literal ${literal}`);
  const [, direction, unit, unitAgo] = match;
  const count = Number(match[4]);
  if (unitAgo) return units(unitAgo as Unit, -count, -count + 1);
  if (direction === 'NEXT') return units(unit as Unit, 1, count + 1);
  return units(unit as Unit, -count, unit === 'DAY' ? 1 : 0);
}

/** The range as the days of a date field. */
export const toDays = ({ startMs, endMs }: DateRange): { start: string; end: string } => ({
  start: new Date(startMs).toISOString().slice(0, 10),
  end: new Date(endMs).toISOString().slice(0, 10),
});
