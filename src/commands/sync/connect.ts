import { Messages, SfError } from '@salesforce/core';
import { Flags, SfCommand } from '@salesforce/sf-plugins-core';
import { checkAddress, checkKey } from '../../api/checkAddress.ts';
import { defaultConnection, findUsername, removeConnection, writeConnection } from '../../api/connections.ts';
import { createHttpSyncApi } from '../../api/httpSyncApi.ts';
import { unknownOrg } from '../../api/openSyncApi.ts';
import { readKey } from '../../api/readKey.ts';

Messages.importMessagesDirectoryFromMetaUrl(import.meta.url);
const messages = Messages.loadMessages('sf-property-sync', 'sync.connect');

export interface SyncConnectResult {
  /** The username of the org, or `default` for the connection of no org. */
  readonly connection: string;
  readonly url: string | null;
  readonly isConnected: boolean;
}

export default class SyncConnect extends SfCommand<SyncConnectResult> {
  static override readonly summary = messages.getMessage('summary');
  static override readonly description = messages.getMessage('description');
  static override readonly examples = messages.getMessages('examples');

  static override readonly flags = {
    url: Flags.string({ char: 'u', summary: messages.getMessage('flags.url.summary') }),
    'target-org': Flags.string({ char: 'o', summary: messages.getMessage('flags.target-org.summary') }),
    'key-stdin': Flags.boolean({ summary: messages.getMessage('flags.key-stdin.summary') }),
    remove: Flags.boolean({
      summary: messages.getMessage('flags.remove.summary'),
      exclusive: ['url', 'key-stdin'],
    }),
  };

  async run(): Promise<SyncConnectResult> {
    const { flags } = await this.parse(SyncConnect);
    const targetOrg = flags['target-org'];
    const username = await findUsername(targetOrg);
    if (targetOrg !== undefined && username === undefined) throw unknownOrg(targetOrg);
    const connection = username ?? defaultConnection;
    return flags.remove
      ? this.remove(connection)
      : this.connect(connection, flags.url ?? process.env['PROPERTY_SYNC_URL'], flags['key-stdin']);
  }

  private async connect(
    connection: string,
    text: string | undefined,
    isKeyOnStdin: boolean,
  ): Promise<SyncConnectResult> {
    if (text === undefined || text.trim() === '') {
      throw new SfError(messages.getMessage('error.noUrl'), 'ADDRESS_MISSING', [
        messages.getMessage('error.noUrl.action'),
      ]);
    }
    const url = checkAddress(text);
    const apiKey = checkKey(
      await readKey({
        isOnStdin: isKeyOnStdin,
        ask: () => this.secretPrompt({ message: messages.getMessage('prompt.key', [url]) }),
      }),
    );
    // Any route that asks for a key proves address and key; this one is cheap.
    await createHttpSyncApi({ url, apiKey, maxAttempts: 2 }).listSchedules();
    await writeConnection(connection, { url, apiKey });
    this.logSuccess(messages.getMessage('info.connected', [url, this.nameOf(connection)]));
    return { connection, url, isConnected: true };
  }

  private async remove(connection: string): Promise<SyncConnectResult> {
    const wasThere = await removeConnection(connection);
    this.log(
      messages.getMessage(wasThere ? 'info.removed' : 'info.nothingToRemove', [this.nameOf(connection)]),
    );
    return { connection, url: null, isConnected: false };
  }

  private readonly nameOf = (connection: string): string =>
    connection === defaultConnection
      ? messages.getMessage('info.withoutOrg')
      : messages.getMessage('info.ofOrg', [connection]);
}
