/**
 * Date/time fields hold whole seconds (SOAP API Developer Guide, "Primitive Data Types": "full timestamps with a
 * precision of one second").
 */
export const toWholeSeconds = (ms: number): number => Math.floor(ms / 1000) * 1000;

/** A date/time as REST writes it: `2026-01-05T12:00:00.000+0000`. */
export const toRestDateTime = (ms: number): string => new Date(ms).toISOString().replace('Z', '+0000');

/** A date/time as Bulk API 2.0 writes it in CSV: `2026-01-05T12:00:00.000Z`. */
export const toBulkDateTime = (ms: number): string => new Date(ms).toISOString();

const DAYS_OF_MONTH = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** Whether the text is a day of the calendar, as `2026-01-05`. */
export function isCalendarDay(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const [year, month, day] = [Number(text.slice(0, 4)), Number(text.slice(5, 7)), Number(text.slice(8))];
  if (day < 1 || day > (DAYS_OF_MONTH[month - 1] ?? 0)) return false;
  const isLeapYear = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  return month !== 2 || day < 29 || isLeapYear;
}

const DATE_TIME = /^(\d{4}-\d{2}-\d{2})T\d{2}:\d{2}:\d{2}(?:\.\d+)?(?:Z|[+-]\d{2}:?\d{2})$/;

/**
 * Milliseconds of an ISO date/time with a zone, or undefined. Salesforce reads `Z`, `+0000` and `+00:00`
 * (REST API Developer Guide, "Valid Date and DateTime Formats").
 */
export function parseDateTime(text: string): number | undefined {
  const match = DATE_TIME.exec(text);
  if (!match?.[1] || !isCalendarDay(match[1])) return undefined;
  const ms = Date.parse(text.endsWith('Z') ? text : text.replace(/([+-]\d{2})(\d{2})$/, '$1:$2'));
  return Number.isNaN(ms) ? undefined : ms;
}
