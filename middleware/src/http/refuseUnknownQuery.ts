import type { RequestHandler } from 'express';
import { findRoute } from '../contracts/routes.ts';
import { SyncError } from '../errors.ts';

/** Refuses a request with a query parameter that its route does not know: a misspelled filter would filter nothing. */
export const refuseUnknownQuery: RequestHandler = (request, _response, next) => {
  const route = findRoute(request.method, request.path);
  const known = new Set(Object.keys(route?.query?.shape ?? {}));
  const unknown = route === undefined ? [] : Object.keys(request.query).filter((name) => !known.has(name));
  if (unknown.length > 0) {
    throw new SyncError('REQUEST_INVALID', 'The request is not valid.', {
      details: unknown.map((name) => `${name}: is not a parameter of ${route?.path ?? ''}`),
    });
  }
  next();
};
