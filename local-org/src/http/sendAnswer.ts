import type { Response } from 'express';
import type { Answer } from './answer.ts';

/** Writes the answer. Salesforce sends JSON as `application/json;charset=UTF-8`. */
export function sendAnswer(response: Response, answer: Answer): void {
  response.end(writeHead(response, answer));
}

/**
 * Writes status, headers and the first half of the body, and resolves once they are on their way. The headers announce
 * the whole body, and the response stays unfinished. An answer without a body has no half and is sent whole.
 */
export async function sendHalf(response: Response, answer: Answer): Promise<void> {
  const body = Buffer.from(writeHead(response, answer));
  await new Promise<void>((resolve) => {
    if (body.length === 0) {
      response.end(resolve);
    } else {
      response.setHeader('content-length', body.length);
      response.write(body.subarray(0, Math.floor(body.length / 2)), () => resolve());
    }
  });
}

/** Sets status and headers, and gives the text of the body. */
function writeHead(response: Response, { status, body, headers = {} }: Answer): string {
  response.status(status);
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
  if (body === undefined) return '';
  if (typeof body === 'string') return body;
  response.setHeader('content-type', 'application/json;charset=UTF-8');
  return JSON.stringify(body);
}
