import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { DuckDbWarehouse } from '../../middleware/src/adapters/duckdb/duckdbWarehouse.ts';
import {
  defaultFieldMap,
  keyMapping,
  lookupField,
  productionObject,
  salesforceStems,
  stagingObject,
  stampFields,
} from '../../middleware/src/contracts/index.ts';
import { readComponents, textsAt, type Component } from '../../scripts/metadata/readComponents.ts';
import { openTestWarehouse } from '../sql/testWarehouse.ts';

const components = readComponents(process.cwd());
const event = 'Property_Sync__e';
const stamps = Object.values(stampFields);
const mapped = defaultFieldMap.map(({ field }) => field).filter((field) => field !== 'Name');

function find(type: string, name: string): Component {
  const component = components.find((each) => each.type === type && each.name === name);
  if (component === undefined) throw new Error(`The package has no ${type} ${name}.`);
  return component;
}

function fieldNames(object: string): string[] {
  const names = components.filter(({ type }) => type === 'CustomField').map(({ name }) => name.split('.'));
  return names.filter(([owner]) => owner === object).map(([, field = '']) => field);
}

function field(name: string, element: string): string | undefined {
  return textsAt(find('CustomField', `${stagingObject}.${name}`).xml, element)[0];
}

/** `Object.Field` of a permission set that may be read, and that may be edited. */
function fieldAccess(set: Component): { readable: string[]; editable: string[] } {
  const at = (element: string): string[] => textsAt(set.xml, `fieldPermissions.${element}`);
  const names = at('field');
  const where = (flags: readonly string[]): string[] =>
    names.filter((_, index) => flags[index] === 'true').sort();
  return { readable: where(at('readable')), editable: where(at('editable')) };
}

/** What a permission set allows on each object, such as `Read` or `ViewAll`. */
function objectAccess(set: Component): Record<string, string[]> {
  const at = (element: string): string[] => textsAt(set.xml, `objectPermissions.${element}`);
  const allowed = {
    Create: at('allowCreate'),
    Read: at('allowRead'),
    Edit: at('allowEdit'),
    Delete: at('allowDelete'),
    ViewAll: at('viewAllRecords'),
    ModifyAll: at('modifyAllRecords'),
  };
  return Object.fromEntries(
    at('object').map((object, index) => [
      object,
      Object.entries(allowed).flatMap(([name, flags]) => (flags[index] === 'true' ? [name] : [])),
    ]),
  );
}

const everyField = [stagingObject, productionObject]
  .flatMap((object) => fieldNames(object).map((name) => `${object}.${name}`))
  .sort();

describe('the fields of the package', () => {
  /** Types of Salesforce that take a column of a type of the warehouse. */
  const takes: Readonly<Record<string, readonly string[]>> = {
    VARCHAR: ['Text', 'Picklist', 'LongTextArea'],
    BOOLEAN: ['Checkbox'],
    DATE: ['Date'],
    INTEGER: ['Number'],
    BIGINT: ['Number'],
  };
  const columnTypes = new Map<string, string>();
  let warehouse: DuckDbWarehouse;

  beforeAll(async () => {
    warehouse = await openTestWarehouse();
    const rows = await warehouse.query(
      `select column_name, data_type from information_schema.columns
      where table_name = 'properties_to_update' and table_schema = 'property_sync'`,
    );
    for (const row of rows) columnTypes.set(String(row['column_name']), String(row['data_type']));
  });
  afterAll(() => warehouse.close());

  it('are those of the field map, the key, the stamps and the lookup, and no others', () => {
    expect(fieldNames(stagingObject).sort()).toEqual(
      [...mapped, keyMapping.field, ...stamps, lookupField].sort(),
    );
  });

  it.each(defaultFieldMap.filter(({ field: name }) => name !== 'Name'))(
    'take what the views hold: $column in $field',
    ({ column, field: name }) => {
      const columnType = columnTypes.get(column) ?? 'missing';
      expect(takes[columnType] ?? [columnType]).toContain(field(name, 'type'));
    },
  );

  it('have a key that Salesforce can upsert on', () => {
    expect(columnTypes.get(keyMapping.column)).toBe('VARCHAR');
    expect(
      ['type', 'length', 'externalId', 'unique', 'caseSensitive'].map((name) =>
        field(keyMapping.field, name),
      ),
    ).toEqual(['Text', '36', 'true', 'true', 'false']);
  });

  it('point from the staging row to the production record', () => {
    expect(field(lookupField, 'type')).toBe('Lookup');
    expect(field(lookupField, 'referenceTo')).toBe(productionObject);
  });

  it('are the same features on both objects', () => {
    const features = Object.values(salesforceStems).flatMap((stem) => [
      `${stem}_Enabled__c`,
      `${stem}_Start_Date__c`,
    ]);
    const isFeature = (name: string): boolean => /_(Enabled|Start_Date)__c$/.test(name);
    for (const object of [stagingObject, productionObject]) {
      expect(fieldNames(object).filter(isFeature).sort()).toEqual([...features].sort());
    }
  });
});

