import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import express, { type ErrorRequestHandler, type Express, type Request, type Response } from 'express';
import { z } from 'zod';
import { productionObject } from '../../middleware/src/contracts/index.ts';
import type { PageBundle } from './buildPage.ts';
import { callout, ControllerException, type NamedCredential } from './callout.ts';
import { listPage } from './listPage.ts';
import { OrgError, type OrgAsUser } from './orgAsUser.ts';
import { pageFrame, type PageFrame } from './pageFrame.ts';
import { pageUserName, pageUsers } from './pageUsers.ts';
import { propertySyncController } from './propertySyncController.ts';
import { isTyped, recordDetails, recordForm, type RecordView } from './recordDetails.ts';
import { readLayout } from './readLayout.ts';
import { objectOf, pageObjects } from './recordObject.ts';
import { recordPage } from './recordPage.ts';

/** What the page is served from. */
export interface PageDeps {
  readonly org: OrgAsUser;
  /** The middleware with a key that reads and asks for resyncs, as the named credential has it. */
  readonly middleware: NamedCredential;
  readonly bundle: PageBundle;
  /** Compares source and Salesforce anew, as every sync begins; resolves when it is done. */
  readonly compare: () => Promise<void>;
}

type ObjectName = keyof typeof pageObjects;

const apexPrefix = 'PropertySyncController.';
const stateSchema = z.object({ state: z.string() });
const icon =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16"><rect width="16" height="16" rx="4" fill="#066afe"/></svg>';

/**
 * The local record page: lists and record pages around the compiled components, with what the platform does for them:
 * Apex, records, events. Keys and sessions stay here.
 */
