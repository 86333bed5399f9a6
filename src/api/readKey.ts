import { text } from 'node:stream/consumers';
import { Messages, SfError } from '@salesforce/core';

Messages.importMessagesDirectoryFromMetaUrl(import.meta.url);
const messages = Messages.loadMessages('sf-property-sync', 'sync.connect');

/**
 * The API key from stdin, the environment or a hidden prompt; never from an argument, which the shell's history and every
 * list of processes would show. Throws KEY_MISSING where nobody can be asked.
 */
export async function readKey({
  isOnStdin,
  ask,
}: {
  isOnStdin: boolean;
  ask: () => Promise<string>;
}): Promise<string> {
  if (isOnStdin) return text(process.stdin);
  const fromEnvironment = process.env['PROPERTY_SYNC_API_KEY'];
  if (fromEnvironment !== undefined && fromEnvironment.trim() !== '') return fromEnvironment;
  if (process.stdin.isTTY) return ask();
  throw new SfError(messages.getMessage('error.noKey'), 'KEY_MISSING', [
    messages.getMessage('error.noKey.action'),
  ]);
}
