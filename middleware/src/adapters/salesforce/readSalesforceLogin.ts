import { readFile } from 'node:fs/promises';
import { SyncError } from '../../errors.ts';
import type { SalesforceLogin } from './loginGrant.ts';

/** The variables of the environment that concern the login, as config.ts has checked them. */
export interface SalesforceLoginVariables {
  readonly SALESFORCE_CLIENT_ID: string;
  readonly SALESFORCE_CLIENT_SECRET?: string | undefined;
  readonly SALESFORCE_USERNAME?: string | undefined;
  readonly SALESFORCE_PRIVATE_KEY_FILE?: string | undefined;
  readonly SALESFORCE_JWT_AUDIENCE: string;
}

/** The way to log in that the variables name; reads the private key. Throws CONFIG_INVALID for a file that is not there. */
export async function readSalesforceLogin(variables: SalesforceLoginVariables): Promise<SalesforceLogin> {
  const { SALESFORCE_CLIENT_ID: clientId, SALESFORCE_PRIVATE_KEY_FILE: keyFile } = variables;
  if (keyFile === undefined) return { clientId, clientSecret: variables.SALESFORCE_CLIENT_SECRET ?? '' };
  const privateKeyPem = await readFile(keyFile, 'utf8').catch((cause: unknown) => {
    throw new SyncError('CONFIG_INVALID', `SALESFORCE_PRIVATE_KEY_FILE cannot be read: ${keyFile}.`, {
      cause,
    });
  });
  return {
    clientId,
    username: variables.SALESFORCE_USERNAME ?? '',
    privateKeyPem,
    audience: variables.SALESFORCE_JWT_AUDIENCE,
  };
}
