import { ConfigAggregator, ConfigFile, Global, OrgConfigProperties, StateAggregator } from '@salesforce/core';

/** Where a middleware is and what opens it. */
export interface Connection {
  readonly url: string;
  readonly apiKey: string;
}

/** The name of the connection that belongs to no org. No username is without an @. */
export const defaultConnection = 'default';

/** `~/.sf/property-sync.json`: a connection by username; keys are encrypted as sf encrypts access tokens. */
class ConnectionsFile extends ConfigFile {
  protected static override readonly encryptedKeys = ['apiKey'];

  static override getFileName(): string {
    return 'property-sync.json';
  }

  static override getDefaultOptions(): ConfigFile.Options {
    return {
      isGlobal: true,
      isState: true,
      filename: ConnectionsFile.getFileName(),
      stateFolder: Global.SF_STATE_FOLDER,
    };
  }
}

export async function readConnection(name: string): Promise<Connection | undefined> {
  const stored: unknown = (await ConnectionsFile.create()).get(name, true);
  return isConnection(stored) ? { url: stored.url, apiKey: stored.apiKey } : undefined;
}

export async function writeConnection(name: string, { url, apiKey }: Connection): Promise<void> {
  const file = await ConnectionsFile.create();
  file.set(name, { url, apiKey });
  await file.write();
}

/** Answers whether there was one. */
export async function removeConnection(name: string): Promise<boolean> {
  const file = await ConnectionsFile.create();
  const wasThere = file.unset(name);
  if (wasThere) await file.write();
  return wasThere;
}

/** The username behind an alias or a username; of the default org where none is named. Undefined where there is none. */
export async function findUsername(aliasOrUsername: string | undefined): Promise<string | undefined> {
  const named =
    aliasOrUsername ?? (await ConfigAggregator.create()).getInfo(OrgConfigProperties.TARGET_ORG).value;
  if (typeof named !== 'string') return undefined;
  const { aliases, orgs } = await StateAggregator.getInstance();
  const username = aliases.resolveUsername(named);
  return (await orgs.hasFile(username)) ? username : undefined;
}

function isConnection(stored: unknown): stored is Connection {
  return (
    typeof stored === 'object' &&
    stored !== null &&
    'url' in stored &&
    typeof stored.url === 'string' &&
    'apiKey' in stored &&
    typeof stored.apiKey === 'string'
  );
}
