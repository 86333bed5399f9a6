import { Connection } from '@salesforce/core';
import { errorCodeOf } from './describeObject.ts';
import { packageNames } from './packageNames.ts';
import { readSecret } from './readCredential.ts';

/**
 * Puts the API key behind the external credential, where Salesforce keeps it encrypted and gives it back to nobody. It
 * is no part of the metadata. Source: Connect REST API Developer Guide, "Credential": POST creates, PUT replaces.
 *
 * @throws Error that never holds the key: neither the request nor what the org says of it is repeated.
 */
export async function storeSecret(connection: Connection, secret: string): Promise<void> {
  const exists = await readSecret(connection);
  try {
    await requestUnlogged(connection, {
      method: exists ? 'PUT' : 'POST',
      url: `${connection.baseUrl()}/named-credentials/credential`,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        externalCredential: packageNames.externalCredential,
        authenticationProtocol: 'Custom',
        principalName: packageNames.principal,
        principalType: 'NamedPrincipal',
        credentials: { [packageNames.secretName]: { value: secret, encrypted: true } },
      }),
    });
  } catch (error) {
    // eslint-disable-next-line preserve-caught-error -- the error of the client may carry the request, and that the key
    throw new Error(`The org refused the API key: ${errorCodeOf(error) ?? 'no reason given'}.`);
  }
}

type Request = (this: Connection, request: object) => Promise<unknown>;

/** sf logs the body of a request at level debug; jsforce, on which it builds, logs method and address alone. */
function requestUnlogged(connection: Connection, request: object): Promise<unknown> {
  const { request: send } = Object.getPrototypeOf(Connection.prototype) as { request: Request };
  return send.call(connection, request);
}
