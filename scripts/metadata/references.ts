import { textsAt, type Component, type Xml } from './readComponents.ts';

/** What a component names: another one, by metadata type and full name. */
export interface Reference {
  readonly type: string;
  readonly name: string;
}

/** A reference and where it was found. */
export interface FoundReference {
  readonly file: string;
  readonly line: number;
  readonly reference: Reference;
}

const named = (xml: Xml, path: string, type: string): Reference[] =>
  textsAt(xml, path).map((name) => ({ type, name }));

const fieldsOf = (object: string, xml: Xml, path: string): Reference[] =>
  textsAt(xml, path).map((field) => ({ type: 'CustomField', name: `${object}.${field}` }));

const objectOf = (name: string, separator: string): string => name.split(separator)[0] ?? name;

/** Where the metadata of each type names other components (Metadata API Developer Guide, "Metadata Types"). */
const readers: Readonly<Record<string, (xml: Xml, name: string) => Reference[]>> = {
  PermissionSet: (xml) => [
    ...named(xml, 'applicationVisibilities.application', 'CustomApplication'),
    ...named(xml, 'classAccesses.apexClass', 'ApexClass'),
    ...named(xml, 'customMetadataTypeAccesses.name', 'CustomObject'),
    ...named(xml, 'customPermissions.name', 'CustomPermission'),
    ...named(xml, 'externalCredentialPrincipalAccesses.externalCredentialPrincipal', 'principal'),
    ...named(xml, 'fieldPermissions.field', 'CustomField'),
    ...named(xml, 'objectPermissions.object', 'CustomObject'),
    ...named(xml, 'tabSettings.tab', 'CustomTab'),
  ],
  CustomApplication: (xml) => [
    ...named(xml, 'tabs', 'CustomTab'),
    ...named(xml, 'defaultLandingTab', 'CustomTab'),
    ...named(xml, 'utilityBar', 'FlexiPage'),
  ],
  CustomTab: (xml, name) => [
    ...textsAt(xml, 'customObject').map(() => ({ type: 'CustomObject', name })),
    ...named(xml, 'flexiPage', 'FlexiPage'),
    ...named(xml, 'lwcComponent', 'LightningComponentBundle'),
  ],
  CustomField: (xml) => named(xml, 'referenceTo', 'CustomObject'),
  Layout: (xml, name) => [
    { type: 'CustomObject', name: objectOf(name, '-') },
    ...fieldsOf(objectOf(name, '-'), xml, 'layoutSections.layoutColumns.layoutItems.field'),
    ...named(xml, 'relatedLists.relatedList', 'CustomField'),
    ...textsAt(xml, 'relatedLists.relatedList').flatMap((list) =>
      fieldsOf(objectOf(list, '.'), xml, 'relatedLists.fields'),
    ),
    ...named(xml, 'quickActionList.quickActionListItems.quickActionName', 'QuickAction'),
  ],
  LightningComponentBundle: (xml) => named(xml, 'targetConfigs.targetConfig.objects.object', 'CustomObject'),
  ListView: (xml, name) => [
    { type: 'CustomObject', name: objectOf(name, '.') },
    ...fieldsOf(objectOf(name, '.'), xml, 'columns'),
    ...fieldsOf(objectOf(name, '.'), xml, 'filters.field'),
  ],
  NamedCredential: (xml) => named(xml, 'namedCredentialParameters.externalCredential', 'ExternalCredential'),
  ExternalCredential: (xml) =>
    textsAt(xml, 'externalCredentialParameters.parameterValue')
      .flatMap((formula) => [...formula.matchAll(/\$Credential\.(\w+)\./g)])
      .map(([, name = '']) => ({ type: 'ExternalCredential', name })),
};

/** What the metadata of a component names. */
export function referencesOf({ type, name, xml }: Component): Reference[] {
  return readers[type]?.(xml, name) ?? [];
}
