import { z } from 'zod';
import { createDocument, type ZodOpenApiOperationObject, type ZodOpenApiResponsesObject } from 'zod-openapi';
import * as contracts from '../contracts/index.ts';
import { problemStatuses, routes, type Route } from '../contracts/routes.ts';

const statusTexts: Readonly<Record<number, string>> = {
  200: 'As it is.',
  202: 'Accepted; read it again to see what became of it.',
  400: 'The request is malformed, or an Idempotency-Key is missing.',
  401: 'No valid API key.',
  403: 'The key lacks the scope.',
  404: 'There is no such thing.',
  409: 'It cannot be done as things stand.',
  415: 'The body is not JSON.',
  422: 'The Idempotency-Key came with another request before.',
  429: 'Too many requests; Retry-After says how long to wait.',
  500: 'A fault of the service.',
  502: 'Salesforce refused.',
  503: 'A part is away for now.',
};

/** Schemas that the document names, by the name of what they describe. */
const components = {
  AppliedViews: contracts.appliedViewsSchema,
  DoctorReport: contracts.doctorReportSchema,
  Explanation: contracts.explanationSchema,
  Health: contracts.healthSchema,
  HistoryEntry: contracts.historyEntrySchema,
  Plan: contracts.planSchema,
  PlanItem: contracts.planItemSchema,
  Problem: contracts.problemSchema,
  Property: contracts.propertySchema,
  PropertyStatus: contracts.propertyStatusSchema,
  Resync: contracts.resyncSchema,
  Run: contracts.runSchema,
  RunItem: contracts.runItemSchema,
  Schedule: contracts.scheduleSchema,
};

const idempotencyHeader = z.object({
  'Idempotency-Key': z
    .string()
    .regex(/^[\x21-\x7e]{8,128}$/)
    .describe('Any unique text. The same key with the same body answers what the first request made.'),
});

/** The OpenAPI 3.1 document of the API, made from the table of routes. */
export function openApiDocument() {
  const paths: Record<string, Partial<Record<Route['method'], ZodOpenApiOperationObject>>> = {};
  for (const route of routes) (paths[route.path] ??= {})[route.method] = operationOf(route);
  return createDocument({
    openapi: '3.1.0',
    info: {
      title: 'Property Sync',
      version: '1.0.0',
      description:
        'Keeps Salesforce property records true to the source. Lists answer `{items, nextCursor}`; errors are RFC 9457 problems whose `code` is stable.',
    },
    tags: [...new Set(routes.map(({ tag }) => tag))].map((name) => ({ name })),
    paths,
    components: {
      schemas: components,
      securitySchemes: {
        bearer: { type: 'http', scheme: 'bearer', description: 'An API key.' },
        apiKey: { type: 'apiKey', in: 'header', name: 'X-API-Key', description: 'An API key.' },
      },
    },
  });
}

function operationOf(route: Route): ZodOpenApiOperationObject {
  const { operationId, tag, summary, description, access, params, query, body, needsIdempotencyKey } = route;
  return {
    operationId,
    tags: [tag],
    summary,
    description: [description, access === 'open' ? 'Needs no key.' : `Needs the scope ${access}.`]
      .filter((text) => text !== undefined)
      .join(' '),
    security: access === 'open' ? [] : [{ bearer: [] }, { apiKey: [] }],
    requestParams: {
      ...(params === undefined ? {} : { path: params }),
      ...(query === undefined ? {} : { query }),
      ...(needsIdempotencyKey === true ? { header: idempotencyHeader } : {}),
    },
    ...(body === undefined ? {} : { requestBody: { content: { 'application/json': { schema: body } } } }),
    responses: responsesOf(route),
  };
}

function responsesOf(route: Route): ZodOpenApiResponsesObject {
  const responses: ZodOpenApiResponsesObject = {};
  for (const [status, answer] of Object.entries(route.answers)) {
    responses[status as `${1 | 2 | 3 | 4 | 5}${string}`] = {
      description: statusTexts[Number(status)] ?? '',
      content:
        typeof answer === 'string'
          ? { [answer]: { schema: z.string() } }
          : { 'application/json': { schema: answer } },
    };
  }
  for (const status of problemStatuses(route)) {
    const problem = { 'application/problem+json': { schema: contracts.problemSchema } };
    const own = responses[`${status}` as '400'];
    responses[`${status}` as '400'] =
      own === undefined
        ? { description: statusTexts[status] ?? '', content: problem }
        : { ...own, content: { ...('content' in own ? own.content : {}), ...problem } };
  }
  return responses;
}
