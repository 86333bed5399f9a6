import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import type { SfError } from '@salesforce/core';
import type { Problem, Schedule } from '../../middleware/src/contracts/index.ts';
import { exitCodeOfProblem } from '../exitCodes.ts';
import { problemError, wayErrors } from './apiErrors.ts';
import { checkAddress, checkKey } from './checkAddress.ts';
import type { Excerpt, SyncApi } from './syncApi.ts';

export interface HttpSyncApiOptions {
  readonly url: string;
  readonly apiKey: string;
  /** Longest wait for one answer. */
  readonly timeoutMs?: number;
  readonly maxAttempts?: number;
  /** Waits between two attempts; tests replace it. */
  readonly pause?: (ms: number) => Promise<unknown>;
}

const defaultTimeoutMs = 30_000;
/** The doctor gives up after 20 seconds; an explanation reads the source and Salesforce; a warehouse may have to start. */
const slowTimeoutMs = 120_000;
const defaultMaxAttempts = 4;
const firstPauseMs = 500;
/** Whoever asks for a longer wait is not waited for: the caller hears of it. */
const maxPauseMs = 60_000;
/** As the API has it (contracts/page.ts). */
const maxPageItems = 200;

interface Call {
  readonly method?: 'GET' | 'POST' | 'PUT';
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  /** What it creates is created once, however often it is sent. */
  readonly isCreating?: boolean;
  readonly timeoutMs?: number;
  /** Names that an answer of this API has; the types are not there any more when it runs. */
  readonly shape: readonly string[];
}

type Outcome =
  | { readonly kind: 'answer'; readonly answer: unknown }
  | { readonly kind: 'failure'; readonly error: SfError; readonly retryAfterMs: number | 'never' | null };

const shapes = {
  plan: ['planId', 'state', 'guards'],
  run: ['runId', 'sync', 'state', 'counts'],
  resync: ['resyncId', 'state', 'members'],
  schedule: ['sync', 'intervalMs', 'pause'],
  page: ['items', 'nextCursor'],
} as const;

/**
 * The middleware over HTTP. Every call of this API may be repeated (what creates carries an Idempotency-Key), so each is
 * tried again, a few times, when the way fails or the middleware asks for it (429, 503).
 */
