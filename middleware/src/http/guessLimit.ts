import type { Request } from 'express';
import { ipKeyGenerator, MemoryStore, type Options } from 'express-rate-limit';

/** The minute in which requests are counted. */
export const rateWindowMs = 60_000;
export const defaultFailuresPerAddress = 60;

/** Counts the failed authentications of each address, so that keys cannot be tried out. */
export interface GuessLimit {
  /** Seconds for which the address is not listened to, or null. */
  blockedForSeconds(address: string): Promise<number | null>;
  countFailure(address: string): Promise<void>;
}

/** An address with this many failures in a minute is not listened to for the rest of it. */
export function createGuessLimit(failuresPerAddress: number): GuessLimit {
  const failures = new MemoryStore();
  // The store reads nothing else of the options.
  failures.init({ windowMs: rateWindowMs } as Options);
  return {
    async blockedForSeconds(address) {
      const seen = await failures.get(address);
      if (seen === undefined || seen.totalHits < failuresPerAddress) return null;
      return Math.max(1, Math.ceil(((seen.resetTime?.getTime() ?? 0) - Date.now()) / 1_000));
    },
    async countFailure(address) {
      await failures.increment(address);
    },
  };
}

/** The address of the caller; of IPv6 its network, since a caller has many of those. */
export function addressOf({ ip }: Pick<Request, 'ip'>): string {
  return ipKeyGenerator(ip ?? '');
}
