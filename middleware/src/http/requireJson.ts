import type { RequestHandler } from 'express';
import { SyncError } from '../errors.ts';

/** Refuses a body that is not JSON, which would otherwise count as none: what it asks for would be lost. */
export const requireJson: RequestHandler = (request, _response, next) => {
  const hasBody =
    request.headers['transfer-encoding'] !== undefined || Number(request.headers['content-length'] ?? 0) > 0;
  if (hasBody && request.is('application/json') !== 'application/json') {
    throw new SyncError(
      'MEDIA_TYPE_UNSUPPORTED',
      `The body is sent as ${request.get('content-type') ?? 'no known type'}.`,
    );
  }
  next();
};
