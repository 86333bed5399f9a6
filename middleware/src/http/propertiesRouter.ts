import { Router, type Request } from 'express';
import { z } from 'zod';
import { pageQuerySchema, type HistoryEntry } from '../contracts/index.ts';
import { explainProperty, type ExplainDeps } from '../properties/explainProperty.ts';
import { readProperty } from '../properties/readProperty.ts';
import { readPropertyHistory, type HistoryDeps } from '../properties/readPropertyHistory.ts';
import { readPropertyStatus, type StatusDeps } from '../properties/readPropertyStatus.ts';
import { requireScope } from './authenticate.ts';
import { readPage } from './readPage.ts';
import { validate } from './validate.ts';

export type PropertiesRouterDeps = StatusDeps & HistoryDeps & ExplainDeps;

const historyPlaceSchema = z.strictObject({ runId: z.uuid(), rdsPropertyId: z.string().min(1).max(100) });

/**
 * `GET /v1/properties/{id}` shows the aggregate of the property's group, `…/status` how it stands, `…/history` every
 * write of it, `…/explanation` why each field holds what it holds. Any of a property's three ids will do.
 */
export function propertiesRouter(deps: PropertiesRouterDeps): Router {
  const router = Router();
  const mayRead = requireScope('read');
  router.get('/:id', mayRead, async (request, response) => {
    response.json(await readProperty(idOf(request), deps));
  });
  router.get('/:id/status', mayRead, async (request, response) => {
    response.json(await readPropertyStatus(idOf(request), deps));
  });
  router.get('/:id/history', mayRead, async (request, response) => {
    const id = idOf(request);
    const page = await readPage(
      validate(pageQuerySchema, request.query),
      historyPlaceSchema,
      ({ runId, rdsPropertyId }: HistoryEntry) => ({ runId, rdsPropertyId }),
      (limit, after) => readPropertyHistory(id, { limit, after }, deps),
    );
    response.json(page);
  });
  router.get('/:id/explanation', mayRead, async (request, response) => {
    response.json(await explainProperty(idOf(request), deps));
  });
  return router;
}

const idOf = (request: Request): string => validate(z.string().min(1).max(60), request.params['id']);
