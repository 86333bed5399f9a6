import { describe, expect, it } from '@jest/globals';
import { dateRange, toDays } from '../../local-org/src/soql/dateRanges.ts';

// A Wednesday in the middle of a month, a quarter and a leap year.
const now = Date.parse('2024-02-14T15:30:00Z');

describe('a date literal', () => {
  it.each([
    ['YESTERDAY', '2024-02-13', '2024-02-14'],
    ['today', '2024-02-14', '2024-02-15'],
    ['TOMORROW', '2024-02-15', '2024-02-16'],
    ['LAST_WEEK', '2024-02-04', '2024-02-11'],
    ['THIS_WEEK', '2024-02-11', '2024-02-18'],
    ['NEXT_WEEK', '2024-02-18', '2024-02-25'],
    ['LAST_MONTH', '2024-01-01', '2024-02-01'],
    ['THIS_MONTH', '2024-02-01', '2024-03-01'],
    ['NEXT_MONTH', '2024-03-01', '2024-04-01'],
    ['LAST_QUARTER', '2023-10-01', '2024-01-01'],
    ['THIS_QUARTER', '2024-01-01', '2024-04-01'],
    ['NEXT_QUARTER', '2024-04-01', '2024-07-01'],
    ['LAST_YEAR', '2023-01-01', '2024-01-01'],
    ['THIS_YEAR', '2024-01-01', '2025-01-01'],
    ['NEXT_YEAR', '2025-01-01', '2026-01-01'],
    ['LAST_90_DAYS', '2023-11-16', '2024-02-15'],
    ['NEXT_90_DAYS', '2024-02-15', '2024-05-15'],
    ['LAST_N_DAYS:3', '2024-02-11', '2024-02-15'],
    ['NEXT_N_DAYS:3', '2024-02-15', '2024-02-18'],
    ['N_DAYS_AGO:3', '2024-02-11', '2024-02-12'],
    ['LAST_N_WEEKS:2', '2024-01-28', '2024-02-11'],
    ['NEXT_N_WEEKS:2', '2024-02-18', '2024-03-03'],
    ['N_WEEKS_AGO:2', '2024-01-28', '2024-02-04'],
    ['LAST_N_MONTHS:2', '2023-12-01', '2024-02-01'],
    ['NEXT_N_MONTHS:2', '2024-03-01', '2024-05-01'],
    ['N_MONTHS_AGO:2', '2023-12-01', '2024-01-01'],
    ['LAST_N_QUARTERS:1', '2023-10-01', '2024-01-01'],
    ['N_QUARTERS_AGO:2', '2023-07-01', '2023-10-01'],
    ['LAST_N_YEARS:2', '2022-01-01', '2024-01-01'],
    ['NEXT_N_YEARS:1', '2025-01-01', '2026-01-01'],
    ['N_YEARS_AGO:4', '2020-01-01', '2021-01-01'],
  ])('%s is from %s until before %s', (literal, start, end) => {
    expect(toDays(dateRange(literal, now))).toEqual({ start, end });
  });

  it('that is fiscal is refused', () => {
    expect(() => dateRange('LAST_FISCAL_YEAR', now)).toThrow('not emulated by local-org');
  });
});
