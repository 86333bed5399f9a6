import type { ServerResponse } from 'node:http';

/** What a request is answered with; a body that is no buffer goes as JSON. */
export interface HttpAnswer {
  readonly status: number;
  readonly body?: Buffer | object;
  readonly headers?: Readonly<Record<string, string>>;
}

export function sendAnswer(response: ServerResponse, { status, body, headers }: HttpAnswer): void {
  if (body === undefined) {
    response.writeHead(status, headers).end();
  } else if (Buffer.isBuffer(body)) {
    response.writeHead(status, { 'Content-Type': 'application/octet-stream', ...headers }).end(body);
  } else {
    response.writeHead(status, { 'Content-Type': 'application/json', ...headers }).end(JSON.stringify(body));
  }
}
