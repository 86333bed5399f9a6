import { describe, expect, it } from '@jest/globals';
import { noSurplusRows } from '../../src/org/countSurplusRows.ts';
import { decideDeploy, type OrgState } from '../../src/org/decideDeploy.ts';
import { componentKey, type PackageComponent } from '../../src/org/packageComponent.ts';
import { aComponent, aDescribedField, aField, keyXml, urlXml } from './samplePackage.ts';

const keyName = 'Product_Property__c.RDS_Property_ID__c';
const city = aComponent('CustomField', 'Product_Property__c.City__c');
const key = aComponent('CustomField', keyName);
const apex = aComponent('ApexClass', 'PropertyRollupHandler');
const named = aComponent('NamedCredential', 'Property_Sync');
const external = aComponent('ExternalCredential', 'Property_Sync');
const layout = aComponent('Layout', 'Product_Property__c-Product Property Layout', { isOptIn: true });
const objects = ['Product_Property__c', 'Property__c'].map((name) =>
  aComponent('CustomObject', name, { isOptIn: true }),
);
const app = aComponent('PermissionSet', 'Property_Sync_App', { isOptIn: true });
const components = [city, key, apex, named, external, layout, app, ...objects];

const source = {
  components,
  fields: new Map([
    [city.fullName, aField()],
    [keyName, aField({ name: 'RDS_Property_ID__c', length: 36, isExternalId: true, isUnique: true })],
  ]),
  readText: (component: PackageComponent) => (component === key ? keyXml : urlXml),
};

const empty: OrgState = { existing: new Set(), objects: new Map(), surplus: noSurplusRows };
const withOwn = (
  existing: readonly PackageComponent[],
  fields: readonly ReturnType<typeof aDescribedField>[],
  surplus = noSurplusRows,
): OrgState => ({
  existing: new Set([...objects, ...existing].map(componentKey)),
  objects: new Map([
    ['Product_Property__c', new Map(fields.map((field) => [field.name, field]))],
    ['Property__c', new Map()],
  ]),
  surplus,
});
const decide = (org: OrgState, options: { withObjects?: boolean; middlewareUrl?: string } = {}) =>
  decideDeploy(source, org, {
    withObjects: options.withObjects ?? false,
    middlewareUrl: options.middlewareUrl ?? null,
  });
const aKey = (change: Parameters<typeof aDescribedField>[0] = {}) =>
  aDescribedField({
    name: 'RDS_Property_ID__c',
    label: 'Own label',
    length: 50,
    externalId: true,
    unique: true,
    ...change,
  });
const surplus = { keys: 1, rows: 2, examples: ['k'], isBounded: false };

describe('decideDeploy', () => {
  it('sends an empty org everything when the objects are asked for', () => {
    const decision = decide(empty, { withObjects: true });
    expect(decision.send).toEqual(components);
    expect(decision.problems).toEqual([]);
    expect(decision.isKeyUnique).toBe(true);
  });

  it('refuses an org without the objects, by name', () => {
    expect(
      decide(empty).problems.map(({ fullName, action }) => [fullName, action.includes('--with-objects')]),
    ).toEqual([
      ['Product_Property__c', true],
      ['Property__c', true],
    ]);
  });

  it('leaves what the org has, and sends what is ours again', () => {
    const org = withOwn([city, key, apex, named, external, layout, app], [aDescribedField(), aKey()]);
    const decision = decide(org, { withObjects: true });
    expect(decision.send).toEqual([apex, app]);
    expect(decision.left.map(({ component }) => component)).toEqual([
      city,
      key,
      named,
      external,
      layout,
      ...objects,
    ]);
  });

  it('does not send a field that is there and hidden', () => {
    const decision = decide(withOwn([city], []));
    expect(decision.left.map(({ component, reason }) => [component, reason])).toEqual([
      [city, expect.stringContaining('hidden')],
    ]);
  });

  it('refuses when a field of the org cannot hold the values', () => {
    const decision = decide(withOwn([city], [aDescribedField({ length: 10 })]));
    expect(decision.problems).toMatchObject([
      { fullName: city.fullName, problem: expect.stringContaining('10 characters') },
    ]);
    expect(decision.send).not.toContain(city);
  });

  describe('the key', () => {
    it('is sent again when it could be unique, with the label and length of the org', () => {
      const decision = decide(withOwn([key], [aKey({ unique: false })]));
      const text = decision.texts.get(key.file);
      expect(decision.send).toContain(key);
      expect(text).toContain('<label>Own label</label>');
      expect(text).toContain('<length>50</length>');
      expect(text).toContain('<unique>true</unique>');
      expect(decision.isKeyUnique).toBe(true);
    });

    it('is sent as External ID without Unique while keys are there twice', () => {
      const decision = decide(withOwn([key], [aKey({ unique: false, externalId: false })], surplus));
      const text = decision.texts.get(key.file) ?? '';
      expect(text).toContain('<externalId>true</externalId>');
      expect(text).toContain('<unique>false</unique>');
      expect(text).not.toContain('caseSensitive');
      expect(decision.isKeyUnique).toBe(false);
    });

    it('stays as it is while keys are there twice and it is External ID', () => {
      const decision = decide(withOwn([key], [aKey({ unique: false })], surplus));
      expect(decision.send).not.toContain(key);
      expect(decision.isKeyUnique).toBe(false);
    });
  });

  it('gives the named credential the address, and only then overwrites it', () => {
    const decision = decide(withOwn([named], []), { middlewareUrl: 'https://sync.example.com/a&b' });
    expect(decision.send).toContain(named);
    expect(decision.texts.get(named.file)).toContain(
      '<parameterValue>https://sync.example.com/a&amp;b</parameterValue>',
    );
  });
});
