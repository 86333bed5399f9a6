import { z } from 'zod';

/** What `PUT /__local/usage` takes. */
export const usageSettings = z.strictObject({
  used: z.number().int().nonnegative().optional(),
  dailyLimit: z.number().int().positive().optional(),
});

/**
 * Counts API calls against the daily allowance (API Request Limits and Allocations). Requests of `/services/data`
 * count when they reach the org's API; logins, control routes and requests that a fault stopped before do not.
 */
export interface Usage {
  readonly used: number;
  readonly dailyLimit: number;
  /** `api-usage=10/100000`, the header Sforce-Limit-Info. */
  readonly header: string;
  /** Counts one call, or says that none is left. */
  tryCount(): boolean;
  configure(settings: z.infer<typeof usageSettings>): void;
  reset(): void;
}

/** 100,000 is what an Enterprise org has before its licences are counted. */
export function createUsage(initialLimit = 100_000): Usage {
  let used = 0;
  let dailyLimit = initialLimit;
  return {
    get used() {
      return used;
    },
    get dailyLimit() {
      return dailyLimit;
    },
    get header() {
      return `api-usage=${used}/${dailyLimit}`;
    },
    tryCount: () => {
      if (used >= dailyLimit) return false;
      used += 1;
      return true;
    },
    configure: (settings) => {
      used = settings.used ?? used;
      dailyLimit = settings.dailyLimit ?? dailyLimit;
    },
    reset: () => {
      used = 0;
      dailyLimit = initialLimit;
    },
  };
}
