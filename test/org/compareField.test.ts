import { describe, expect, it } from '@jest/globals';
import { compareField } from '../../src/org/compareField.ts';
import { aDescribedField, aField } from './samplePackage.ts';

const values = (...names: string[]) => names.map((value) => ({ value, active: true }));

describe('compareField', () => {
  it.each([
    ['the same field', aField(), aDescribedField()],
    ['a longer text', aField({ length: 20 }), aDescribedField({ length: 80 })],
    [
      'a wider number',
      aField({ type: 'Number', length: null, wholeDigits: 6 }),
      aDescribedField({ type: 'double', precision: 18, scale: 2 }),
    ],
    [
      'a picklist that is open',
      aField({ type: 'Picklist', length: null, values: ['ACTIVE'] }),
      aDescribedField({ type: 'picklist' }),
    ],
    [
      'a restricted picklist with more values',
      aField({ type: 'Picklist', length: null, values: ['ACTIVE'] }),
      aDescribedField({
        type: 'picklist',
        restrictedPicklist: true,
        picklistValues: values('OTHER', 'ACTIVE'),
      }),
    ],
    [
      'a lookup that also leads there',
      aField({ type: 'Lookup', length: null, referenceTo: 'Property__c' }),
      aDescribedField({ type: 'reference', referenceTo: ['Account', 'Property__c'] }),
    ],
  ])('takes %s', (_, wanted, found) => {
    expect(compareField(wanted, found)).toBeNull();
  });

  it.each([
    ['another type', aField(), aDescribedField({ type: 'double' }), /type double; Text\(255\)/],
    ['a shorter text', aField(), aDescribedField({ length: 80 }), /80 characters; 255/],
    ['a formula', aField(), aDescribedField({ calculated: true }), /formula/],
    [
      'a narrower number',
      aField({ type: 'Number', length: null, wholeDigits: 6 }),
      aDescribedField({ type: 'double', precision: 7, scale: 2 }),
      /5 digits; 6/,
    ],
    [
      'a restricted picklist that lacks a value',
      aField({ type: 'Picklist', length: null, values: ['ACTIVE', 'DISABLED'] }),
      aDescribedField({
        type: 'picklist',
        restrictedPicklist: true,
        picklistValues: [...values('ACTIVE'), { value: 'DISABLED', active: false }],
      }),
      /value DISABLED/,
    ],
    [
      'a lookup elsewhere',
      aField({ type: 'Lookup', length: null, referenceTo: 'Property__c' }),
      aDescribedField({ type: 'reference', referenceTo: ['Account'] }),
      /looks up Account/,
    ],
  ])('says why not: %s', (_, wanted, found, reason) => {
    expect(compareField(wanted, found)).toMatch(reason);
  });
});