describe('the permission set of the integration user', () => {
  const set = find('PermissionSet', 'Property_Sync_Integration');

  it('edits what the sync writes and nothing else, and reads the rest', () => {
    const { editable, readable } = fieldAccess(set);
    const written = [keyMapping.field, ...mapped, ...stamps].map((name) => `${stagingObject}.${name}`);
    expect(editable).toEqual(written.sort());
    expect(readable).toEqual(everyField);
  });

  it('writes staging rows, sees them all, reads Properties and publishes events', () => {
    expect(objectAccess(set)).toEqual({
      [stagingObject]: ['Create', 'Read', 'Edit', 'ViewAll'],
      [productionObject]: ['Read'],
      [event]: ['Create', 'Read'],
    });
  });

  it('is for the API only, and lets its user read the limits and nothing more', () => {
    expect(textsAt(set.xml, 'userPermissions.name')).toEqual([
      'ApiEnabled',
      'ApiUserOnly',
      'ViewRoles',
      'ViewSetup',
    ]);
    expect(textsAt(set.xml, 'customPermissions.name')).toEqual([]);
    expect(textsAt(set.xml, 'classAccesses.apexClass')).toEqual([]);
  });
});

describe('the permission sets of people', () => {
  const viewer = find('PermissionSet', 'Property_Sync_Viewer');
  const operator = find('PermissionSet', 'Property_Sync_Operator');

  it.each([viewer, operator])('read everything of the product and edit nothing: $name', (set) => {
    expect(fieldAccess(set)).toEqual({ readable: everyField, editable: [] });
    expect(objectAccess(set)).toEqual({
      [stagingObject]: ['Read'],
      [productionObject]: ['Read'],
      [event]: ['Read'],
      UserExternalCredential: ['Read'],
    });
    expect(textsAt(set.xml, 'userPermissions.name')).toEqual([]);
  });

  it('differ in the permission to ask for a resync', () => {
    expect(textsAt(viewer.xml, 'customPermissions.name')).toEqual([]);
    expect(textsAt(operator.xml, 'customPermissions.name')).toEqual(['Property_Sync_Resync']);
    expect(textsAt(operator.xml, 'classAccesses.apexClass')).toEqual(
      textsAt(viewer.xml, 'classAccesses.apexClass'),
    );
  });
});

describe('what a deploy must never carry', () => {
  it('is a secret, or a choice of the org', () => {
    const credentials = components.filter(({ type }) => /Credential$/.test(type));
    expect(credentials.flatMap(({ xml }) => textsAt(xml, 'password'))).toEqual([]);
    expect(
      textsAt(find('ExternalCredential', 'Property_Sync').xml, 'externalCredentialParameters.parameterValue'),
    ).toEqual([`{!'Bearer ' & $Credential.Property_Sync.ApiKey}`]);
    // A record of settings would switch the roll-up back with every deploy.
    expect(components.filter(({ type }) => type === 'CustomMetadata')).toEqual([]);
  });
});
