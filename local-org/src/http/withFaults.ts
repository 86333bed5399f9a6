import { setTimeout as sleep } from 'node:timers/promises';
import type { Request, Response } from 'express';
import { ApiError, invalidSession, requestLimitExceeded } from '../errors.ts';
import type { FaultRule } from '../faults/faultRule.ts';
import type { Org } from '../org.ts';
import type { Answer } from './answer.ts';
import { errorAnswer } from './errorAnswer.ts';
import { sendAnswer, sendHalf } from './sendAnswer.ts';

/**
 * Answers a request, or does to it what the first fault rule that strikes says. `work` gets the rule, for faults
 * that concern single records.
 */
export async function withFaults(
  org: Org,
  { request, response, token }: { request: Request; response: Response; token: string | undefined },
  work: (fault: FaultRule | undefined) => Promise<Answer>,
): Promise<void> {
  const fault = org.faults.strike(request.method, request.originalUrl);
  if (fault && fault.delayMs > 0) await sleep(fault.delayMs);
  switch (fault?.kind) {
    case 'unavailable':
      throw new ApiError(
        503,
        'SERVER_UNAVAILABLE',
        'The server is temporarily unavailable. Try again later.',
      );
    case 'rateLimited':
      throw new ApiError(
        429,
        'REQUEST_LIMIT_EXCEEDED',
        'ConcurrentRequests (Concurrent API Requests) Limit exceeded.',
      );
    case 'apiLimit':
      throw requestLimitExceeded();
    case 'expiredSession':
      if (token !== undefined) org.sessions.end(token);
      throw invalidSession();
    case 'resetBefore':
      request.socket.destroy();
      return;
    case 'resetAfter':
      // The outcome does not matter: the client never learns it.
      await work(fault).catch(() => undefined);
      request.socket.destroy();
      return;
    case 'repeated':
      await work(fault).catch(() => undefined);
      sendAnswer(response, await work(fault));
      return;
    case 'cutBody':
      await sendHalf(response, await work(fault).catch(errorAnswer));
      request.socket.destroy();
      return;
    case 'stallBody':
      // The response is never ended: the client leaves, or the org stops.
      await sendHalf(response, await work(fault).catch(errorAnswer));
      return;
    default:
      sendAnswer(response, await work(fault));
  }
}
