import type { Connection } from '@salesforce/core';
import { errorCodeOf } from './describeObject.ts';
import { packageNames } from './packageNames.ts';

/** How Salesforce reaches the middleware, as the org has it. */
export interface OrgCredential {
  /** Null when the org has no such named credential. */
  readonly url: string | null;
  readonly hasSecret: boolean;
}

interface NamedCredentialAnswer {
  readonly calloutUrl: string;
}

/** The values are never among what the org answers: only that they are there. */
interface CredentialAnswer {
  readonly credentials?: Readonly<Record<string, unknown>>;
}

/** Source: Connect REST API Developer Guide, "Named Credential" and "Credential". Two API calls. */
export async function readCredential(connection: Connection): Promise<OrgCredential> {
  const [named, secret] = await Promise.all([
    readOrNull<NamedCredentialAnswer>(
      connection,
      `/named-credentials/named-credential-setup/${packageNames.namedCredential}`,
    ),
    readSecret(connection),
  ]);
  return { url: named?.calloutUrl ?? null, hasSecret: secret };
}

/** Whether the principal holds a value under the name the header asks for. */
export async function readSecret(connection: Connection): Promise<boolean> {
  const query = new URLSearchParams({
    externalCredential: packageNames.externalCredential,
    principalName: packageNames.principal,
    principalType: 'NamedPrincipal',
  });
  const answer = await readOrNull<CredentialAnswer>(
    connection,
    `/named-credentials/credential?${query.toString()}`,
  );
  return Object.keys(answer?.credentials ?? {}).includes(packageNames.secretName);
}

async function readOrNull<T extends object>(connection: Connection, path: string): Promise<T | null> {
  try {
    return await connection.request<T>(path);
  } catch (error) {
    if (['NOT_FOUND', 'ERROR_HTTP_404'].includes(errorCodeOf(error) ?? '')) return null;
    throw error;
  }
}
