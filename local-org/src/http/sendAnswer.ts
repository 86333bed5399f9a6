import type { Response } from 'express';
import type { Answer } from './answer.ts';

/** Writes the answer. Salesforce sends JSON as `application/json;charset=UTF-8`. */
export function sendAnswer(response: Response, { status, body, headers = {} }: Answer): void {
  response.status(status);
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
  if (body === undefined) {
    response.end();
  } else if (typeof body === 'string') {
    response.end(body);
  } else {
    response.setHeader('content-type', 'application/json;charset=UTF-8');
    response.end(JSON.stringify(body));
  }
}
