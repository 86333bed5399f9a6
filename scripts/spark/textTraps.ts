import type { World } from '../../test/fixtures/arbitraries.ts';
import { aProperty, aStagingRow } from '../../test/fixtures/properties.ts';

/** Every white space and separator of Unicode, the ends of the control characters, and what only looks like space. */
const spaces = [
  ...[
    '\u0001',
    '\t',
    '\n',
    '\v',
    '\f',
    '\r',
    '\u001f',
    ' ',
    '\u007f',
    '\u0085',
    '\u009f',
    '\u00a0',
    '\u1680',
  ],
  ...Array.from({ length: 11 }, (_, index) => String.fromCodePoint(0x2000 + index)),
  ...[
    '\u2028',
    '\u2029',
    '\u202f',
    '\u205f',
    '\u3000',
    '\u00ad',
    '\u180e',
    '\u200b',
    '\u200d',
    '\u2060',
    '\ufeff',
  ],
];

/** What case mapping, regular expressions and counting of characters make of text differs most between engines. */
const words = [
  ...[
    'İ',
    'ẞ',
    'ß',
    'ﬁ',
    'ŉ',
    'ΟΔΟΣ',
    'ı',
    'ſ',
    'K',
    'Å',
    'Ǆ',
    'ǅ',
    'é',
    'e\u0301',
    'Ꭰ',
    '𐐀',
    '🏠',
    '👩‍👩‍👧',
    '漢',
  ],
  ...[
    '\\',
    '\\t',
    '\\p{Z}',
    '$1',
    '%',
    '_',
    "'",
    '"',
    '`',
    ';',
    '|',
    ',',
    '{}',
    '[x]',
    '(?i)',
    'NULL',
    'null',
    '-0',
  ],
];

const names = [
  ...spaces.flatMap((space) => [`a${space}b`, `${space}a${space} ${space}`, `x${space}test${space}y`]),
  ...words.flatMap((word) => [`${word} x ${word}`, `${word}test`, `test${word}`, `do${word}not`]),
  // Cut at 80 characters, not bytes and not halves of a character.
  ...words.map((word) => 'n'.repeat(79) + word.repeat(3)),
];

const id = (number: number): string => `d0000000-0000-4000-8000-${number.toString(16).padStart(12, '0')}`;
const companyId = (number: number): string => id(number).replace(/^d/, 'e');
const stagingId = (number: number): string => `a13ZT${number.toString().padStart(10, '0')}AAA`;

/** A property, its company and its staging row for each text on which engines are likely to differ; ids of no other world. */
export function textTraps(): World {
  return {
    properties: names.map((name, index) =>
      aProperty({
        id: id(index),
        name,
        address: name,
        city: name,
        zip: name,
        shortId: name,
        state: `${Array.from(name)[0] ?? ''}il`,
        status: index % 3 === 0 ? `${spaces[index % spaces.length] ?? ''}Active` : 'ACTIVE',
        sfdcId: name,
        companyId: companyId(index),
      }),
    ),
    companies: names.map((name, index) => ({ id: companyId(index), name, isDeleted: false })),
    featureRows: [],
    stagingRows: names.map((name, index) =>
      aStagingRow({
        id: stagingId(index),
        key: `${spaces[index % spaces.length] ?? ''}${id(index)}`,
        values: { ...aStagingRow({ key: id(index) }).values, Name: name, Street__c: name, City__c: name },
      }),
    ),
  };
}