export function createPageApp({ org, middleware, bundle, compare }: PageDeps): Express {
  const app = express();
  app.disable('x-powered-by').set('query parser', 'simple');
  app.get('/favicon.svg', (_request, response) => void response.type('svg').send(icon));
  app.get('/slds.css', (_request, response) => response.sendFile(bundle.styleSheet));
  app.get('/page.css', (_request, response) => response.sendFile(join(import.meta.dirname, 'page.css')));
  app.use('/vendor', express.static(bundle.vendorDir));
  app.use('/app', express.static(bundle.appDir));

  app.get('/', async (request, response) => {
    const as = pageUserName(request.query['as']);
    const search = textOf(request.query['search']);
    const asked = textOf(request.query['object']);
    const object: ObjectName = asked in pageObjects ? (asked as ObjectName) : productionObject;
    const body = await listPage({ object, search, as }, org);
    const path = `/?object=${object}&search=${encodeURIComponent(search)}`;
    await sendPage(response, { title: pageObjects[object].plural, as, path, object, facts: {}, body });
  });

  app.get('/r/:id', async (request, response) => {
    const view = await viewOf(request.params.id);
    if (view === undefined) return void response.status(404).send('There is no such record.');
    const as = pageUserName(request.query['as']);
    const { record, object } = view;
    const { label } = pageObjects[object];
    const body = recordPage(record, label, await recordDetails(view, org, as));
    const facts = { recordId: record.Id, objectApiName: object };
    await sendPage(response, {
      title: textOf(record['Name']),
      as,
      path: `/r/${record.Id}`,
      object,
      facts,
      body,
    });
  });
  // Where components of the package lead to.
  app.get('/lightning/r/:object/:id/view', (request, response) =>
    response.redirect(`/r/${encodeURIComponent(request.params.id)}`),
  );
  app.get('/r/:id/details', async (request, response) => {
    const view = await viewOf(request.params.id);
    if (view === undefined) return void response.status(404).end();
    response.send((await recordDetails(view, org, pageUserName(request.query['as']))).text);
  });
  app.get('/r/:id/form', async (request, response) => {
    const view = await viewOf(request.params.id);
    if (view === undefined) return void response.status(404).end();
    response.send(recordForm(view).text);
  });
  app.post('/r/:id', express.json(), async (request, response) => {
    const view = await viewOf(request.params.id);
    if (view === undefined) return void response.status(404).json({ message: 'There is no such record.' });
    const typed = z.record(z.string(), z.union([z.string(), z.boolean(), z.null()])).parse(request.body);
    const fields = Object.entries(typed).flatMap(([name, value]): [string, unknown][] => {
      const field = view.fields.get(name);
      if (!isTyped(field)) return [];
      const isNumber = ['double', 'int'].includes(field.type) && typeof value === 'string';
      return [[name, isNumber ? Number(value) : value]];
    });
    await org.update(view.object, view.record.Id, Object.fromEntries(fields));
    response.json({});
  });

  app.get('/states/:id', async (request, response) => {
    const path = `/v1/properties/${encodeURIComponent(request.params.id)}/status`;
    const state = await callout(middleware, { method: 'GET', path, schema: stateSchema }).then(
      (status) => status.state,
      () => null,
    );
    response.json({ state });
  });
  app.post('/compare', async (_request, response) => {
    await compare();
    response.json({});
  });

  app.post('/apex/:method', express.json(), async (request, response) => {
    const { method } = request.params;
    const call = method.startsWith(apexPrefix)
      ? propertySyncController[method.slice(apexPrefix.length)]
      : undefined;
    if (call === undefined) return void response.status(404).json({ message: `There is no ${method}.` });
    const user = pageUsers[pageUserName(request.get('x-as'))];
    try {
      response.json(await call(request.body, { org, middleware, user }));
    } catch (error) {
      if (!(error instanceof ControllerException)) throw error;
      // An AuraHandledException: its message is all that a component gets.
      response.status(500).json({ message: JSON.stringify(error.problem) });
    }
  });

  app.post('/cometd/:version', express.text({ type: 'application/json' }), (request, response) =>
    passToStream(request, response, org),
  );
  app.use(sendError);
  return app;

  async function viewOf(id: string): Promise<(RecordView & { readonly object: ObjectName }) | undefined> {
    const object = (await objectOf(id, org)) as ObjectName | undefined;
    const record = object === undefined ? undefined : await org.read(object, id);
    if (object === undefined || record === undefined) return undefined;
    const [{ fields }, sections] = await Promise.all([
      org.describe(object),
      readLayout(object, pageObjects[object].label),
    ]);
    return { object, record, sections, fields: new Map(fields.map((field) => [field.name, field])) };
  }

  async function sendPage(response: Response, page: Omit<PageFrame, 'modules' | 'nonce'>): Promise<void> {
    const nonce = randomBytes(16).toString('base64');
    // As strict as an org's: nothing from elsewhere, and no script that was not served.
    const policy = `default-src 'self'; script-src 'self' 'nonce-${nonce}'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; base-uri 'none'; frame-ancestors 'none'`;
    response.set('content-security-policy', policy).type('html');
    const facts = { ...page.facts, clockOffsetMs: await org.clockOffsetMs() };
    response.send(pageFrame({ ...page, facts, modules: bundle.modules, nonce }));
  }
}

/** The event stream of the org, in the user's session; what the browser leaves is left there too. */
async function passToStream(request: Request, response: Response, org: OrgAsUser): Promise<void> {
  const left = new AbortController();
  response.once('close', () => left.abort());
  try {
    const answer = await fetch(`${org.url}/cometd/${String(request.params['version'])}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${await org.session()}` },
      body: request.body as string,
      signal: left.signal,
    });
    const text = await answer.text();
    if (text.includes('401::Authentication invalid')) org.forgetSession();
    response
      .status(answer.status)
      .type(answer.headers.get('content-type') ?? 'json')
      .send(text);
  } catch {
    if (!left.signal.aborted) response.status(502).json([]);
  }
}

const sendError: ErrorRequestHandler = (error: unknown, _request, response, _next) => {
  const status = error instanceof OrgError ? error.status : error instanceof z.ZodError ? 400 : 500;
  const message = error instanceof Error ? error.message : String(error);
  response.status(status).json({ message });
};

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');
