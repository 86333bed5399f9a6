import { Messages, SfError } from '@salesforce/core';
import type { Problem } from '../../middleware/src/contracts/index.ts';

Messages.importMessagesDirectoryFromMetaUrl(import.meta.url);
const messages = Messages.loadMessages('sf-property-sync', 'errors');

/** Lines of a problem that are shown; all of them are in the data of the error. */
const maxDetails = 10;
/** Waiting may cure it: as for a run that has not finished. */
const isWorthWaiting = 69;

/** A problem of the middleware as the CLI shows it: its code is the name, its action what to do. */
export function problemError(problem: Problem, exitCode: number): SfError {
  const hidden = problem.errors.length - maxDetails;
  const lines = [
    ...problem.errors.slice(0, maxDetails),
    ...(hidden > 0 ? [`and ${hidden.toLocaleString('en-US')} more`] : []),
  ];
  return SfError.create({
    name: problem.code,
    message: [problem.detail, ...lines.map((line) => `  • ${line}`)].join('\n'),
    actions: [problem.action],
    exitCode,
    data: { status: problem.status, requestId: problem.requestId, errors: problem.errors },
  });
}

/** Errors of the way to the middleware. None of them carries the key, nor a cause that could. */
export const wayErrors = {
  unreachable: (url: string, reason: string) =>
    error('UNREACHABLE', 'unreachable', [url, reason], [], isWorthWaiting),
  untrusted: (url: string, reason: string) => error('CERTIFICATE_UNTRUSTED', 'untrusted', [url, reason]),
  timedOut: (url: string, timeoutMs: number) =>
    error('TIMED_OUT', 'timedOut', [url, String(Math.round(timeoutMs / 1000))], [], isWorthWaiting),
  cutAnswer: (url: string, reason: string) =>
    error('ANSWER_CUT', 'cutAnswer', [url, reason], [], isWorthWaiting),
  redirected: (url: string, target: string) => error('REDIRECTED', 'redirected', [url, target], [target]),
  notJson: (url: string, mediaType: string, status: number) =>
    error('NOT_PROPERTY_SYNC', 'notJson', [url, mediaType, String(status)]),
  unknownApi: (url: string, missing: string) => error('API_UNKNOWN', 'unknownApi', [url, missing]),
  unauthenticated: (url: string) => error('UNAUTHENTICATED', 'unauthenticated', [url]),
  unexpectedStatus: (url: string, status: number) =>
    error('UNEXPECTED_STATUS', 'unexpectedStatus', [url, String(status)], [], isWorthWaiting),
} as const;

function error(
  name: string,
  message: string,
  tokens: string[],
  actionTokens: string[] = [],
  exitCode = 1,
): SfError {
  return SfError.create({
    name,
    message: messages.getMessage(message, tokens),
    actions: [messages.getMessage(`${message}.action`, actionTokens)],
    exitCode,
  });
}
