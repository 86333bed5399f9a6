import { z } from 'zod';
import { appliedViewsSchema, doctorReportSchema } from './doctor.ts';
import { explanationSchema } from './explanation.ts';
import { healthSchema } from './health.ts';
import { pageQuerySchema, pageSchema } from './page.ts';
import {
  createPlanRequestSchema,
  planItemListQuerySchema,
  planItemSchema,
  planSchema,
  syncSchema,
} from './plan.ts';
import { livenessSchema, readinessSchema } from './probe.ts';
import { propertySchema } from './property.ts';
import { historyEntrySchema } from './propertyHistory.ts';
import { propertyStatusSchema } from './propertyStatus.ts';
import { createResyncRequestSchema, resyncSchema } from './resync.ts';
import { runListQuerySchema, runSchema, startRunRequestSchema } from './run.ts';
import { runItemListQuerySchema, runItemSchema } from './runItem.ts';
import { reasonRequestSchema, scheduleListSchema, scheduleSchema } from './schedule.ts';
import type { Scope } from './scope.ts';

/** One route of the API: what it takes, what it answers and who may ask. */
export interface Route {
  readonly method: 'get' | 'post' | 'put';
  /** With parameters as `{name}`. */
  readonly path: string;
  readonly operationId: string;
  readonly tag: string;
  readonly summary: string;
  readonly description?: string;
  /** The scope of the key, or `open` for no key at all. */
  readonly access: Scope | 'open';
  readonly params?: z.ZodObject;
  readonly query?: z.ZodObject;
  readonly body?: z.ZodType;
  /** What it creates is created once per `Idempotency-Key`. */
  readonly needsIdempotencyKey?: boolean;
  /** Answers by status; a text is a media type other than JSON. */
  readonly answers: Readonly<Record<number, z.ZodType | string>>;
  /** Statuses of problems besides those that any route of its kind may answer. */
  readonly problems: readonly number[];
}

const propertyIdSchema = z
  .string()
  .max(60)
  .describe(
    'An RDS id, or the id of a Salesforce record: of the staging row or of the production record, 15 or 18 characters.',
  );
const propertyParams = z.object({ id: propertyIdSchema });
const runParams = z.object({ runId: z.uuid() });
const planParams = z.object({ planId: z.uuid() });
const scheduleParams = z.object({ sync: syncSchema });
const createsNothing = 'Creates nothing and may be repeated: it needs no Idempotency-Key.';
const changesRun =
  'Answers 200 when the run has changed, 202 while it has been asked to: it does so between two batches, or when its Bulk job has ended.';

