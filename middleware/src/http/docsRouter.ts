import { join } from 'node:path';
import { Router } from 'express';
import swaggerUiPath from 'swagger-ui-dist/absolute-path.js';

const assets = ['swagger-ui.css', 'swagger-ui-bundle.js', 'favicon-32x32.png'] as const;

const page = `<!DOCTYPE html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <title>Property Sync API</title>
    <link rel="stylesheet" href="/docs/swagger-ui.css">
    <link rel="icon" type="image/png" href="/docs/favicon-32x32.png">
  </head>
  <body>
    <div id="swagger-ui"></div>
    <script src="/docs/swagger-ui-bundle.js"></script>
    <script src="/docs/start.js"></script>
  </body>
</html>
`;

/** In a file of its own: the content security policy lets no script run from within a page. */
const start = `SwaggerUIBundle({ url: '/openapi.json', dom_id: '#swagger-ui', deepLinking: true, validatorUrl: null });
`;

/** `GET /docs`, for anybody: the OpenAPI document to read and to try out. Nothing is loaded from elsewhere. */
export function docsRouter(): Router {
  const router = Router();
  const directory = swaggerUiPath();
  router.get('/', (_request, response) => {
    response.type('html').send(page);
  });
  router.get('/start.js', (_request, response) => {
    response.type('js').send(start);
  });
  for (const asset of assets) {
    router.get(`/${asset}`, (_request, response) => {
      response.sendFile(join(directory, asset), { maxAge: '1h' });
    });
  }
  return router;
}
