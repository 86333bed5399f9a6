import type { Hash } from './random.ts';

const base62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const suffixAlphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ012345';

/** Key prefixes of the Salesforce objects in the baseline. */
export const keyPrefix = { production: 'a01', staging: 'a13', user: '005' } as const;

/** Hash topics of ids: a topic is an id space of its own. */
export const idTopic = {
  property: 1,
  company: 2,
  propertyFeature: 3,
  featureEvent: 4,
  feature: 5,
  production: 6,
  staging: 7,
  shortId: 8,
  orphan: 9,
} as const;

/**
 * Turns a case-sensitive 15-character Salesforce id into the case-safe 18-character form.
 * Rule: docs/domain.md §2.5; one suffix character per five characters, one bit per upper-case letter.
 */
export function toId18(id15: string): string {
  let suffix = '';
  for (let chunk = 0; chunk < 15; chunk += 5) {
    let bits = 0;
    for (let position = 0; position < 5; position += 1) {
      const character = id15.charAt(chunk + position);
      if (character >= 'A' && character <= 'Z') bits |= 1 << position;
    }
    suffix += suffixAlphabet.charAt(bits);
  }
  return id15 + suffix;
}

/** Users that appear in the system columns of the Salesforce rows. */
export const users = {
  integration: toId18('005ZZ000000Sync'),
  automation: toId18('005ZZ000000Auto'),
  admin: toId18('005ZZ000000Admn'),
} as const;

// The first of six digits is never 0, so no generated id meets the fixed ids of Park Kennedy.
const firstSerial = 62 ** 5;

/** An 18-character Salesforce id, unique per prefix and number. */
export function salesforceId(hash: Hash, topic: number, prefix: string, number: number): string {
  let rest = hash(topic, number) + firstSerial;
  let digits = '';
  for (let place = 0; place < 6; place += 1) {
    digits = base62.charAt(rest % 62) + digits;
    rest = Math.floor(rest / 62);
  }
  return toId18(`${prefix}ZZ0000${digits}`);
}

const hexBytes = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

function hex8(value: number): string {
  const byte = (shift: number): string => hexBytes[(value >>> shift) & 0xff] ?? '';
  return byte(24) + byte(16) + byte(8) + byte(0);
}

/** A valid version 4 UUID in lower case; its first eight digits are unique per topic and number. */
export function uuid(hash: Hash, topic: number, number: number): string {
  const first = hex8(hash(topic, number));
  const second = hex8(hash(topic + 100, number));
  const third = hex8(((hash(topic + 200, number) & 0x3fffffff) | 0x80000000) >>> 0);
  const fourth = hex8(hash(topic + 300, number));
  return `${first}-${second.slice(0, 4)}-4${second.slice(5)}-${third.slice(0, 4)}-${third.slice(4)}${fourth}`;
}

/** A 10-character short id: seven unique base-36 digits and three more. */
export function shortId(hash: Hash, number: number): string {
  const unique = hash(idTopic.shortId, number).toString(36).padStart(7, '0');
  const rest = (hash(idTopic.shortId + 100, number) % 36 ** 3).toString(36).padStart(3, '0');
  return unique + rest;
}
