import { expect } from '@jest/globals';
import type { Express } from 'express';
import request, { type Response, type Test } from 'supertest';
import { problemSchema } from '../../../middleware/src/contracts/index.ts';
import { findRoute, problemStatuses } from '../../../middleware/src/contracts/routes.ts';

/** Sends requests to the app; each answer must be one that the table of routes knows, member by member. */
export interface Api {
  get(path: string): Test;
  post(path: string): Test;
  put(path: string): Test;
}

export function conforming(app: Express): Api {
  const send = (method: keyof Api) => (path: string) =>
    request(app)
      [method](path)
      .expect((response) => conform(method, path, response));
  return { get: send('get'), post: send('post'), put: send('put') };
}

/** Fails unless the table of routes allows this answer. */
export function conform(method: string, path: string, { status, body, text, type }: Response): void {
  const [pathname = ''] = path.split('?');
  const route = findRoute(method, pathname);
  const answer = route?.answers[status];
  if (type === 'application/problem+json') {
    // What is no route answers like one that needs a key.
    expect(route === undefined ? [400, 401, 404, 429] : problemStatuses(route)).toContain(status);
    expect(problemSchema.strict().parse(JSON.parse(text))).toMatchObject({ status, instance: path });
    return;
  }
  if (answer === undefined)
    throw new Error(`${method} ${path} answers ${String(status)}: ${text.slice(0, 200)}`);
  if (typeof answer === 'string') {
    expect(type).toBe(answer);
    return;
  }
  expect(type).toBe('application/json');
  // Nothing but what the contract names, and all of that.
  expect(answer.parse(body)).toEqual(body);
}