export function createHttpSyncApi(options: HttpSyncApiOptions): SyncApi {
  const url = checkAddress(options.url);
  const authorization = `Bearer ${checkKey(options.apiKey)}`;
  const {
    timeoutMs = defaultTimeoutMs,
    maxAttempts = defaultMaxAttempts,
    pause = (ms: number) => wait(ms),
  } = options;

  async function call<Answer>(request: Call): Promise<Answer> {
    const idempotencyKey = request.isCreating === true ? randomUUID() : null;
    for (let attempt = 1; ; attempt += 1) {
      const outcome = await send(request, idempotencyKey);
      if (outcome.kind === 'answer') return outcome.answer as Answer;
      const { error, retryAfterMs } = outcome;
      if (retryAfterMs === 'never' || attempt === maxAttempts) throw error;
      const pauseMs = retryAfterMs ?? firstPauseMs * 2 ** (attempt - 1);
      if (pauseMs > maxPauseMs) throw error;
      await pause(pauseMs);
    }
  }

  async function send(request: Call, idempotencyKey: string | null): Promise<Outcome> {
    const { method = 'GET', path, query = {}, body, shape } = request;
    const limitMs = request.timeoutMs ?? timeoutMs;
    const search = new URLSearchParams(query).toString();
    let response: Response;
    try {
      response = await fetch(`${url}${path}${search === '' ? '' : `?${search}`}`, {
        method,
        headers: {
          accept: 'application/json',
          authorization,
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...(idempotencyKey === null ? {} : { 'idempotency-key': idempotencyKey }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        // A redirect would take the key to somebody else.
        redirect: 'manual',
        signal: AbortSignal.timeout(limitMs),
      });
    } catch (cause) {
      return toFailure(cause, limitMs, wayErrors.unreachable);
    }
    try {
      return readAnswer(response, await response.text(), shape);
    } catch (cause) {
      return toFailure(cause, limitMs, wayErrors.cutAnswer);
    }
  }

  function toFailure(
    cause: unknown,
    limitMs: number,
    otherwise: (url: string, reason: string) => SfError,
  ): Outcome {
    if (has(cause, 'name') && cause.name === 'TimeoutError') {
      return { kind: 'failure', error: wayErrors.timedOut(url, limitMs), retryAfterMs: null };
    }
    const reason = reasonOf(cause);
    return /CERT|SIGNED|ISSUER|ALTNAME/.test(reason)
      ? { kind: 'failure', error: wayErrors.untrusted(url, reason), retryAfterMs: 'never' }
      : { kind: 'failure', error: otherwise(url, reason), retryAfterMs: null };
  }

  function readAnswer(response: Response, text: string, shape: readonly string[]): Outcome {
    const { status, headers } = response;
    const fail = (error: SfError, isTransient = false): Outcome => ({
      kind: 'failure',
      error,
      retryAfterMs: isTransient ? retryAfterMs(headers) : 'never',
    });
    if (status >= 300 && status < 400) {
      return fail(wayErrors.redirected(url, originOf(headers.get('location'), url)));
    }
    const answer = parseJson(text);
    if (response.ok) {
      if (answer === undefined) return fail(wayErrors.notJson(url, mediaTypeOf(headers), status));
      const missing = shape.find((name) => !has(answer, name));
      return missing === undefined
        ? { kind: 'answer', answer }
        : fail(wayErrors.unknownApi(url, `"${missing}"`));
    }
    if (status === 401) return fail(wayErrors.unauthenticated(url));
    if (isProblem(answer)) {
      return fail(problemError(answer, exitCodeOfProblem(answer.code)), status === 429 || status === 503);
    }
    // Not from the middleware itself: a gateway before it, or something else altogether.
    return status === 429 || status >= 500
      ? fail(wayErrors.unexpectedStatus(url, status), status !== 500)
      : fail(wayErrors.notJson(url, mediaTypeOf(headers), status));
  }

  async function list<Item>(
    path: string,
    query: Readonly<Record<string, string>>,
    limit: number,
  ): Promise<Excerpt<Item>> {
    const items: Item[] = [];
    let cursor: string | null = null;
    while (items.length < limit) {
      const page: { items: Item[]; nextCursor: string | null } = await call({
        path,
        query: {
          ...query,
          limit: String(Math.min(limit - items.length, maxPageItems)),
          ...(cursor === null ? {} : { cursor }),
        },
        shape: shapes.page,
      });
      items.push(...page.items);
      cursor = page.nextCursor;
      if (cursor === null) return { items, hasMore: false };
    }
    return { items, hasMore: true };
  }

  const at = (strings: TemplateStringsArray, ...ids: string[]): string =>
    String.raw({ raw: strings }, ...ids.map(encodeURIComponent));
  const post = <Answer>(path: string, body: unknown, shape: readonly string[]): Promise<Answer> =>
    call({ method: 'POST', path, body, shape });
  const create = <Answer>(path: string, body: unknown, shape: readonly string[]): Promise<Answer> =>
    call({ method: 'POST', path, body, shape, isCreating: true });

  return {
    url,
    createPlan: () => create('/v1/plans', {}, shapes.plan),
    readPlan: (planId) => call({ path: at`/v1/plans/${planId}`, shape: shapes.plan }),
    listPlanItems: (planId, { operation, limit }) =>
      list(at`/v1/plans/${planId}/items`, { operation }, limit),
    startRun: (request) => create('/v1/runs', request, shapes.run),
    readRun: (runId) => call({ path: at`/v1/runs/${runId}`, shape: shapes.run }),
    listRuns: ({ limit }) => list('/v1/runs', {}, limit),
    listRunItems: (runId, { state, limit }) => list(at`/v1/runs/${runId}/items`, { state }, limit),
    pauseRun: (runId, reason) => post(at`/v1/runs/${runId}/pause`, { reason }, shapes.run),
    resumeRun: (runId, reason) => post(at`/v1/runs/${runId}/resume`, { reason }, shapes.run),
    cancelRun: (runId, reason) => post(at`/v1/runs/${runId}/cancel`, { reason }, shapes.run),
    listSchedules: async () =>
      (await call<{ items: Schedule[] }>({ path: '/v1/schedules', shape: ['items'] })).items,
    pauseSync: (sync, reason) => post(at`/v1/schedules/${sync}/pause`, { reason }, shapes.schedule),
    resumeSync: (sync, reason) => post(at`/v1/schedules/${sync}/resume`, { reason }, shapes.schedule),
    startResync: (propertyId, actingUser) =>
      create(at`/v1/properties/${propertyId}/resyncs`, { actingUser }, shapes.resync),
    readResync: (resyncId) => call({ path: at`/v1/resyncs/${resyncId}`, shape: shapes.resync }),
    explainProperty: (propertyId) =>
      call({
        path: at`/v1/properties/${propertyId}/explanation`,
        shape: ['groupKey', 'members', 'dataAsOf'],
        timeoutMs: Math.max(timeoutMs, slowTimeoutMs),
      }),
    examine: () =>
      call({
        path: '/v1/doctor',
        shape: ['findings', 'level', 'checkedAt'],
        timeoutMs: Math.max(timeoutMs, slowTimeoutMs),
      }),
    applyViews: () =>
      call({
        method: 'PUT',
        path: '/v1/warehouse/views',
        shape: ['appliedAt', 'views'],
        timeoutMs: Math.max(timeoutMs, slowTimeoutMs),
      }),
  };
}

/** The code that the system gave, which fetch hides behind "fetch failed"; never a text that could hold a header. */
function reasonOf(cause: unknown): string {
  for (let reason = cause; reason !== undefined; reason = has(reason, 'cause') ? reason.cause : undefined) {
    if (has(reason, 'code') && typeof reason.code === 'string') return reason.code;
  }
  return 'no connection';
}

/** Retry-After in seconds or as a date (RFC 9110 §10.2.3); null where it is not given. */
function retryAfterMs(headers: Headers): number | null {
  const text = headers.get('retry-after');
  if (text === null) return null;
  const ms = /^\d+$/.test(text) ? Number(text) * 1000 : Date.parse(text) - Date.now();
  return Number.isNaN(ms) ? null : Math.max(0, ms);
}

function originOf(location: string | null, base: string): string {
  return URL.parse(location ?? '', base)?.origin ?? 'another address';
}

const mediaTypeOf = (headers: Headers): string =>
  headers.get('content-type')?.split(';')[0] ?? 'an answer without a type';

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const has = <Name extends string>(answer: unknown, name: Name): answer is Record<Name, unknown> =>
  typeof answer === 'object' && answer !== null && name in answer;

function isProblem(answer: unknown): answer is Problem {
  return (
    ['code', 'detail', 'action'].every((name) => has(answer, name) && typeof answer[name] === 'string') &&
    has(answer, 'errors') &&
    Array.isArray(answer.errors)
  );
}
