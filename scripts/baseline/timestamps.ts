const secondsOfDay = 86_400;

/** Days already written out; a baseline of any size spans a few thousand. */
const days = new Map<number, string>();

const twoDigits = Array.from({ length: 60 }, (_, number) => String(number).padStart(2, '0'));

/** The UTC day, `2026-01-05`, from seconds since 1970. */
export function toDate(seconds: number): string {
  const day = Math.floor(seconds / secondsOfDay);
  let text = days.get(day);
  if (text === undefined) {
    text = new Date(day * secondsOfDay * 1000).toISOString().slice(0, 10);
    days.set(day, text);
  }
  return text;
}

/** `2026-01-05T12:00:00.000Z` from whole seconds since 1970. Millions are written, so no Date is made for each. */
export function toTimestamp(seconds: number): string {
  const second = seconds - Math.floor(seconds / secondsOfDay) * secondsOfDay;
  const [hours, minutes, rest] = [Math.floor(second / 3_600), Math.floor(second / 60) % 60, second % 60];
  return `${toDate(seconds)}T${twoDigits[hours] ?? ''}:${twoDigits[minutes] ?? ''}:${twoDigits[rest] ?? ''}.000Z`;
}
