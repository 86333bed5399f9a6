import { randomUUID } from 'node:crypto';
import express, { type Express } from 'express';
import helmet from 'helmet';
import type { Logger } from 'pino';
import { pinoHttp } from 'pino-http';
import type { Clock } from './ports/clock.ts';
import type { RunStore } from './ports/runStore.ts';
import type { HealthDeps } from './health/readHealth.ts';
import type { ApiKey } from './http/apiKeys.ts';
import { authenticate } from './http/authenticate.ts';
import { healthRouter } from './http/healthRouter.ts';
import { plansRouter } from './http/plansRouter.ts';
import { notFound, problemDetails } from './http/problemDetails.ts';
import { requireJson } from './http/requireJson.ts';
import { runsRouter } from './http/runsRouter.ts';

export interface AppDeps extends HealthDeps {
  readonly runStore: RunStore;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly apiKeys: readonly ApiKey[];
}

/** The HTTP API. Only `/healthz` answers without a key, and says nothing but that the process lives. */
export function createApp(deps: AppDeps): Express {
  const app = express();
  app.disable('x-powered-by');
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
  app.use(helmet());
  app.get('/healthz', (_request, response) => {
    response.json({ isAlive: true });
  });
  app.use('/v1', authenticate(deps.apiKeys));
  app.use(requireJson);
  app.use(express.json({ limit: '64kb', strict: true }));
  app.use('/v1/plans', plansRouter(deps));
  app.use('/v1/runs', runsRouter(deps));
  app.use('/v1/health', healthRouter(deps));
  app.use(notFound);
  app.use(problemDetails(deps.logger));
  return app;
}
