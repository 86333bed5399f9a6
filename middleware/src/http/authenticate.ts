import type { Request, RequestHandler, Response } from 'express';
import { SyncError } from '../errors.ts';
import { findApiKey, hasScope, type ApiKey, type Scope } from './apiKeys.ts';
import { addressOf, createGuessLimit, defaultFailuresPerAddress } from './guessLimit.ts';

/**
 * Lets only requests with a known key pass, sent as `Authorization: Bearer <key>` or `X-API-Key: <key>`. An address that
 * fails too often is refused before its key is looked at, so that keys cannot be tried out.
 */
export function authenticate(
  keys: readonly ApiKey[],
  guessLimit = createGuessLimit(defaultFailuresPerAddress),
): RequestHandler {
  return async (request, response, next) => {
    const address = addressOf(request);
    const blockedForSeconds = await guessLimit.blockedForSeconds(address);
    if (blockedForSeconds !== null) {
      response.setHeader('Retry-After', String(blockedForSeconds));
      throw new SyncError(
        'RATE_LIMITED',
        'Too many requests without a valid API key came from this address.',
      );
    }
    const sent = /^Bearer (\S+)$/i.exec(request.get('authorization') ?? '')?.[1] ?? request.get('x-api-key');
    const key = sent === undefined ? undefined : findApiKey(keys, sent);
    if (key === undefined) {
      // Whoever sends no key tries none out: a probe of the wrong path must not lock its neighbours out.
      if (sent !== undefined) await guessLimit.countFailure(address);
      throw new SyncError('UNAUTHENTICATED', 'The request carries no valid API key.');
    }
    response.locals['apiKey'] = key;
    next();
  };
}

/** Lets only keys with this scope pass. Stands behind `authenticate`. */
export function requireScope(scope: Scope): RequestHandler {
  return (_request: Request, response: Response, next) => {
    const key = apiKeyOf(response);
    if (!hasScope(key, scope))
      throw new SyncError('FORBIDDEN', `The key "${key.name}" lacks the scope ${scope}.`);
    next();
  };
}

/** The key of an authenticated request. */
export function apiKeyOf(response: Response): ApiKey {
  return response.locals['apiKey'] as ApiKey;
}
