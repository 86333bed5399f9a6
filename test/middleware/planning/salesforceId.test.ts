import { describe, expect, it } from '@jest/globals';
import {
  readSourceSfdcId,
  salesforceIdSuffix,
  type ProductionId,
  type PropertyId,
  toPropertyId,
  toSalesforceId18,
} from '../../../middleware/src/planning/salesforceId.ts';

describe('salesforceIdSuffix', () => {
  // 001A0000006Vm9u is the example of Salesforce's own article on the two forms.
  it.each([
    ['001A0000006Vm9u', 'IAC'],
    ['a01ZZ000001PKnd', 'YAG'],
    ['a01000000000000', 'AAA'],
    ['AAAAABBBBBCCCCC', '555'],
    ['0000A0000A0000A', 'QQQ'],
  ])('of %s is %s', (id15, suffix) => expect(salesforceIdSuffix(id15)).toBe(suffix));
});

describe('toSalesforceId18', () => {
  it.each([
    ['15 characters gain the suffix', 'a01ZZ000001PKnd', 'a01ZZ000001PKndYAG'],
    ['18 characters with the right suffix stay', 'a01ZZ000001PKndYAG', 'a01ZZ000001PKndYAG'],
    ['outer tabs and spaces go', '\t a01ZZ000001PKnd\n', 'a01ZZ000001PKndYAG'],
    ['a wrong suffix is no id', 'a01ZZ000001PKndYAA', null],
    ['another case of the body is no id', 'A01ZZ000001PKndYAG', null],
    ['a lower-case suffix is no id', 'a01ZZ000001PKndyag', null],
    ['14 characters are no id', 'a01ZZ000001PKn', null],
    ['16 characters are no id', 'a01ZZ000001PKndY', null],
    ['a hyphen is no id', 'a01ZZ-00001PKnd', null],
    ['blank is no id', '  ', null],
    ['null is no id', null, null],
  ])('%s', (_title, raw, id) => expect(toSalesforceId18(raw)).toBe(id));
});

describe('readSourceSfdcId', () => {
  it.each([
    ['null', null, 'blank'],
    ['the empty text', '', 'blank'],
    ['white space', ' \t\n', 'blank'],
    ['fifteen X', 'XXXXXXXXXXXXXXX', 'placeholder'],
    ['eighteen X with spaces around', ' XXXXXXXXXXXXXXXXXX ', 'placeholder'],
    ['one X', 'X', 'placeholder'],
    ['small x', 'xxxxxxxxxxxxxxx', 'malformed'],
    ['an id of 15 characters', 'a01ZZ000001PKnd', 'valid'],
    ['an id of 18 characters', 'a01ZZ000001PKndYAG', 'valid'],
    ['a staging id in its place', 'a13ZZ000002PKsbYAG', 'malformed'],
    ['a wrong suffix', 'a01ZZ000001PKndYAA', 'malformed'],
    ['some text', 'n/a', 'malformed'],
  ])('reads %s', (_title, raw, kind) => expect(readSourceSfdcId(raw, 'a01').kind).toBe(kind));

  it('takes the key prefix of the configured production object', () => {
    expect(readSourceSfdcId('a13ZZ000002PKsb', 'a13')).toEqual({ kind: 'valid', id: 'a13ZZ000002PKsbYAG' });
    expect(readSourceSfdcId('a01ZZ000001PKnd', 'a13')).toEqual({ kind: 'malformed', id: null });
  });
});

describe('ids of different spaces', () => {
  it('reads a UUID in any case as one property', () =>
    expect(toPropertyId('A0000001-0000-4000-8000-00000000000F')).toBe(
      'a0000001-0000-4000-8000-00000000000f',
    ));

  it('cannot be compared with each other', () => {
    const propertyId = 'a0000001-0000-4000-8000-000000000001' as PropertyId;
    const productionId = 'a01ZZ000001PKndYAG' as ProductionId;
    // @ts-expect-error -- the two ids have no value in common: the comparison is the mistake of docs/domain.md §2.1
    expect(propertyId === productionId).toBe(false);
  });
});
