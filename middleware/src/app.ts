import { randomUUID } from 'node:crypto';
import express, { type Express, type Router } from 'express';
import helmet from 'helmet';
import type { Logger } from 'pino';
import { pinoHttp } from 'pino-http';
import type { Clock } from './ports/clock.ts';
import type { ResyncStore } from './ports/resyncStore.ts';
import type { RunStore } from './ports/runStore.ts';
import type { HealthDeps } from './health/readHealth.ts';
import type { ApiKey } from './http/apiKeys.ts';
import { authenticate } from './http/authenticate.ts';
import { docsRouter } from './http/docsRouter.ts';
import { doctorRouter } from './http/doctorRouter.ts';
import { createGuessLimit } from './http/guessLimit.ts';
import { healthRouter } from './http/healthRouter.ts';
import { createMetrics } from './http/metrics.ts';
import { metricsRouter } from './http/metricsRouter.ts';
import { openApiRouter } from './http/openApiRouter.ts';
import { plansRouter } from './http/plansRouter.ts';
import { probesRouter } from './http/probesRouter.ts';
import { notFound, problemDetails } from './http/problemDetails.ts';
import { propertiesRouter, type PropertiesRouterDeps } from './http/propertiesRouter.ts';
import { limitAddresses, limitKeys, limitUsers, type RateLimitSettings } from './http/rateLimit.ts';
import { refuseUnknownQuery } from './http/refuseUnknownQuery.ts';
import { requireJson } from './http/requireJson.ts';
import { propertyResyncsRouter, resyncsRouter } from './http/resyncsRouter.ts';
import { runsRouter } from './http/runsRouter.ts';
import { schedulesRouter, type SchedulesRouterDeps } from './http/schedulesRouter.ts';
import { warehouseRouter, type WarehouseRouterDeps } from './http/warehouseRouter.ts';
import type { DoctorDeps } from './health/runDoctor.ts';
import type { StartResyncDeps } from './properties/startResync.ts';

export type AppDeps = HealthDeps &
  DoctorDeps &
  PropertiesRouterDeps &
  SchedulesRouterDeps &
  WarehouseRouterDeps &
  StartResyncDeps & {
    readonly runStore: RunStore;
    readonly resyncStore: ResyncStore;
    readonly clock: Clock;
    readonly logger: Logger;
    readonly apiKeys: readonly ApiKey[];
    readonly rateLimits: RateLimitSettings;
    /** Proxies in front that are believed about the address of a caller. */
    readonly trustedProxyHops: number;
  };

type Mounted = readonly (readonly [path: string, router: Router])[];

/** The routers that answer anybody. */
export const openRouters = (deps: AppDeps): Mounted => [
  ['', probesRouter(deps)],
  ['', openApiRouter()],
];

/** The routers that answer callers with a key. */
export const keyedRouters = (deps: AppDeps): Mounted => [
  ['/v1/properties', propertiesRouter(deps)],
  ['/v1/properties', propertyResyncsRouter(deps, limitUsers(deps.rateLimits))],
  ['/v1/resyncs', resyncsRouter(deps)],
  ['/v1/plans', plansRouter(deps)],
  ['/v1/runs', runsRouter(deps)],
  ['/v1/schedules', schedulesRouter(deps)],
  ['/v1/doctor', doctorRouter(deps)],
  ['/v1/warehouse', warehouseRouter(deps)],
  ['/v1/health', healthRouter(deps)],
];

/**
 * The HTTP API. Probes, the OpenAPI document and its page answer without a key; whatever else there is or is not wants
 * one first.
 */
export function createApp(deps: AppDeps): Express {
  const { rateLimits } = deps;
  const metrics = createMetrics(deps);
  const app = express();
  app.disable('x-powered-by');
  app.set('trust proxy', deps.trustedProxyHops);
  app.use(
    pinoHttp({
      logger: deps.logger,
      genReqId: (request, response) => {
        const sent = request.headers['x-request-id'];
        const id = typeof sent === 'string' && /^[\w.-]{1,64}$/.test(sent) ? sent : randomUUID();
        response.setHeader('X-Request-Id', id);
        return id;
      },
      customLogLevel: (_request, response) => (response.statusCode >= 500 ? 'error' : 'debug'),
    }),
  );
  app.use(metrics.measure);
  // Behind TLS browsers are told to stay there; a page that is served without must find its parts without.
  app.use(helmet({ contentSecurityPolicy: { directives: { upgradeInsecureRequests: null } } }));
  app.use(refuseUnknownQuery);
  app.use(['/healthz', '/readyz', '/openapi.json', '/docs'], limitAddresses(rateLimits));
  app.use('/docs', docsRouter());
  for (const [path, router] of openRouters(deps)) app.use(path, router);
  app.use(authenticate(deps.apiKeys, createGuessLimit(rateLimits.failuresPerAddress)));
  app.use(limitKeys(rateLimits));
  app.use(requireJson);
  app.use(express.json({ limit: '64kb', strict: true }));
  app.use(metricsRouter(metrics));
  for (const [path, router] of keyedRouters(deps)) app.use(path, router);
  app.use(notFound);
  app.use(problemDetails(deps.logger));
  return app;
}
