import {
  json,
  Router,
  type ErrorRequestHandler,
  type Request,
  type RequestHandler,
  type Response,
} from 'express';
import { z } from 'zod';
import { appSettings } from '../auth/createAppPolicy.ts';
import { automationSettings } from '../automation/automationSettings.ts';
import { bulkSettings } from '../bulk/bulkSettings.ts';
import { faultRules } from '../faults/faultRule.ts';
import { usageSettings } from '../http/createUsage.ts';
import { deploySettings } from '../metadata/deploySettings.ts';
import { plantComponents, plantRequest } from '../metadata/plantComponents.ts';
import type { Org } from '../org.ts';

const tokenRequest = z.strictObject({ user: z.enum(['integration', 'automation', 'admin']) });
const advance = z.strictObject({ ms: z.number().int().positive() });

/**
 * `/__local`: how tests and demos steer the org. No session is needed, no call is counted, no fault strikes; only
 * this machine can ask. A body that does not fit answers 400 and changes nothing.
 */
export function controlRouter(org: Org): Router {
  const router = Router();
  router.use(refuseOtherHosts, json());

  const usage = () => ({ used: org.usage.used, dailyLimit: org.usage.dailyLimit });
  router.get('/usage', show(usage));
  router.put(
    '/usage',
    change(usageSettings, (settings) => org.usage.configure(settings), usage),
  );

  const faults = () => ({ rules: org.faults.counts });
  router.get('/faults', show(faults));
  router.put(
    '/faults',
    change(faultRules, ({ rules }) => org.faults.replace(rules), faults),
  );
  router.delete('/faults', (_request, response) => {
    org.faults.replace([]);
    response.json(faults());
  });

  const automation = () => ({ ...org.automation.settings, ...org.automation.counts });
  router.get('/automation', show(automation));
  router.put(
    '/automation',
    change(
      automationSettings.partial(),
      (given) => org.automation.configure(automationSettings.parse({ ...org.automation.settings, ...given })),
      automation,
    ),
  );
  router.post('/automation/run', (_request, response) => {
    const linked = org.automation.run({ all: true });
    response.json({ linked, ...org.automation.counts });
  });

  const bulk = () => org.bulkJobs.settings;
  router.get('/bulk', show(bulk));
  router.put(
    '/bulk',
    change(
      bulkSettings.partial(),
      (given) => org.bulkJobs.configure(bulkSettings.parse({ ...org.bulkJobs.settings, ...given })),
      bulk,
    ),
  );

  router.get(
    '/secrets',
    show(() => ({ secrets: org.secrets.list() })),
  );
  const components = () => ({
    components: [...org.metadata.catalog.components.values()].map(({ type, fullName }) => ({
      type,
      fullName,
    })),
  });
  router.get('/components', show(components));
  router.post(
    '/components',
    change(plantRequest, (request) => plantComponents(org.metadata, request), components),
  );

  const app = () => org.app.settings;
  router.get('/app', show(app));
  router.put(
    '/app',
    change(
      appSettings.partial(),
      (given) => org.app.configure(appSettings.parse({ ...org.app.settings, ...given })),
      app,
    ),
  );

  const deploys = () => org.metadata.deployments.settings;
  router.get('/deploys', show(deploys));
  router.put(
    '/deploys',
    change(
      deploySettings.partial(),
      (given) =>
        org.metadata.deployments.configure(
          deploySettings.parse({ ...org.metadata.deployments.settings, ...given }),
        ),
      deploys,
    ),
  );

  router.get(
    '/jobs',
    show(() => ({ jobs: org.bulkJobs.history })),
  );

  router.get(
    '/events',
    show(() => ({ events: org.events.published })),
  );

  router.get(
    '/writes',
    show(() => ({ writes: org.trigger.writes })),
  );

  const clock = () => ({ now: new Date(org.clock.nowMs()).toISOString() });
  router.get('/clock', show(clock));
  router.post(
    '/clock/advance',
    change(
      advance,
      ({ ms }) => {
        org.clock.advance(ms);
        org.automation.run();
      },
      clock,
    ),
  );

  router.post('/tokens', (request, response) => {
    const { user } = tokenRequest.parse(request.body ?? {});
    const accessToken = org.sessions.issue(user);
    response.json({ accessToken, user: org.sessions.findUser(accessToken) });
  });
  router.delete('/tokens', (_request, response) => {
    org.sessions.endAll();
    response.status(204).end();
  });

  router.post('/reset', (_request, response) => {
    org.faults.replace([]);
    org.bulkJobs.reset();
    org.events.reset();
    org.automation.reset();
    org.trigger.reset();
    org.queryCursors.clear();
    org.usage.reset();
    org.store.reset();
    org.metadata.reset();
    org.secrets.reset();
    org.app.reset();
    response.status(204).end();
  });

  router.use((request, response) => {
    response
      .status(404)
      .json({ error: `local-org has no control route ${request.method} ${request.originalUrl}` });
  });
  router.use(sendProblem);
  return router;
}

const show = (read: () => unknown) => (_request: Request, response: Response) => void response.json(read());

const change =
  <T>(shape: z.ZodType<T>, apply: (settings: T) => void, read: () => unknown) =>
  (request: Request, response: Response) => {
    apply(shape.parse(request.body ?? {}));
    response.json(read());
  };

/** A web page that lets its host name point here must not steer the org. */
const refuseOtherHosts: RequestHandler = (request, response, next) => {
  if (/^(?:127\.0\.0\.1|localhost|\[::1\])$/.test(request.hostname)) next();
  else response.status(403).json({ error: 'The control routes answer on 127.0.0.1 and localhost only.' });
};

const sendProblem: ErrorRequestHandler = (error: unknown, _request, response, _next) => {
  const message = error instanceof z.ZodError ? z.prettifyError(error) : (error as Error).message;
  response.status(400).json({ error: message });
};
