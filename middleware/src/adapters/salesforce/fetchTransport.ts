import { PassThrough } from 'node:stream';
import { Transport } from 'jsforce/lib/transport.js';
import { StreamPromise } from 'jsforce/lib/util/promise.js';
import { SyncError } from '../../errors.ts';

type HttpRequest = Parameters<Transport['httpRequest']>[0];
type HttpAnswer = ReturnType<Transport['httpRequest']>;

/** An answer that says nothing about what became of the request: too many calls, or a server that failed. */
const isUnavailable = (status: number): boolean => status === 420 || status === 429 || status >= 500;

/**
 * jsforce's requests on fetch: sent exactly once, with one deadline for the whole answer, body included, and every failure
 * reaches the caller. jsforce's own transport repeats by HTTP method, stops its clock at the headers, and lets a body
 * that is cut off end the process.
 */
export class FetchTransport extends Transport {
  private readonly timeoutMs: number;
  private readonly onAnswer: (status: number) => void;

  constructor(timeoutMs: number, onAnswer: (status: number) => void) {
    super();
    this.timeoutMs = timeoutMs;
    this.onAnswer = onAnswer;
  }

  override httpRequest(request: HttpRequest): HttpAnswer {
    // jsforce asks for a stream beside the promise; nothing here reads it.
    return StreamPromise.create(() => ({ promise: this.send(request), stream: new PassThrough() }));
  }

  private async send({ url, method, headers, body }: HttpRequest): Promise<Awaited<HttpAnswer>> {
    let status: number;
    let answer: Awaited<HttpAnswer>;
    try {
      const response = await fetch(url, {
        method,
        headers: headers ?? {},
        ...(typeof body === 'string' ? { body } : {}),
        signal: AbortSignal.timeout(this.timeoutMs),
      });
      ({ status } = response);
      answer = {
        statusCode: status,
        headers: Object.fromEntries(response.headers),
        body: await response.text(),
      };
    } catch (error) {
      throw new SyncError('SALESFORCE_UNAVAILABLE', `The answer of Salesforce was lost: ${reason(error)}.`, {
        cause: error,
      });
    }
    this.onAnswer(status);
    if (isUnavailable(status)) {
      throw new SyncError(
        'SALESFORCE_UNAVAILABLE',
        `Salesforce answered ${String(status)}: ${answer.body.slice(0, 200)}`,
      );
    }
    return answer;
  }
}

/** The cause that fetch hides behind "fetch failed". */
export function reason(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? error.cause.message : error.message;
}
