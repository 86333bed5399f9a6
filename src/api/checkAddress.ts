import { Messages, SfError } from '@salesforce/core';
import { isLoopback } from '../isLoopback.ts';

Messages.importMessagesDirectoryFromMetaUrl(import.meta.url);
const messages = Messages.loadMessages('sf-property-sync', 'errors');

/**
 * The address of a middleware as it is kept: origin and path, without a trailing slash. Throws ADDRESS_INVALID and
 * ADDRESS_INSECURE.
 */
export function checkAddress(text: string): string {
  const url = URL.parse(text.trim());
  const isPlain =
    url !== null &&
    (url.protocol === 'https:' || url.protocol === 'http:') &&
    [url.username, url.password, url.search, url.hash].every((part) => part === '');
  if (!isPlain) {
    // What was typed may hold a password: it is not repeated.
    throw new SfError(messages.getMessage('addressInvalid'), 'ADDRESS_INVALID', [
      messages.getMessage('addressInvalid.action'),
    ]);
  }
  // A key travels only where nobody can read it on the way: https, or this machine.
  if (url.protocol === 'http:' && !isLoopback(url.hostname)) {
    throw new SfError(messages.getMessage('addressInsecure', [url.host]), 'ADDRESS_INSECURE', [
      messages.getMessage('addressInsecure.action', [url.host]),
    ]);
  }
  return `${url.origin}${url.pathname.replace(/\/+$/, '')}`;
}

/** Throws KEY_INVALID for a text that no header can carry: then nothing could be said without showing it. */
export function checkKey(apiKey: string): string {
  const key = apiKey.trim();
  if (/^[\x21-\x7e]+$/.test(key)) return key;
  throw new SfError(messages.getMessage(key === '' ? 'keyMissing' : 'keyInvalid'), 'KEY_INVALID', [
    messages.getMessage('keyInvalid.action'),
  ]);
}
