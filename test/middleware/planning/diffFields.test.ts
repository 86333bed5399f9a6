import { describe, expect, it } from '@jest/globals';
import type {
  FieldMapping,
  MappedValue,
  Normalizer,
  NullPolicy,
  Owner,
} from '../../../middleware/src/contracts/fieldMap.ts';
import { diffFields, normalizeCurrent } from '../../../middleware/src/planning/diffFields.ts';

const aMapping = (values: Partial<FieldMapping> = {}): FieldMapping => ({
  column: 'city',
  field: 'City__c',
  normalizer: 'text',
  owner: 'source',
  nullPolicy: 'keep',
  isDerived: false,
  ...values,
});

describe('diffFields', () => {
  it.each<[owner: Owner, nullPolicy: NullPolicy, to: MappedValue, from: MappedValue, found: string]>([
    ['source', 'keep', 'Elm', 'Elm', 'nothing'],
    ['source', 'keep', 'Elm', 'elm', 'change'],
    ['source', 'keep', 'Elm', null, 'change'],
    ['source', 'keep', null, 'Elm', 'kept'],
    ['source', 'keep', null, null, 'nothing'],
    ['source', 'write', null, 'Elm', 'change'],
    ['source', 'write', null, null, 'nothing'],
    ['source', 'never', false, true, 'change'],
    ['source', 'never', false, null, 'change'],
    ['source', 'never', 0, null, 'change'],
    ['source', 'never', 0, 0, 'nothing'],
    ['salesforce', 'keep', 'Elm', 'Oak', 'nothing'],
    ['salesforce', 'write', null, 'Oak', 'nothing'],
    ['salesforce', 'keep', null, 'Oak', 'nothing'],
    ['setIfEmpty', 'keep', 'Elm', null, 'change'],
    ['setIfEmpty', 'keep', 'Elm', 'Oak', 'nothing'],
    ['setIfEmpty', 'write', null, 'Oak', 'nothing'],
  ])('owned by %s, null is %s: %j over %j is %s', (owner, nullPolicy, to, from, found) => {
    const difference = diffFields({ City__c: to }, { City__c: from }, [aMapping({ owner, nullPolicy })]);
    expect(difference).toEqual({
      changes: found === 'change' ? [{ field: 'City__c', from, to }] : [],
      keptFields: found === 'kept' ? ['City__c'] : [],
    });
  });

  it('names changes in the order of the field map', () => {
    const fieldMap = ['B__c', 'A__c'].map((field) => aMapping({ field }));
    const { changes } = diffFields({ A__c: '1', B__c: '1' }, { A__c: null, B__c: null }, fieldMap);
    expect(changes.map(({ field }) => field)).toEqual(['B__c', 'A__c']);
  });
});

describe('a difference that is none', () => {
  it.each<[Normalizer, MappedValue, MappedValue]>([
    ['name', 'Maple Court', '  Maple\tCourt '],
    ['state', 'NY', 'new york'],
    ['status', 'ACTIVE', 'active'],
    ['uuid', 'a0000001-0000-4000-8000-00000000000f', 'A0000001-0000-4000-8000-00000000000F'],
    ['salesforceId', 'a01ZZ000001PKndYAG', 'a01ZZ000001PKnd'],
    ['boolean', false, null],
    ['boolean', true, 'true'],
    ['integer', 3, '3.0'],
    ['date', '2025-11-11', '2025-11-10T20:00:00-07:00'],
    ['text', null, ' '],
  ])('in a %s, %j over %j', (normalizer, to, raw) => {
    const fieldMap = [aMapping({ normalizer })];
    const current = normalizeCurrent({ City__c: raw }, fieldMap);
    expect(diffFields({ City__c: to }, current, fieldMap)).toEqual({ changes: [], keptFields: [] });
  });

  it('reads a field that was not asked for as empty', () =>
    expect(normalizeCurrent({}, [aMapping()])).toEqual({ City__c: null }));
});
