import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

/** Who may talk to the warehouse: the holder of the token, and a service principal by OAuth. */
export interface AccessTokens {
  readonly token: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** Whether the header `Authorization` carries a token that is still good. */
  isAllowed(authorization: string | undefined): boolean;
  /** A new token, as the token endpoint answers, or undefined if id or secret are wrong. `authorization` is `Basic`. */
  grant(
    authorization: string | undefined,
  ): { access_token: string; token_type: 'Bearer'; expires_in: number } | undefined;
  /** Ends every token that was granted. */
  revoke(): void;
}

const lifetimeS = 3_600;

export function createAccessTokens(givenToken?: string): AccessTokens {
  const token = givenToken ?? `dapi${randomBytes(16).toString('hex')}`;
  const [clientId, clientSecret] = ['property-sync', `dose${randomBytes(16).toString('hex')}`];
  const granted = new Map<string, number>();
  const basic = `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString('base64')}`;
  return {
    token,
    clientId,
    clientSecret,
    isAllowed: (authorization = '') => {
      const expiresAt = granted.get(authorization.replace(/^Bearer /, ''));
      return isSame(authorization, `Bearer ${token}`) || (expiresAt !== undefined && Date.now() < expiresAt);
    },
    grant: (authorization = '') => {
      if (!isSame(authorization, basic)) return undefined;
      const accessToken = newJwt(clientId);
      granted.set(accessToken, Date.now() + lifetimeS * 1_000);
      return { access_token: accessToken, token_type: 'Bearer', expires_in: lifetimeS };
    },
    revoke: () => granted.clear(),
  };
}

function isSame(a: string, b: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(a), digest(b));
}

/** The driver reads the time of expiry out of it and nothing else; it is not signed. */
function newJwt(subject: string): string {
  const part = (content: object): string => Buffer.from(JSON.stringify(content)).toString('base64url');
  const exp = Math.floor(Date.now() / 1_000) + lifetimeS;
  return [
    part({ alg: 'none', typ: 'JWT' }),
    part({ sub: subject, exp }),
    randomBytes(16).toString('base64url'),
  ].join('.');
}
