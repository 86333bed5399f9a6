import type { IncomingMessage, RequestListener } from 'node:http';
import { buffer } from 'node:stream/consumers';
import type { AccessTokens } from './accessTokens.ts';
import { answerThrift, readCall, type Call } from './answerThrift.ts';
import { answerControl, controlPath } from './answerControl.ts';
import { answerLogin, loginPath } from './answerLogin.ts';
import type { Control } from './createControl.ts';
import type { Fault, Faults } from './faults.ts';
import { sendAnswer, type HttpAnswer } from './httpAnswer.ts';
import { resultsPath, type ResultLinks } from './resultLinks.ts';
import { filesPath, type VolumeFiles } from './volumeFiles.ts';

export interface RequestDeps {
  /** The HTTP path of the warehouse. */
  readonly path: string;
  /** The calls of the service. */
  readonly handlers: object;
  readonly tokens: AccessTokens;
  readonly faults: Faults;
  readonly links: ResultLinks;
  readonly files: VolumeFiles;
  readonly control: Control;
  readonly onCall: (name: string, statement?: string) => void;
}

const refusals: Readonly<Partial<Record<Fault['kind'], number>>> = {
  unavailable: 503,
  rateLimited: 429,
  unauthorized: 401,
  forbidden: 403,
};
const onTheWay = [...(Object.keys(refusals) as Fault['kind'][]), 'reset', 'resetAfter', 'hang'] as const;
const inTheWarehouse = ['lostSession', 'slowStart'] as const;

/** Everything that is served: the service, the login, results, files, and the control of this server. */
export function createRequestHandler(deps: RequestDeps): RequestListener {
  const { tokens, faults, links, files, control } = deps;

  /** The answer to a request, `lost` if none must arrive, `never` if the client is to wait in vain. */
  const answer = async (request: IncomingMessage): Promise<HttpAnswer | 'lost' | 'never'> => {
    const { method = '', url = '' } = request;
    if (url.startsWith(controlPath)) return answerControl(control, request);
    if (url.startsWith(loginPath)) return struck({ name: 'Token' }, () => answerLogin(tokens, request));
    if (url.startsWith(filesPath)) {
      return struck({ name: 'TransferFile' }, () => files.transfer(method, url, request));
    }
    if (url.startsWith(resultsPath)) {
      return struck({ name: 'DownloadResult' }, () => {
        const body = links.read(url);
        return Promise.resolve(body === undefined ? { status: 403 } : { status: 200, body });
      });
    }
    if (method !== 'POST' || url !== deps.path) return { status: 404 };
    const message = await buffer(request);
    return struck(readCall(message), async () => {
      if (!tokens.isAllowed(request.headers.authorization)) return { status: 401 };
      const body = await answerThrift(deps.handlers, message);
      return { status: 200, body, headers: { 'Content-Type': 'application/x-thrift' } };
    });
  };

  /** Works on the call, unless a fault is due. */
  const struck = async (
    { name, statement }: Call,
    work: () => Promise<HttpAnswer>,
  ): Promise<HttpAnswer | 'lost' | 'never'> => {
    deps.onCall(name, statement);
    const misfortune = faults.strike(inTheWarehouse, name, statement);
    if (misfortune?.kind === 'lostSession') control.loseSessions();
    if (misfortune?.kind === 'slowStart') control.stop(misfortune.delayMs);
    const fault = faults.strike(onTheWay, name, statement);
    if (fault?.kind === 'hang') return 'never';
    if (fault?.kind === 'reset') return 'lost';
    if (fault?.kind === 'resetAfter') return work().then(() => 'lost');
    const status = fault === undefined ? undefined : refusals[fault.kind];
    if (status === undefined) return work();
    return {
      status,
      ...(fault?.retryAfterS === undefined ? {} : { headers: { 'Retry-After': String(fault.retryAfterS) } }),
    };
  };

  return (request, response) => {
    answer(request).then(
      (result) => {
        if (result === 'lost') request.socket.destroy();
        else if (result !== 'never') sendAnswer(response, result);
      },
      // The driver tries again what fails with any other status above 500.
      (error: unknown) => sendAnswer(response, { status: 501, body: { message: String(error) } }),
    );
  };
}
