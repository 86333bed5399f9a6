import type { Request, RequestHandler } from 'express';
import { rateLimit } from 'express-rate-limit';
import { createResyncRequestSchema } from '../contracts/index.ts';
import { SyncError } from '../errors.ts';
import { apiKeyOf } from './authenticate.ts';
import { addressOf, defaultFailuresPerAddress, rateWindowMs } from './guessLimit.ts';

export interface RateLimitSettings {
  /** Requests of one API key in a minute. */
  readonly requestsPerKey: number;
  /** Resyncs that one acting user may ask for with a key in a minute. */
  readonly resyncsPerUser: number;
  /** Requests with a wrong key from one address in a minute, before its requests are refused unread. */
  readonly failuresPerAddress: number;
  /** Requests of one address in a minute to what needs no key. */
  readonly openRequestsPerAddress: number;
}

export const defaultRateLimits: RateLimitSettings = {
  requestsPerKey: 600,
  resyncsPerUser: 20,
  failuresPerAddress: defaultFailuresPerAddress,
  openRequestsPerAddress: 600,
};

/** Answers RATE_LIMITED, with `RateLimit` headers and `Retry-After`, once a caller has asked too often in a minute. */
function limitBy(
  callerOf: (request: Request) => string,
  limit: number,
  who: string,
  { what = 'requests', skip = () => false }: { what?: string; skip?: (request: Request) => boolean } = {},
): RequestHandler {
  return rateLimit({
    windowMs: rateWindowMs,
    limit,
    standardHeaders: 'draft-8',
    legacyHeaders: false,
    keyGenerator: callerOf,
    skip,
    handler: (_request, _response, next) => {
      next(new SyncError('RATE_LIMITED', `${who} may send ${String(limit)} ${what} in a minute.`));
    },
  });
}

/** Limits each API key by its name, so that a replaced key shares its successor's. Stands behind `authenticate`. */
export function limitKeys({ requestsPerKey }: RateLimitSettings): RequestHandler {
  return limitBy(keyNameOf, requestsPerKey, 'A key');
}

/**
 * Limits the resyncs of each acting user that a key speaks for, so that one impatient person leaves the others of the
 * org their share. The user is as claimed: a key that lies about users is still held by its own limit.
 */
export function limitUsers({ resyncsPerUser }: RateLimitSettings): RequestHandler {
  return limitBy(
    (request) => JSON.stringify([keyNameOf(request), actingUserOf(request)]),
    resyncsPerUser,
    'A user',
    { what: 'resyncs', skip: (request) => actingUserOf(request) === undefined },
  );
}

/** Limits what anybody may ask. */
export function limitAddresses({ openRequestsPerAddress }: RateLimitSettings): RequestHandler {
  return limitBy(addressOf, openRequestsPerAddress, 'An address');
}

function keyNameOf({ res }: Request): string {
  return res === undefined ? '' : apiKeyOf(res).name;
}

/** Undefined where none is named, or where validation will refuse what is. */
function actingUserOf({ body }: Request): string | undefined {
  const { data } = createResyncRequestSchema.safeParse(body);
  return data?.actingUser ?? undefined;
}
