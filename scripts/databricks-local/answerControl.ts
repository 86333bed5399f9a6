import type { IncomingMessage } from 'node:http';
import { json } from 'node:stream/consumers';
import { z } from 'zod';
import type { Control } from './createControl.ts';
import { faultList } from './faults.ts';
import type { HttpAnswer } from './httpAnswer.ts';

export const controlPath = '/__local/';

const stopBody = z.strictObject({ startMs: z.number().int().nonnegative() });

/**
 * The control of a server that is a process of its own: `GET /__local/state`, `PUT /__local/faults`,
 * `POST /__local/stop`, `POST /__local/lose-sessions` and `POST /__local/revoke-tokens`. Answers with the state.
 */
export async function answerControl(control: Control, request: IncomingMessage): Promise<HttpAnswer> {
  const state = (): HttpAnswer => ({ status: 200, body: { ...control } });
  try {
    switch (`${request.method ?? ''} ${request.url ?? ''}`) {
      case 'GET /__local/state':
        return state();
      case 'PUT /__local/faults':
        control.setFaults(faultList.parse(await json(request)).faults);
        return state();
      case 'POST /__local/stop':
        control.stop(stopBody.parse(await json(request)).startMs);
        return state();
      case 'POST /__local/lose-sessions':
        control.loseSessions();
        return state();
      case 'POST /__local/revoke-tokens':
        control.revokeTokens();
        return state();
      default:
        return { status: 404 };
    }
  } catch (error) {
    return { status: 400, body: { message: error instanceof Error ? error.message : String(error) } };
  }
}
