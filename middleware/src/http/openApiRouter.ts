import { Router } from 'express';
import { openApiDocument } from './openApi.ts';

/** `GET /openapi.json`, for anybody: what the API is, made from the table of its routes. */
export function openApiRouter(): Router {
  const router = Router();
  const document = openApiDocument();
  router.get('/openapi.json', (_request, response) => {
    response.json(document);
  });
  return router;
}
