import { describe, expect, it } from '@jest/globals';
import { decideUndeploy, type ObjectData, type UndeployState } from '../../src/org/decideUndeploy.ts';
import { componentKey } from '../../src/org/packageComponent.ts';
import { aComponent, aDescribedField, aField } from './samplePackage.ts';

const city = aComponent('CustomField', 'Product_Property__c.City__c');
const apex = aComponent('ApexClass', 'PropertyRollupHandler');
const event = aComponent('CustomObject', 'Property_Sync__e');
const staging = aComponent('CustomObject', 'Product_Property__c', { isOptIn: true });
const view = aComponent('ListView', 'Product_Property__c.Never_Synced', { isOptIn: true });
const layout = aComponent('Layout', 'Product_Property__c-Product Property Layout', { isOptIn: true });
const app = aComponent('CustomApplication', 'Property_Sync', { isOptIn: true });
const components = [city, apex, event, staging, view, layout, app];
const source = { components, fields: new Map([[city.fullName, aField()]]) };
const noData: ObjectData = { rows: 0, values: new Map() };

const org = (
  change: { field?: ReturnType<typeof aDescribedField> | null; data?: ObjectData; more?: string[] } = {},
): UndeployState => {
  const field = change.field === undefined ? aDescribedField() : change.field;
  return {
    existing: new Set([...components.map(componentKey), ...(change.more ?? [])]),
    objects: new Map([['Product_Property__c', new Map(field === null ? [] : [[field.name, field]])]]),
    data: new Map([['Product_Property__c', change.data ?? noData]]),
  };
};
const keptOf = (state: UndeployState, withObjects = false) =>
  decideUndeploy(source, state, { withObjects }).kept.map(({ component, reason }) => [
    component.fullName,
    reason,
  ]);

describe('decideUndeploy', () => {
  it('deletes what refers before what is referred to, and leaves the objects', () => {
    const { first, last, kept } = decideUndeploy(source, org(), { withObjects: false });
    expect(first).toEqual([apex]);
    expect(last).toEqual([city, event]);
    expect(kept.map(({ component }) => component)).toEqual([staging, view, layout, app]);
  });

  it('deletes an empty object with all that hangs on it when asked', () => {
    const { first, last, kept } = decideUndeploy(source, org(), { withObjects: true });
    expect([first, last, kept]).toEqual([[apex, app], [event, staging], []]);
  });

  it.each([
    [{ rows: 3, values: new Map([['City__c', 2]]) }, '2 rows hold a value, the recycle bin included'],
    [
      { rows: 3, values: new Map([['City__c', null]]) },
      'the object has rows, and its values cannot be counted',
    ],
  ])('leaves a field that may hold data', (data, reason) => {
    expect(keptOf(org({ data }))).toContainEqual([city.fullName, reason]);
  });

  it('deletes a field in which no row has a value', () => {
    const { last } = decideUndeploy(source, org({ data: { rows: 3, values: new Map([['City__c', 0]]) } }), {
      withObjects: false,
    });
    expect(last).toContain(city);
  });

  it.each([
    [
      'that is not as it was deployed',
      aDescribedField({ inlineHelpText: 'Ours since 2019.' }),
      /counts as yours/,
    ],
    ['that is hidden', null, /hidden/],
  ])('leaves a field %s', (_, field, reason) => {
    expect(keptOf(org({ field }))).toContainEqual([city.fullName, expect.stringMatching(reason)]);
  });

  it.each([
    [
      'holds a row',
      org({ data: { rows: 1, values: new Map([['City__c', 0]]) } }),
      'it holds 1 row, the recycle bin included',
    ],
    [
      'has a field of the customer',
      org({ more: ['CustomField#Product_Property__c.Own__c'] }),
      /fields of yours.*Own__c/,
    ],
    ['keeps a field', org({ field: null }), /City__c stays/],
  ])('leaves an object that %s, and what came with it', (_, state, reason) => {
    const kept = keptOf(state, true);
    expect(kept).toContainEqual([staging.fullName, expect.stringMatching(reason)]);
    expect(kept).toContainEqual([view.fullName, 'Product_Property__c stays']);
  });
});