/** Every route there is. The OpenAPI document, the tests and the metrics are made from this table. */
export const routes: readonly Route[] = [
  {
    method: 'get',
    path: '/v1/properties/{id}',
    operationId: 'readProperty',
    tag: 'properties',
    summary: "The aggregate of a property's group, with everybody in it.",
    access: 'read',
    params: propertyParams,
    answers: { 200: propertySchema },
    problems: [404, 409],
  },
  {
    method: 'get',
    path: '/v1/properties/{id}/status',
    operationId: 'readPropertyStatus',
    tag: 'properties',
    summary: 'How a property and its group stand.',
    access: 'read',
    params: propertyParams,
    answers: { 200: propertyStatusSchema },
    problems: [404, 409],
  },
  {
    method: 'get',
    path: '/v1/properties/{id}/history',
    operationId: 'listPropertyHistory',
    tag: 'properties',
    summary: "What was written for a property's group, newest first.",
    access: 'read',
    params: propertyParams,
    query: pageQuerySchema,
    answers: { 200: pageSchema(historyEntrySchema) },
    problems: [404],
  },
  {
    method: 'get',
    path: '/v1/properties/{id}/explanation',
    operationId: 'explainProperty',
    tag: 'properties',
    summary:
      'Every field in source, view, expectation and Salesforce, with its rule, and the six-step diagnosis.',
    description: 'Reads the source and Salesforce now.',
    access: 'read',
    params: propertyParams,
    answers: { 200: explanationSchema },
    problems: [404, 409],
  },
  {
    method: 'post',
    path: '/v1/properties/{id}/resyncs',
    operationId: 'startResync',
    tag: 'resyncs',
    summary: "Resyncs a property's group.",
    description: 'While one waits for the same group, that one is answered with 200.',
    access: 'resync',
    params: propertyParams,
    body: createResyncRequestSchema,
    needsIdempotencyKey: true,
    answers: { 200: resyncSchema, 202: resyncSchema },
    problems: [404, 409],
  },
  {
    method: 'get',
    path: '/v1/resyncs/{resyncId}',
    operationId: 'readResync',
    tag: 'resyncs',
    summary: 'A resync, while it is carried out and afterwards.',
    access: 'read',
    params: z.object({ resyncId: z.uuid() }),
    answers: { 200: resyncSchema },
    problems: [404],
  },
  {
    method: 'post',
    path: '/v1/plans',
    operationId: 'createPlan',
    tag: 'plans',
    summary: 'Queues a plan of all properties. Writes nothing to Salesforce.',
    access: 'operate',
    body: createPlanRequestSchema,
    needsIdempotencyKey: true,
    answers: { 200: planSchema, 202: planSchema },
    problems: [],
  },
  {
    method: 'get',
    path: '/v1/plans',
    operationId: 'listPlans',
    tag: 'plans',
    summary: 'Plans of all properties, newest first.',
    access: 'read',
    query: pageQuerySchema,
    answers: { 200: pageSchema(planSchema) },
    problems: [],
  },
  {
    method: 'get',
    path: '/v1/plans/{planId}',
    operationId: 'readPlan',
    tag: 'plans',
    summary: 'A plan, while it is built and afterwards.',
    access: 'read',
    params: planParams,
    answers: { 200: planSchema },
    problems: [404],
  },
  {
    method: 'get',
    path: '/v1/plans/{planId}/items',
    operationId: 'listPlanItems',
    tag: 'plans',
    summary: 'What a plan would write, in the order of its delivery.',
    access: 'read',
    params: planParams,
    query: planItemListQuerySchema,
    answers: { 200: pageSchema(planItemSchema) },
    problems: [404],
  },
  {
    method: 'post',
    path: '/v1/runs',
    operationId: 'startRun',
    tag: 'runs',
    summary: 'Queues a run of one sync of a plan.',
    access: 'operate',
    body: startRunRequestSchema,
    needsIdempotencyKey: true,
    answers: { 200: runSchema, 202: runSchema },
    problems: [404, 409],
  },
  {
    method: 'get',
    path: '/v1/runs',
    operationId: 'listRuns',
    tag: 'runs',
    summary: 'Runs, newest first.',
    access: 'read',
    query: runListQuerySchema,
    answers: { 200: pageSchema(runSchema) },
    problems: [],
  },
  {
    method: 'get',
    path: '/v1/runs/{runId}',
    operationId: 'readRun',
    tag: 'runs',
    summary: 'A run with its counts as they are now.',
    access: 'read',
    params: runParams,
    answers: { 200: runSchema },
    problems: [404],
  },
  {
    method: 'get',
    path: '/v1/runs/{runId}/items',
    operationId: 'listRunItems',
    tag: 'runs',
    summary: 'The records of a run with their outcomes, in the order of their delivery.',
    access: 'read',
    params: runParams,
    query: runItemListQuerySchema,
    answers: { 200: pageSchema(runItemSchema) },
    problems: [404],
  },
  {
    method: 'post',
    path: '/v1/runs/{runId}/pause',
    operationId: 'pauseRun',
    tag: 'runs',
    summary: 'Pauses a run.',
    description: `${changesRun} ${createsNothing}`,
    access: 'operate',
    params: runParams,
    body: reasonRequestSchema,
    answers: { 200: runSchema, 202: runSchema },
    problems: [404, 409],
  },
  {
    method: 'post',
    path: '/v1/runs/{runId}/resume',
    operationId: 'resumeRun',
    tag: 'runs',
    summary: 'Lets a paused run go on.',
    description: `A run that its brake has stopped needs the scope approve. ${createsNothing}`,
    access: 'operate',
    params: runParams,
    body: reasonRequestSchema,
    answers: { 200: runSchema },
    problems: [404, 409],
  },
  {
    method: 'post',
    path: '/v1/runs/{runId}/cancel',
    operationId: 'cancelRun',
    tag: 'runs',
    summary: 'Cancels a run: what was written stays and is verified, the rest is skipped.',
    description: `${changesRun} A Bulk job is aborted. ${createsNothing}`,
    access: 'operate',
    params: runParams,
    body: reasonRequestSchema,
    answers: { 200: runSchema, 202: runSchema },
    problems: [404, 409],
  },
  {
    method: 'get',
    path: '/v1/schedules',
    operationId: 'listSchedules',
    tag: 'schedules',
    summary: 'Both syncs as they are in force.',
    access: 'read',
    answers: { 200: scheduleListSchema },
    problems: [],
  },
  {
    method: 'post',
    path: '/v1/schedules/{sync}/pause',
    operationId: 'pauseSync',
    tag: 'schedules',
    summary: 'Lets the ticks of a sync come to nothing until it is resumed.',
    description: createsNothing,
    access: 'operate',
    params: scheduleParams,
    body: reasonRequestSchema,
    answers: { 200: scheduleSchema },
    problems: [409],
  },
  {
    method: 'post',
    path: '/v1/schedules/{sync}/resume',
    operationId: 'resumeSync',
    tag: 'schedules',
    summary: 'Lets a paused sync start by itself again.',
    description: createsNothing,
    access: 'operate',
    params: scheduleParams,
    body: reasonRequestSchema,
    answers: { 200: scheduleSchema },
    problems: [409],
  },
  {
    method: 'get',
    path: '/v1/doctor',
    operationId: 'examine',
    tag: 'operations',
    summary: 'Looks at everything the syncs depend on, and says what to do.',
    access: 'read',
    answers: { 200: doctorReportSchema },
    problems: [],
  },
  {
    method: 'put',
    path: '/v1/warehouse/views',
    operationId: 'applyViews',
    tag: 'operations',
    summary: 'Makes the warehouse views as the repository holds them.',
    description: createsNothing,
    access: 'admin',
    answers: { 200: appliedViewsSchema },
    problems: [409],
  },
  {
    method: 'get',
    path: '/v1/health',
    operationId: 'readHealth',
    tag: 'operations',
    summary: 'The state of each part, and the dashboard of the last plan.',
    description: 'Answers 503 while a part is not ready.',
    access: 'read',
    answers: { 200: healthSchema, 503: healthSchema },
    problems: [],
  },
  {
    method: 'get',
    path: '/metrics',
    operationId: 'readMetrics',
    tag: 'operations',
    summary: 'Numbers in the text format of Prometheus.',
    access: 'read',
    answers: { 200: 'text/plain' },
    problems: [],
  },
  {
    method: 'get',
    path: '/healthz',
    operationId: 'isAlive',
    tag: 'probes',
    summary: 'The process lives.',
    access: 'open',
    answers: { 200: livenessSchema },
    problems: [],
  },
  {
    method: 'get',
    path: '/readyz',
    operationId: 'isReady',
    tag: 'probes',
    summary: 'The process can take requests: its store and its warehouse answer.',
    description:
      'Salesforce is not asked: without it the service still answers, and what is queued waits. `/v1/health` tells.',
    access: 'open',
    answers: { 200: readinessSchema, 503: readinessSchema },
    problems: [],
  },
  {
    method: 'get',
    path: '/openapi.json',
    operationId: 'readOpenApi',
    tag: 'operations',
    summary: 'This document.',
    access: 'open',
    answers: { 200: z.looseObject({ openapi: z.string() }) },
    problems: [],
  },
];

const matchers = routes.map((route) => ({
  route,
  pattern: new RegExp(`^${route.path.replaceAll('.', '\\.').replaceAll(/\{\w+\}/g, '[^/]+')}/?$`),
}));

/** The route that a request meets; HEAD is answered as GET is. */
export function findRoute(method: string, path: string): Route | undefined {
  const asked = method === 'HEAD' ? 'get' : method.toLowerCase();
  return matchers.find(({ route, pattern }) => route.method === asked && pattern.test(path))?.route;
}

/** Every status with which a route may answer with a problem. */
export function problemStatuses({ access, body, needsIdempotencyKey, problems }: Route): number[] {
  const isKeyed = access !== 'open';
  return [
    400,
    ...(isKeyed ? [401] : []),
    ...(isKeyed && access !== 'read' ? [403] : []),
    ...(body === undefined ? [] : [415]),
    ...(needsIdempotencyKey === true ? [422] : []),
    ...problems,
    429,
    500,
    502,
    503,
  ];
}
