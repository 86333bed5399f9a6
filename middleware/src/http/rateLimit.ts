import type { Request, RequestHandler } from 'express';
import { rateLimit } from 'express-rate-limit';
import { SyncError } from '../errors.ts';
import { apiKeyOf } from './authenticate.ts';
import { addressOf, defaultFailuresPerAddress, rateWindowMs } from './guessLimit.ts';

export interface RateLimitSettings {
  /** Requests of one API key in a minute. */
  readonly requestsPerKey: number;
  /** Requests with a wrong key from one address in a minute, before its requests are refused unread. */
  readonly failuresPerAddress: number;
  /** Requests of one address in a minute to what needs no key. */
  readonly openRequestsPerAddress: number;
}

export const defaultRateLimits: RateLimitSettings = {
  requestsPerKey: 600,
  failuresPerAddress: defaultFailuresPerAddress,
  openRequestsPerAddress: 600,
};

/** Answers RATE_LIMITED, with `RateLimit` headers and `Retry-After`, once a caller has asked too often in a minute. */
function limitBy(callerOf: (request: Request) => string, limit: number, who: string): RequestHandler {
  return rateLimit({
    windowMs: rateWindowMs,
    limit,
    standardHeaders: 'draft-8',
    legacyHeaders: false,
    keyGenerator: callerOf,
    handler: (_request, _response, next) => {
      next(new SyncError('RATE_LIMITED', `${who} may send ${String(limit)} requests in a minute.`));
    },
  });
}

/** Limits each API key by its name, so that a replaced key shares its successor's. Stands behind `authenticate`. */
export function limitKeys({ requestsPerKey }: RateLimitSettings): RequestHandler {
  return limitBy(({ res }) => (res === undefined ? '' : apiKeyOf(res).name), requestsPerKey, 'A key');
}

/** Limits what anybody may ask. */
export function limitAddresses({ openRequestsPerAddress }: RateLimitSettings): RequestHandler {
  return limitBy(addressOf, openRequestsPerAddress, 'An address');
}
