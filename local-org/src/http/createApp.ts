import express, { type Express, type RequestHandler } from 'express';
import { bearerToken } from '../auth/bearerToken.ts';
import { oauthRouter } from '../auth/oauthRouter.ts';
import { controlRouter } from '../control/controlRouter.ts';
import { ApiError, invalidSession, notEmulated, notFound, requestLimitExceeded } from '../errors.ts';
import { cometdRouter } from '../events/cometdRouter.ts';
import { soapRouter } from '../metadata/soapRouter.ts';
import type { Org } from '../org.ts';
import { isKnownVersion, versions } from '../rest/resources.ts';
import { routes } from '../rest/routes.ts';
import { ok, type ApiRequest, type Handler } from './answer.ts';
import { sendError } from './sendError.ts';
import { withFaults } from './withFaults.ts';

/** Job data of one upload (Bulk API 2.0 limits: 150 MB). */
export const MAX_UPLOAD_BYTES = 150 * 1024 * 1024;

/** REST API Developer Guide, "Status Codes and Error Responses": a URI has at most 16,384 bytes. */
const MAX_URI_BYTES = 16_384;

/** The org as an Express application; it neither listens nor reads the environment. */
export function createApp(org: Org): Express {
  const app = express();
  app.disable('etag').disable('x-powered-by').set('query parser', 'simple');
  app.use('/__local', controlRouter(org));
  app.use(refuseLongUri);
  app.use(soapRouter(org));
  app.use(express.raw({ type: 'multipart/form-data', limit: '50mb' }));
  app.use(express.json({ limit: '50mb' }));
  app.use(express.urlencoded({ extended: false }));
  app.use(express.raw({ type: 'text/csv', limit: MAX_UPLOAD_BYTES }));
  app.use(oauthRouter(org));
  app.use(cometdRouter(org));
  app.get('/services/data', async (request, response) => {
    await withFaults(org, { request, response, token: undefined }, () => Promise.resolve(ok(versions())));
  });
  for (const { method, path, handle } of routes) {
    const verb = method.toLowerCase() as Lowercase<typeof method>;
    app[verb](`/services/data/:version${path}`, serve(org, handle));
  }
  app.use('/services/data/:version', serve(org, refuseUnknown));
  app.use((request) => {
    throw notEmulated(`${request.method} ${request.path}`);
  });
  app.use(sendError);
  return app;
}

/** A handler behind authentication, faults and the call counter. */
function serve(org: Org, handle: Handler): RequestHandler {
  return async (request, response) => {
    const token = bearerToken(request);
    const user = token === undefined ? undefined : org.sessions.findUser(token);
    if (!user) throw invalidSession();
    response.setHeader('sforce-limit-info', org.usage.header);
    await withFaults(org, { request, response, token }, async (fault) => {
      if (!org.usage.tryCount()) throw requestLimitExceeded();
      response.setHeader('sforce-limit-info', org.usage.header);
      const version = String(request.params['version']);
      if (!isKnownVersion(version)) throw notFound();
      const lockedRows = fault?.kind === 'rowLock' ? (fault.rows ?? Infinity) : 0;
      const apiRequest: ApiRequest = {
        org,
        user,
        version,
        method: request.method,
        path: request.originalUrl.split('?', 1)[0] ?? '',
        params: request.params as Record<string, string>,
        query: request.query as Record<string, string>,
        headers: request.headers as Record<string, string>,
        body: request.body as unknown,
        isRowLocked: lockedRows > 0 ? (index) => index < lockedRows : undefined,
      };
      return handle(apiRequest);
    });
  };
}

const refuseUnknown: Handler = ({ method, path }) => {
  throw notEmulated(`${method} ${path}`);
};

const refuseLongUri: RequestHandler = (request, _response, next) => {
  if (Buffer.byteLength(request.originalUrl) > MAX_URI_BYTES)
    throw new ApiError(414, 'URI_TOO_LONG', 'URI Too Long');
  next();
};
