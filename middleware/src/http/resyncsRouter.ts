import { Router, type RequestHandler } from 'express';
import { uuidv7 } from 'uuidv7';
import { z } from 'zod';
import { createResyncRequestSchema } from '../contracts/index.ts';
import { SyncError } from '../errors.ts';
import type { ResyncStore } from '../ports/resyncStore.ts';
import { startResync, type StartResyncDeps } from '../properties/startResync.ts';
import { apiKeyOf, requireScope } from './authenticate.ts';
import { idempotencyOf } from './idempotency.ts';
import { validate } from './validate.ts';

/**
 * `POST /v1/properties/{id}/resyncs` stores a resync of the property's group and answers 202; 200 with the one that
 * waits already, or that the same key made before.
 */
export function propertyResyncsRouter(deps: StartResyncDeps, limitUsers: RequestHandler): Router {
  const router = Router();
  router.post('/:id/resyncs', requireScope('resync'), limitUsers, async (request, response) => {
    const id = validate(z.string().max(60), request.params['id']);
    const body = validate(createResyncRequestSchema, request.body ?? {});
    const requestedBy = apiKeyOf(response).name;
    const { resync, isNew } = await startResync(
      id,
      body,
      // The property is part of what was asked: one key stands for one property.
      {
        resyncId: uuidv7(),
        requestedBy,
        idempotency: idempotencyOf(request, requestedBy, { id, ...body }),
      },
      deps,
    );
    response
      .status(isNew ? 202 : 200)
      .location(`/v1/resyncs/${resync.resyncId}`)
      .json(resync);
  });
  return router;
}

/** `GET /v1/resyncs/{id}` shows a resync while it is carried out and afterwards. */
export function resyncsRouter({ resyncStore }: { resyncStore: Pick<ResyncStore, 'readResync'> }): Router {
  const router = Router();
  router.get('/:resyncId', requireScope('read'), async (request, response) => {
    const resyncId = validate(z.uuid(), request.params['resyncId']);
    const resync = await resyncStore.readResync(resyncId);
    if (resync === undefined) throw new SyncError('NOT_FOUND', `There is no resync ${resyncId}.`);
    response.json(resync);
  });
  return router;
}
