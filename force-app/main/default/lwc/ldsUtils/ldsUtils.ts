import type { ControllerProblem } from 'types/propertySync';
import ERROR_UNKNOWN from '@salesforce/label/c.PropertySync_Error_Unknown';

interface ErrorBody {
  readonly message?: unknown;
  readonly output?: {
    readonly errors?: readonly ErrorBody[];
    readonly fieldErrors?: Record<string, readonly ErrorBody[]>;
  };
  readonly pageErrors?: readonly ErrorBody[];
  readonly fieldErrors?: Record<string, readonly ErrorBody[]>;
}

/**
 * The messages of an error in any of the shapes that Apex and Lightning Data Service give it: a list, an object with a
 * `body` (one message, a list of them, or errors of the page and of fields), an exception of JavaScript, a text. Never
 * empty texts, none twice.
 */
export function reduceErrors(errors: unknown): string[] {
  const list = Array.isArray(errors) ? (errors as unknown[]) : [errors];
  const messages = list.flatMap(messagesOf).filter((message) => message !== '');
  return [...new Set(messages)];
}

function messagesOf(error: unknown): string[] {
  if (typeof error === 'string') return [error];
  if (typeof error !== 'object' || error === null) return [];
  const { body, message, statusText } = error as { body?: unknown; message?: unknown; statusText?: unknown };
  if (Array.isArray(body)) return body.flatMap(bodyMessages);
  const found = bodyMessages(body);
  if (found.length > 0) return found;
  return [message, statusText].filter((text): text is string => typeof text === 'string').slice(0, 1);
}

function bodyMessages(body: unknown): string[] {
  if (typeof body !== 'object' || body === null) return [];
  const { message, output, pageErrors = [], fieldErrors = {} } = body as ErrorBody;
  const nested = [
    ...pageErrors,
    ...Object.values(fieldErrors).flat(),
    ...(output?.errors ?? []),
    ...Object.values(output?.fieldErrors ?? {}).flat(),
  ].flatMap(bodyMessages);
  return nested.length === 0 && typeof message === 'string' ? [message] : nested;
}

/** What went wrong, as the controller tells it; code `UNKNOWN` for an error that it did not throw. */
export function problemOf(error: unknown): ControllerProblem {
  if (isProblem(error)) return error;
  const messages = reduceErrors(error);
  return (
    readProblem(messages[0]) ?? {
      code: 'UNKNOWN',
      message: messages.join(' ') || ERROR_UNKNOWN,
      action: null,
    }
  );
}

function readProblem(text: string | undefined): ControllerProblem | null {
  if (text?.startsWith('{') !== true) return null;
  try {
    const read: unknown = JSON.parse(text);
    return isProblem(read) ? read : null;
  } catch {
    return null;
  }
}

function isProblem(value: unknown): value is ControllerProblem {
  if (typeof value !== 'object' || value === null) return false;
  const { code, message } = value as Partial<ControllerProblem>;
  return typeof code === 'string' && typeof message === 'string';
}
