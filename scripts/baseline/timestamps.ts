/** `2026-01-05T12:00:00.000Z` from seconds since 1970. */
export function toTimestamp(seconds: number): string {
  return new Date(seconds * 1000).toISOString();
}

/** The UTC day, `2026-01-05`, from seconds since 1970. */
export function toDate(seconds: number): string {
  return toTimestamp(seconds).slice(0, 10);
}
