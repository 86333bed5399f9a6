import { keyOf, parentOf, type OrgComponent } from '../metadata/component.ts';
import { createIdSequence } from '../ids.ts';
import { isTrue, nodes, text, type XmlNode } from '../metadata/xml.ts';
import { defineField } from '../store/fieldDefinitions.ts';
import type { ObjectSchema } from '../store/schema.ts';
import { stamps } from './stamps.ts';
import {
  field,
  flagField,
  lookupField,
  schemaOf,
  setupSchema,
  textField,
  timeField,
  type SetupObject,
  type SetupRecord,
  type SetupView,
} from './setupObject.ts';

/** Object Reference, "PermissionSet". Profiles have none here. */
export const permissionSet: SetupObject = {
  object: setupSchema('PermissionSet', '0PS', [
    field('Name', 'string', { length: 80, isNameField: true }),
    textField('Label', 80),
    textField('Description'),
    flagField('IsOwnedByProfile'),
    flagField('IsCustom'),
    flagField('HasActivationRequired'),
    textField('NamespacePrefix', 15),
    textField('Type', 40),
  ]),
  records: ({ catalog }) =>
    catalog.list('PermissionSet').map((component) => ({
      ...stamps(component),
      Name: component.fullName,
      Label: text(component.definition, 'label') ?? null,
      Description: text(component.definition, 'description') ?? null,
      IsOwnedByProfile: false,
      IsCustom: true,
      HasActivationRequired: isTrue(component.definition, 'hasActivationRequired'),
      Type: 'Regular',
    })),
};

/** Object Reference, "CustomPermission". */
export const customPermission: SetupObject = {
  object: setupSchema('CustomPermission', '0CP', [
    field('DeveloperName', 'string', { length: 80, isNameField: true }),
    textField('MasterLabel', 80),
    textField('NamespacePrefix', 15),
  ]),
  records: ({ catalog }) =>
    catalog.list('CustomPermission').map((component) => ({
      ...stamps(component),
      DeveloperName: component.fullName,
      MasterLabel: text(component.definition, 'label') ?? null,
    })),
};

/** A record for each entry of that name in each permission set, while what it gives access to is there. */
function entries(
  { catalog }: SetupView,
  { list, keyPrefix }: { list: string; keyPrefix: string },
  toRecord: (entry: XmlNode, parent: OrgComponent) => SetupRecord | undefined,
): SetupRecord[] {
  const nextId = createIdSequence(keyPrefix);
  return catalog.list('PermissionSet').flatMap((parent) =>
    nodes(parent.definition, list).flatMap((entry) => {
      const record = toRecord(entry, parent);
      return record ? [{ ...stamps(parent), Id: nextId(), ParentId: parent.id, ...record }] : [];
    }),
  );
}

/** Object Reference, "ObjectPermissions". */
export const objectPermissions: SetupObject = {
  object: setupSchema('ObjectPermissions', '110', [
    lookupField('ParentId', 'PermissionSet'),
    textField('SobjectType', 80),
    flagField('PermissionsRead'),
    flagField('PermissionsCreate'),
    flagField('PermissionsEdit'),
    flagField('PermissionsDelete'),
    flagField('PermissionsViewAllRecords'),
    flagField('PermissionsModifyAllRecords'),
  ]),
  records: (view) =>
    entries(view, { list: 'objectPermissions', keyPrefix: '110' }, (entry) => ({
      SobjectType: text(entry, 'object') ?? null,
      PermissionsRead: isTrue(entry, 'allowRead'),
      PermissionsCreate: isTrue(entry, 'allowCreate'),
      PermissionsEdit: isTrue(entry, 'allowEdit'),
      PermissionsDelete: isTrue(entry, 'allowDelete'),
      PermissionsViewAllRecords: isTrue(entry, 'viewAllRecords'),
      PermissionsModifyAllRecords: isTrue(entry, 'modifyAllRecords'),
    })),
};

/** Object Reference, "FieldPermissions". A field that was deleted is in none. */
export const fieldPermissions: SetupObject = {
  object: setupSchema('FieldPermissions', '01k', [
    lookupField('ParentId', 'PermissionSet'),
    textField('SobjectType', 80),
    textField('Field', 160),
    flagField('PermissionsRead'),
    flagField('PermissionsEdit'),
  ]),
  records: (view) =>
    entries(view, { list: 'fieldPermissions', keyPrefix: '01k' }, (entry) => {
      const name = text(entry, 'field') ?? '';
      if (!view.catalog.components.has(keyOf('CustomField', name))) return undefined;
      return {
        SobjectType: parentOf(name),
        Field: name,
        PermissionsRead: isTrue(entry, 'readable'),
        PermissionsEdit: isTrue(entry, 'editable'),
      };
    }),
};

/** Classes and custom permissions in a permission set, by the list and the element that name them. */
const ACCESSES = [
  { list: 'classAccesses', element: 'apexClass', type: 'ApexClass' },
  { list: 'customPermissions', element: 'name', type: 'CustomPermission' },
];

/** Object Reference, "SetupEntityAccess". */
export const setupEntityAccess: SetupObject = {
  object: setupSchema('SetupEntityAccess', '0J0', [
    lookupField('ParentId', 'PermissionSet'),
    textField('SetupEntityId', 18),
    textField('SetupEntityType', 40),
  ]),
  records: (view) =>
    ACCESSES.flatMap(({ list, element, type }, index) =>
      entries(view, { list, keyPrefix: `0J${index}` }, (entry) => {
        const entity = view.catalog.find(type, text(entry, element) ?? '');
        return entity && isTrue(entry, 'enabled')
          ? { SetupEntityId: entity.id, SetupEntityType: type }
          : undefined;
      }),
    ),
};

const reference = (name: string, referenceTo: string) =>
  defineField(name, 'reference', { ...lookupField(name, referenceTo), isCreateable: true, isRequired: true });

/**
 * Object Reference, "PermissionSetAssignment": the one setup object whose records are written by hand. It has no owner and
 * no recycle bin.
 */
export const permissionSetAssignment: ObjectSchema = {
  ...schemaOf('PermissionSetAssignment', '0Pa', [
    field('Id', 'id', { length: 18, isRequired: true }),
    reference('PermissionSetId', 'PermissionSet'),
    reference('AssigneeId', 'User'),
    { ...flagField('IsActive'), defaultValue: true },
    timeField('ExpirationDate'),
    timeField('SystemModstamp'),
  ]),
  isWritable: true,
  uniqueTogether: ['AssigneeId', 'PermissionSetId'],
};
