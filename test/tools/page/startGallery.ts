import { join } from 'node:path';
import express, { type Request, type Response } from 'express';
import {
  answers,
  entry,
  explanation,
  groupAnswer,
  now,
  property,
  resync,
} from '../../../force-app/test/samples/index.ts';
import type { StatusAnswer } from '../../../force-app/types/propertySync.ts';
import { productionObject } from '../../../middleware/src/contracts/index.ts';
import type { PageBundle } from '../../../scripts/page/buildPage.ts';
import { html } from '../../../scripts/page/html.ts';
import { pageFrame } from '../../../scripts/page/pageFrame.ts';
import { serveOnLoopback, type LoopbackServer } from '../../../scripts/serveOnLoopback.ts';

/** What is hung in the gallery; loading never ends there. */
const scenes: Readonly<Record<string, StatusAnswer | null>> = {
  ...answers,
  group: groupAnswer,
  loading: null,
};
export const sceneNames = Object.keys(scenes);

/**
 * Shows the compiled components in every state at `/<scene>`, with the answers that the tests in jsdom use: states that a
 * running service reaches hardly ever can be looked at too.
 */
export async function startGallery(bundle: PageBundle): Promise<LoopbackServer> {
  const app = express();
  app.get('/slds.css', (_request, response) => response.sendFile(bundle.styleSheet));
  app.get('/page.css', (_request, response) =>
    response.sendFile(join(import.meta.dirname, '../../../scripts/page/page.css')),
  );
  app.use('/vendor', express.static(bundle.vendorDir));
  app.use('/app', express.static(bundle.appDir));
  app.get('/favicon.svg', (_request, response) => response.status(204).end());
  app.post('/apex/:method', express.json(), (request, response) => {
    const answer = answerOf(request.params.method, request.body as Parameters);
    if (answer !== null) response.json(answer);
  });
  app.post('/cometd/:version', express.json(), answerStream);
  app.get('/:scene', (request, response) => {
    const { scene } = request.params;
    if (!(scene in scenes)) return void response.status(404).end();
    const facts = {
      // The answers' own name stands for the record.
      recordId: scene,
      objectApiName: productionObject,
      clockOffsetMs: Date.parse(now) - Date.now(),
    };
    const frame = { title: scene, as: 'operator', path: `/${scene}`, object: productionObject } as const;
    const body = html`<h1 class="slds-assistive-text">${scene}</h1>
      <div id="status"></div>`;
    response.type('html').send(pageFrame({ ...frame, facts, body, modules: bundle.modules, nonce: '' }));
  });

  return serveOnLoopback(app);
}

interface Parameters {
  readonly recordId?: string;
}

/** Null where no answer comes. */
function answerOf(method: string, { recordId = '' }: Parameters): unknown {
  switch (method) {
    case 'PropertySyncController.getStatus':
      return scenes[recordId] ?? null;
    case 'PropertySyncController.getProperty':
      return property();
    case 'PropertySyncController.getExplanation':
      return explanation();
    case 'PropertySyncController.getHistory':
      return { items: [entry()], nextCursor: null };
    default:
      return resync({ state: 'running', stage: 'writing', startedAt: now });
  }
}

interface BayeuxMessage {
  readonly id: string;
  readonly channel: string;
  readonly subscription?: string;
}

/** A stream on which nothing ever happens. */
function answerStream(request: Request, response: Response): void {
  const messages = request.body as BayeuxMessage[];
  if (messages.some(({ channel }) => channel === '/meta/connect')) return;
  response.json(
    messages.map(({ id, channel, subscription }) => ({
      ...{ id, channel, subscription, successful: true },
      ...{ clientId: 'gallery', version: '1.0', supportedConnectionTypes: ['long-polling'] },
    })),
  );
}
