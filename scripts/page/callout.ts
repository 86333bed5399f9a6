import { z } from 'zod';
import type { ControllerCode, ControllerProblem } from '../../force-app/types/propertySync.ts';

/** The middleware as Apex meets it by the named credential: the key is put in on the way and nobody sees it. */
export interface NamedCredential {
  readonly url: string;
  readonly apiKey: string;
  /** How long a callout waits; left out, as long as the Apex class does. */
  readonly timeoutMs?: number;
}

/** Why a callout brought nothing, in the words of the Apex class. */
export class ControllerException extends Error {
  readonly problem: ControllerProblem;
  /** The middleware did answer. */
  readonly isAnswered: boolean;

  constructor(problem: ControllerProblem, isAnswered: boolean) {
    super(problem.message);
    this.name = 'ControllerException';
    this.problem = problem;
    this.isAnswered = isAnswered;
  }
}

/** As the Apex class sets it. */
const calloutTimeoutMs = 10_000;
const problemSchema = z.object({ code: z.string(), detail: z.string(), action: z.string().nullish() });

export interface Callout<Answer> {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly schema: z.ZodType<Answer>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

/** One HTTP request as Apex makes it: one try, ten seconds, and every answer that is none told by its code. */
export async function callout<Answer>(
  { url, apiKey, timeoutMs = calloutTimeoutMs }: NamedCredential,
  { method, path, schema, headers = {}, body }: Callout<Answer>,
): Promise<Answer> {
  let response: Response;
  let text: string;
  try {
    response = await fetch(url + path, {
      method,
      headers: {
        authorization: `Bearer ${apiKey}`,
        accept: 'application/json',
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(timeoutMs),
    });
    text = await response.text();
  } catch {
    throw exception('MIDDLEWARE_UNREACHABLE', 'Property Sync did not answer.', false);
  }
  const answer = parseJson(text);
  if (response.ok) {
    const { success, data } = schema.safeParse(answer);
    if (success) return data;
    throw exception('MIDDLEWARE_ANSWER_INVALID', 'Property Sync gave an answer that cannot be read.', true);
  }
  const { success, data } = problemSchema.safeParse(answer);
  if (!success) {
    const message = `Property Sync answered with status ${String(response.status)}.`;
    throw exception('MIDDLEWARE_ANSWER_INVALID', message, true);
  }
  const retryAfter = Number.parseInt(response.headers.get('retry-after') ?? '', 10);
  throw new ControllerException(
    {
      code: data.code,
      message: data.detail,
      action: data.action ?? null,
      retryAfterSeconds: Number.isNaN(retryAfter) ? null : retryAfter,
    },
    true,
  );
}

/** What Apex itself has to say. */
export function exception(code: ControllerCode, message: string, isAnswered: boolean): ControllerException {
  return new ControllerException({ code, message, action: null }, isAnswered);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
