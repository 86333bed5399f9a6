import type { IncomingMessage, ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { serveOnLoopback, type LoopbackServer } from '../../scripts/serveOnLoopback.ts';

export type Answer = (request: IncomingMessage, response: ServerResponse) => void;

/** What arrived at the server. */
export interface Received {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

/** A server that answers each request by the next of these answers, and for ever by the last. */
export async function startFaultyServer(
  ...answers: readonly Answer[]
): Promise<LoopbackServer & { received: Received[] }> {
  const received: Received[] = [];
  const server = await serveOnLoopback((request, response) => {
    void text(request).then((body) => {
      const answer = answers[Math.min(received.length, answers.length - 1)];
      received.push({
        method: request.method ?? '',
        path: request.url ?? '',
        headers: request.headers,
        body,
      });
      answer?.(request, response);
    });
  });
  return { ...server, received };
}

export const json =
  (body: unknown, status = 200, headers: Record<string, string> = {}): Answer =>
  (_request, response) => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers });
    response.end(JSON.stringify(body));
  };

export const problem = (
  status: number,
  code: string,
  { errors = [], headers = {} }: { errors?: string[]; headers?: Record<string, string> } = {},
): Answer =>
  json(
    {
      type: `urn:property-sync:${code}`,
      title: code,
      status,
      code,
      detail: `Detail of ${code}.`,
      action: `Action of ${code}.`,
      errors,
      instance: '/',
      requestId: 'request-1',
    },
    status,
    headers,
  );

export const html =
  (status = 200): Answer =>
  (_request, response) => {
    response.writeHead(status, { 'content-type': 'text/html; charset=utf-8' });
    response.end('<html>Log in</html>');
  };

/** Promises more than it sends. */
export const cut: Answer = (_request, response) => {
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': '1000' });
  response.write('{"planId": "x');
  setImmediate(() => response.destroy());
};

export const hangUp: Answer = (_request, response) => void response.destroy();

/** Never answers. */
export const silence: Answer = () => undefined;
