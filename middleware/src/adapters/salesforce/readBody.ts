import { SyncError } from '../../errors.ts';
import { reason } from './fetchTransport.ts';

/**
 * The bytes of an answer as they arrive. A body that is cut off, or of which nothing more comes for `idleTimeoutMs`, ends
 * in SALESFORCE_UNAVAILABLE; the time that the reader itself takes does not count.
 */
export async function* readBody(
  response: Response,
  { idleTimeoutMs, what }: { idleTimeoutMs: number; what: string },
): AsyncIterable<Uint8Array> {
  if (response.body === null) return;
  const reader = (response.body as ReadableStream<Uint8Array>).getReader();
  try {
    for (;;) {
      const { value, done } = await withDeadline(reader.read(), idleTimeoutMs);
      if (done) return;
      yield value;
    }
  } catch (error) {
    throw new SyncError(
      'SALESFORCE_UNAVAILABLE',
      `The answer of Salesforce broke off while ${what}: ${reason(error)}.`,
      {
        cause: error,
      },
    );
  } finally {
    // Not awaited: a body that stalls does not confirm its end either.
    reader.cancel().catch(() => undefined);
  }
}

async function withDeadline<Value>(promise: Promise<Value>, timeoutMs: number): Promise<Value> {
  let timer: NodeJS.Timeout | undefined;
  const deadline = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      reject(new Error(`nothing came for ${String(timeoutMs)} ms`));
    }, timeoutMs);
  });
  try {
    return await Promise.race([promise, deadline]);
  } finally {
    clearTimeout(timer);
  }
}
