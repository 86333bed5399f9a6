import { z } from 'zod';

const pattern = z.string().refine(isPattern, 'is not a regular expression');

function isPattern(text: string): boolean {
  try {
    new RegExp(text);
    return true;
  } catch {
    return false;
  }
}

/** One rule of `PUT /__local/faults`: which requests, what happens to them, and how often. */
export const faultRule = z.strictObject({
  match: z
    .strictObject({
      method: z.enum(['GET', 'POST', 'PATCH', 'PUT', 'DELETE']).optional(),
      /** A regular expression, searched in path and query string. */
      path: pattern.optional(),
    })
    .default({}),
  kind: z.enum([
    /** 503 SERVER_UNAVAILABLE; nothing happened. */
    'unavailable',
    /** 429; nothing happened. */
    'rateLimited',
    /** The connection breaks before the request is worked on. */
    'resetBefore',
    /** The request is worked on and committed, then the connection breaks: the answer is lost. */
    'resetAfter',
    /** The request is worked on and committed; head and half of the body arrive, then the connection breaks. */
    'cutBody',
    /** The request is worked on twice, as when something on the way sends it again; the second answer arrives. */
    'repeated',
    /** As `cutBody`, but the connection stays open and silent. */
    'stallBody',
    /** The answer comes after `delayMs`. */
    'slow',
    /** 401 INVALID_SESSION_ID; the session has ended. */
    'expiredSession',
    /** The records of the call fail with UNABLE_TO_LOCK_ROW; with `rows` only the first so many. */
    'rowLock',
    /** 403 REQUEST_LIMIT_EXCEEDED. */
    'apiLimit',
  ]),
  /** At most so many hits. */
  times: z.number().int().positive().optional(),
  /** Only every n-th matching request, counted from 1. */
  every: z.number().int().positive().optional(),
  /** Only this share of the matching requests, drawn from `seed`. */
  probability: z.number().min(0).max(1).optional(),
  seed: z.number().int().default(1),
  delayMs: z.number().int().nonnegative().default(0),
  rows: z.number().int().positive().optional(),
});

export const faultRules = z.strictObject({ rules: z.array(faultRule) });

export type FaultRule = z.infer<typeof faultRule>;
