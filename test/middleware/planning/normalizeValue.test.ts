import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Normalizer } from '../../../middleware/src/contracts/fieldMap.ts';
import { normalizeValue } from '../../../middleware/src/planning/normalizeValue.ts';
import type { RawValue } from '../../../middleware/src/planning/sourceRows.ts';

type Case = [title: string, normalizer: Normalizer, raw: RawValue, value: RawValue, warning?: string];
const letters = (count: number): string => 'a'.repeat(count);

const cases: Case[] = [
  ['null text stays null', 'text', null, null],
  ['the empty text is null', 'text', '', null],
  ['white space is null', 'text', ' \t\r\n ', null],
  ['the text 0 is a value', 'text', '0', '0'],
  ['the number 0 is a value', 'text', 0, '0'],
  ['a tab becomes a space', 'text', 'Elm\tCourt', 'Elm Court'],
  ['CR LF become one space', 'text', 'Elm\r\nCourt', 'Elm Court'],
  ['other control characters become spaces', 'text', 'Elm\u0001\u007f Court', 'Elm Court'],
  ['runs of spaces become one', 'text', '  Elm   Court ', 'Elm Court'],
  ['a no-break space is a space', 'text', '\u00a0Elm\u00a0 Court', 'Elm Court'],
  ['a line separator is a space', 'text', 'Elm\u2028Court', 'Elm Court'],
  ['case is kept', 'text', 'ELM court', 'ELM court'],
  ['the text #N/A is text', 'text', '#N/A', '#N/A'],
  ['a name of 80 is whole', 'name', letters(80), letters(80)],
  ['a name of 81 is cut', 'name', letters(81), letters(80), 'NAME_TRUNCATED'],
  ['spaces do not count before the cut', 'name', `  ${letters(80)}  `, letters(80)],
  ['a cut leaves no space at the end', 'name', `${letters(79)} bc`, letters(79), 'NAME_TRUNCATED'],
  ['80 emoji are 80 characters', 'name', '🏠'.repeat(80), '🏠'.repeat(80)],
  ['an emoji is not cut in half', 'name', '🏠'.repeat(81), '🏠'.repeat(80), 'NAME_TRUNCATED'],
  ['a blank name is null', 'name', '\n', null],
  ['a code is a state', 'state', 'TX', 'TX'],
  ['a small code is a state', 'state', ' tx ', 'TX'],
  ['a full name is a state', 'state', 'New  york', 'NY'],
  ['the federal district is a state', 'state', 'District of Columbia', 'DC'],
  ['a territory is a state', 'state', 'PR', 'PR'],
  ['another code is no state', 'state', 'ZZ', null, 'INVALID_STATE'],
  ['a state with a stop is no state', 'state', 'Tex.', null, 'INVALID_STATE'],
  ['a member of every object is no state', 'state', 'constructor', null, 'INVALID_STATE'],
  ['an empty state is null without a warning', 'state', '', null],
  ['a leading zero stays', 'postalCode', '02134', '02134'],
  ['ZIP+4 stays', 'postalCode', '02134-1000', '02134-1000'],
  ['2 characters pass', 'postalCode', '21', '21'],
  ['3 characters are suspect', 'postalCode', '213', '213', 'POSTAL_SUSPECT'],
  ['4 characters are suspect and not padded', 'postalCode', '2134', '2134', 'POSTAL_SUSPECT'],
  ['6 characters pass', 'postalCode', '021345', '021345'],
  ['7 characters are suspect', 'postalCode', '0213410', '0213410', 'POSTAL_SUSPECT'],
  ['8 characters pass', 'postalCode', '02134100', '02134100'],
  ['a number is text', 'postalCode', 2134, '2134', 'POSTAL_SUSPECT'],
  ['an empty code is null', 'postalCode', '', null],
  ['a status is upper case', 'status', ' active\t', 'ACTIVE'],
  ['a blank status is null', 'status', ' ', null],
  ['true', 'boolean', true, true],
  ['false', 'boolean', false, false],
  ['1', 'boolean', 1, true],
  ['0', 'boolean', 0, false],
  ['the text true', 'boolean', 'true', true],
  ['the text TRUE', 'boolean', 'TRUE', true],
  ['the text false', 'boolean', 'false', false],
  ['the text 1', 'boolean', '1', true],
  ['the text 0', 'boolean', '0', false],
  ['big 1', 'boolean', 1n, true],
  ['a checkbox is never null', 'boolean', null, false],
  ['the last moment of a day', 'date', new Date('2025-11-10T23:59:59.999Z'), '2025-11-10'],
  ['the first moment of a day', 'date', new Date('2025-11-10T00:00:00.000Z'), '2025-11-10'],
  ['evening in Denver is the next day', 'date', '2025-11-10T20:00:00-07:00', '2025-11-11'],
  ['morning in Kyiv is the day before', 'date', '2025-11-10T01:00:00+02:00', '2025-11-09'],
  ['the hour that summer time skips', 'date', '2025-03-09T02:30:00-08:00', '2025-03-09'],
  ['the hour that winter time repeats', 'date', '2025-11-02T01:30:00-08:00', '2025-11-02'],
  ['a day stays that day', 'date', '2025-11-10', '2025-11-10'],
  ['no date', 'date', null, null],
  ['an empty date', 'date', '', null],
  ['a number', 'integer', 3, 3],
  ['a number as text', 'integer', '3', 3],
  ['a number with decimals of nothing', 'integer', '3.0', 3],
  ['a big number', 'integer', 3n, 3],
  ['zero is not null', 'integer', 0, 0],
  ['null is not zero', 'integer', null, null],
  ['blank is not zero', 'integer', '', null],
  [
    'a UUID is lower case',
    'uuid',
    'A0000001-0000-4000-8000-00000000000F',
    'a0000001-0000-4000-8000-00000000000f',
  ],
  ['an empty UUID is null', 'uuid', '', null],
  ['an id gains its suffix', 'salesforceId', 'a01ZZ000001PKnd', 'a01ZZ000001PKndYAG'],
  ['an empty id is null', 'salesforceId', ' ', null],
  ['what is no id stays, so that it can be corrected', 'salesforceId', 'n/a', 'n/a'],
];

describe('normalizeValue', () => {
  const complete = cases.map(
    ([title, normalizer, raw, value, warning = null]) => [title, normalizer, raw, value, warning] as const,
  );
  it.each(complete)('%s (%s)', (_title, normalizer, raw, value, warning) =>
    expect(normalizeValue(normalizer, raw)).toEqual({ value, warning }),
  );

  it('changes nothing more when it is repeated', () => {
    const normalizers: Normalizer[] = [
      'uuid',
      'name',
      'text',
      'state',
      'postalCode',
      'status',
      'boolean',
      'salesforceId',
    ];
    const text = fc.string({
      unit: fc.constantFrom(' ', '\t', '\n', '\u0001', '\u00a0', 'a', 'B', '7', '-', 'é', '🏠'),
      maxLength: 120,
    });
    fc.assert(
      fc.property(fc.constantFrom(...normalizers), text, (normalizer, raw) => {
        const { value } = normalizeValue(normalizer, raw);
        expect(normalizeValue(normalizer, value).value).toBe(value);
      }),
    );
  });
});
