import { Messages, SfError } from '@salesforce/core';
import { defaultConnection, findUsername, readConnection, type Connection } from './connections.ts';
import { createHttpSyncApi } from './httpSyncApi.ts';
import type { SyncApi } from './syncApi.ts';

Messages.importMessagesDirectoryFromMetaUrl(import.meta.url);
const messages = Messages.loadMessages('sf-property-sync', 'errors');

const urlVariable = 'PROPERTY_SYNC_URL';
const keyVariable = 'PROPERTY_SYNC_API_KEY';

/**
 * The middleware of an org: the connection stored for the org that is named; else the environment; else the connection of
 * the default org; else the one that belongs to no org. An org that is named and has none is never answered with another
 * one's middleware. Throws NOT_CONNECTED, ENVIRONMENT_INCOMPLETE, ORG_UNKNOWN.
 */
export async function openSyncApi(targetOrg: string | undefined): Promise<SyncApi> {
  const environment = readEnvironment();
  if (targetOrg === undefined && environment !== undefined) return createHttpSyncApi(environment);
  const username = await findUsername(targetOrg);
  const own = username === undefined ? undefined : await readConnection(username);
  const connection = own ?? (targetOrg === undefined ? await readConnection(defaultConnection) : environment);
  if (connection !== undefined) return createHttpSyncApi(connection);
  if (targetOrg !== undefined && username === undefined) throw unknownOrg(targetOrg);
  throw new SfError(
    messages.getMessage('notConnected', [targetOrg === undefined ? '' : ` for ${targetOrg}`]),
    'NOT_CONNECTED',
    [
      messages.getMessage('notConnected.action', [
        targetOrg === undefined ? '' : ` --target-org ${targetOrg}`,
      ]),
      messages.getMessage('notConnected.ci'),
    ],
  );
}

export function unknownOrg(aliasOrUsername: string): SfError {
  return new SfError(messages.getMessage('unknownOrg', [aliasOrUsername]), 'ORG_UNKNOWN', [
    messages.getMessage('unknownOrg.action'),
  ]);
}

/** Half of it set is a mistake that must not end at another middleware. */
function readEnvironment(): Connection | undefined {
  const url = valueOf(urlVariable);
  const apiKey = valueOf(keyVariable);
  if (url !== undefined && apiKey !== undefined) return { url, apiKey };
  if (url === undefined && apiKey === undefined) return undefined;
  const names = url === undefined ? [keyVariable, urlVariable] : [urlVariable, keyVariable];
  throw new SfError(messages.getMessage('halfAnEnvironment', names), 'ENVIRONMENT_INCOMPLETE', [
    messages.getMessage('halfAnEnvironment.action'),
  ]);
}

function valueOf(name: string): string | undefined {
  const text = process.env[name]?.trim();
  return text === '' ? undefined : text;
}
