import { problem, type Component, type Problem } from '../component.ts';
import { placeOf } from '../placeOf.ts';
import { isTrue, nodes, text } from '../xml.ts';
import { principalsOf } from './credentials.ts';
import { required } from './labels.ts';
import { inField, type Reference } from './reference.ts';
import type { Surroundings } from './validator.ts';

/**
 * Metadata API Developer Guide, "PermissionSet". That permissions on a required field are refused ("You cannot deploy to a
 * required field") is quoted in public threads, as is that edit needs read; the other messages are believed.
 */
export function permissionSetProblems(component: Component, { world }: Surroundings): Problem[] {
  const { definition } = component;
  const fields = nodes(definition, 'fieldPermissions').flatMap((permission) => {
    const name = text(permission, 'field') ?? '';
    const field = world.find('CustomField', name);
    const isRequired = field && isTrue(field.definition, 'required');
    if (isRequired)
      return [{ ...problem(`You cannot deploy to a required field: ${name}`), ...placeOf(component, name) }];
    const isUnreadable = isTrue(permission, 'editable') && !isTrue(permission, 'readable');
    return isUnreadable ? [problem(`Field permission editable needs readable: ${name}`)] : [];
  });
  const objects = nodes(definition, 'objectPermissions').flatMap(objectProblems);
  return [...required(component, ['label']), ...fields, ...objects];
}

/** Which object permission needs which (Salesforce Help, "Object Permissions"). */
const DEPENDENCIES: readonly (readonly [string, string])[] = [
  ['allowCreate', 'allowRead'],
  ['allowEdit', 'allowRead'],
  ['allowDelete', 'allowEdit'],
  ['viewAllRecords', 'allowRead'],
  ['modifyAllRecords', 'allowDelete'],
  ['modifyAllRecords', 'viewAllRecords'],
];

function objectProblems(permission: ReturnType<typeof nodes>[number]): Problem[] {
  const object = text(permission, 'object') ?? '';
  // An event can be read and created, never edited or deleted (Platform Events Developer Guide, "Enable User Access").
  const wrong = object.endsWith('__e')
    ? ['allowEdit', 'allowDelete', 'modifyAllRecords', 'viewAllRecords'].filter((name) =>
        isTrue(permission, name),
      )
    : [];
  return [
    ...DEPENDENCIES.filter(([name, needed]) => isTrue(permission, name) && !isTrue(permission, needed)).map(
      ([name, needed]) => problem(`Permission ${name} on ${object} depends on permission(s): ${needed}`),
    ),
    ...wrong.map((name) => problem(`Permission ${name} cannot be given on ${object}`)),
  ];
}

/** What a permission set gives access to must be there. */
export function permissionSetReferences({ definition }: Component): Reference[] {
  const named = (list: string, element: string, type: string) =>
    nodes(definition, list)
      .map((entry) => text(entry, element) ?? '')
      .map((name) => inField(element, type, name));
  const principals = nodes(definition, 'externalCredentialPrincipalAccesses').map(
    (entry) => text(entry, 'externalCredentialPrincipal') ?? '',
  );
  const tabs = nodes(definition, 'tabSettings').map((entry) => text(entry, 'tab') ?? '');
  return [
    ...named('fieldPermissions', 'field', 'CustomField'),
    ...named('objectPermissions', 'object', 'CustomObject'),
    ...named('classAccesses', 'apexClass', 'ApexClass'),
    ...named('customPermissions', 'name', 'CustomPermission'),
    ...named('customMetadataTypeAccesses', 'name', 'CustomObject'),
    ...named('applicationVisibilities', 'application', 'CustomApplication'),
    ...tabs.filter((tab) => !tab.startsWith('standard-')).map((tab) => inField('tab', 'CustomTab', tab)),
    ...principals.map(principalReference),
  ];
}

function principalReference(name: string): Reference {
  const credential = name.slice(0, Math.max(0, name.indexOf('-')));
  return {
    ...inField('externalCredentialPrincipal', 'ExternalCredentialParameter', name),
    type: 'ExternalCredential',
    fullName: credential,
    exists: (world) => {
      const found = world.find('ExternalCredential', credential);
      return found !== undefined && principalsOf(found).includes(name);
    },
  };
}
