import type { Finding } from '../contracts/index.ts';

/** What a check saw: a finding that does not yet say which check made it. */
export type Seen = Omit<Finding, 'check'>;

/** One thing the doctor looks at. `look` may throw: that it cannot be looked at is a finding too. */
export interface Check {
  /** Stable: callers and runbooks name it. */
  readonly name: string;
  readonly look: () => Promise<Seen>;
}

export function ok(finding: string, details: readonly string[] = []): Seen {
  return { level: 'ok', finding, action: null, details: [...details] };
}

export function warning(finding: string, action: string, details: readonly string[] = []): Seen {
  return { level: 'warning', finding, action, details: [...details] };
}

export function error(finding: string, action: string, details: readonly string[] = []): Seen {
  return { level: 'error', finding, action, details: [...details] };
}

/** `1 row`, `2 rows`: the plural adds an s. */
export function count(number: number, noun: string): string {
  return `${number.toLocaleString('en-US')} ${noun}${number === 1 ? '' : 's'}`;
}
