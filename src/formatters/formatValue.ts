/** `1,081`. */
export function formatCount(value: number): string {
  return value.toLocaleString('en-US');
}

/** `1 run`, `2 runs`: the plural adds an s. */
export function formatCountOf(value: number, noun: string): string {
  return `${formatCount(value)} ${noun}${value === 1 ? '' : 's'}`;
}

/** An ISO time as `2026-01-05 12:00:03 UTC`; `–` for none. */
export function formatTime(isoTime: string | null): string {
  if (isoTime === null) return '–';
  return `${new Date(isoTime).toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}

/** `850 ms`, `12.3 s`, `4 min 05 s`, `2 h 03 min`. */
export function formatDuration(ms: number): string {
  if (ms < 1_000) return `${Math.round(ms)} ms`;
  if (ms < 59_950) return `${(ms / 1_000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1_000);
  const two = (part: number): string => String(part).padStart(2, '0');
  return seconds < 3_600
    ? `${Math.floor(seconds / 60)} min ${two(seconds % 60)} s`
    : `${Math.floor(seconds / 3_600)} h ${two(Math.floor((seconds % 3_600) / 60))} min`;
}

/** A field's value; an empty field is `–`, so that it differs from a text that is not there. */
export function formatValue(value: string | number | boolean | null): string {
  if (value === null) return '–';
  return typeof value === 'number' ? formatCount(value) : String(value);
}

/** Without control characters: a value from elsewhere must not steer the terminal. */
export function toPlainText(text: string): string {
  return text.replaceAll(/[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu, ' ');
}
