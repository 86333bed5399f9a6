import { verify, type KeyObject } from 'node:crypto';
import { z } from 'zod';

const header = z.object({ alg: z.literal('RS256') });
const claims = z.object({ iss: z.string(), sub: z.string(), aud: z.string(), exp: z.number() });

/** An error of the token endpoint and its description. */
export type OAuthRefusal = readonly [error: string, description: string];

export interface AssertionDeps {
  readonly clientId: string;
  /** None when the app has no certificate. */
  readonly key: KeyObject | undefined;
  /** Addresses that may stand in `aud`, without a slash at the end. */
  readonly audiences: readonly string[];
  /** The client's clock, not the org's, which tests may set. In ms. */
  readonly nowMs: number;
}

/** Whose assertion it is, or why it is refused. */
export type Verified = { readonly username: string } | { readonly refusal: OAuthRefusal };

const refused = (error: string, description: string): Verified => ({ refusal: [error, description] });
const invalid = refused('invalid_grant', 'invalid assertion');

/**
 * The user name in a signed assertion (Salesforce Help, "OAuth 2.0 JWT Bearer Flow for Server-to-Server Integration").
 * The guide wants it to expire within three minutes; the CLI sends later times and real orgs take them, so only the past
 * is refused. Descriptions are quoted in public threads; which of several faults is told first is believed.
 */
export function verifyAssertion(assertion: string, deps: AssertionDeps): Verified {
  const [head = '', body = '', signature = '', ...rest] = assertion.split('.');
  const parsed = claims.safeParse(decode(body));
  if (rest.length > 0 || !header.safeParse(decode(head)).success || !parsed.success) return invalid;
  const { iss, sub, aud, exp } = parsed.data;
  if (iss !== deps.clientId) return refused('invalid_client_id', 'client identifier invalid');
  const isSigned =
    deps.key !== undefined &&
    verify('RSA-SHA256', Buffer.from(`${head}.${body}`), deps.key, Buffer.from(signature, 'base64url'));
  if (!isSigned) return invalid;
  if (!deps.audiences.includes(aud.replace(/\/+$/, '')))
    return refused('invalid_grant', 'audience is invalid');
  if (exp * 1000 <= deps.nowMs) return invalid;
  return { username: sub };
}

function decode(part: string): unknown {
  try {
    return JSON.parse(Buffer.from(part, 'base64url').toString()) as unknown;
  } catch {
    return undefined;
  }
}
