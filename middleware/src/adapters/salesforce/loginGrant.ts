import { importPKCS8, SignJWT } from 'jose';
import { SyncError } from '../../errors.ts';

/** How the middleware proves who it is to an External Client App of the org. */
export type SalesforceLogin =
  | { readonly clientId: string; readonly clientSecret: string }
  | {
      readonly clientId: string;
      /** The integration user. */
      readonly username: string;
      /** PKCS #8, whose certificate the app holds. */
      readonly privateKeyPem: string;
      /** `https://login.salesforce.com`, or `https://test.salesforce.com` for a sandbox. */
      readonly audience: string;
    };

/** Salesforce takes an assertion for three minutes at most (Salesforce Help, "OAuth 2.0 JWT Bearer Flow"). */
const assertionLifetimeS = 120;

/** What the token endpoint is asked with. Throws SALESFORCE_UNAUTHORIZED for a private key that is none. */
export async function loginGrant(
  login: SalesforceLogin,
): Promise<{ grant_type: string; assertion?: string }> {
  if ('clientSecret' in login) return { grant_type: 'client_credentials' };
  const { clientId, username, privateKeyPem, audience } = login;
  const key = await importPKCS8(privateKeyPem, 'RS256').catch((cause: unknown) => {
    throw new SyncError('SALESFORCE_UNAUTHORIZED', 'The private key of the login cannot be read.', {
      action:
        'SALESFORCE_PRIVATE_KEY_FILE must hold an RSA key as PKCS #8: its first line says BEGIN PRIVATE KEY.',
      cause,
    });
  });
  const assertion = await new SignJWT({})
    .setProtectedHeader({ alg: 'RS256' })
    .setIssuer(clientId)
    .setSubject(username)
    .setAudience(audience)
    .setExpirationTime(`${String(assertionLifetimeS)}s`)
    .sign(key);
  return { grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer', assertion };
}
