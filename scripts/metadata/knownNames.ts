import { textsAt, type Component } from './readComponents.ts';
import type { Reference } from './references.ts';

/** Fields that every custom object has, as SOQL, layouts and list views name them. */
const standardFields = new Set([
  ...['Id', 'Name', 'OwnerId', 'IsDeleted', 'CreatedById', 'CreatedDate'],
  ...['LastModifiedById', 'LastModifiedDate', 'SystemModstamp', 'NAME', 'CREATED_DATE', 'LAST_UPDATE'],
]);
const standardNames = new Set(['CustomObject UserExternalCredential']);

/** The names that the package, or Salesforce itself, defines. */
export interface KnownNames {
  /** The file that defines it; `standard` when Salesforce does; undefined when nobody does. */
  find(reference: Reference): string | undefined;
  /** The object that a lookup field points to. */
  findTarget(field: string): string | undefined;
  /** The object whose lookup to `object` has this name for its rows (`Product_Properties__r`). */
  findChild(object: string, relationship: string): string | undefined;
}

export function knownNames(components: readonly Component[]): KnownNames {
  const files = new Map<string, string>();
  const targets = new Map<string, string>();
  const children = new Map<string, string>();
  for (const { type, name, file, xml } of components) {
    files.set(`${type} ${name}`, file);
    if (type === 'ExternalCredential') {
      for (const principal of textsAt(xml, 'externalCredentialParameters.parameterName')) {
        files.set(`principal ${name}-${principal}`, file);
      }
    }
    const [target] = textsAt(xml, 'referenceTo');
    if (type !== 'CustomField' || target === undefined) continue;
    targets.set(name, target);
    for (const relationship of textsAt(xml, 'relationshipName')) {
      children.set(`${target} ${relationship}__r`, name.split('.')[0] ?? name);
    }
  }
  return {
    find: ({ type, name }) => {
      if (standardNames.has(`${type} ${name}`)) return 'standard';
      const [object = '', field = ''] = name.split('.');
      if (type === 'CustomField' && standardFields.has(field)) return files.get(`CustomObject ${object}`);
      return files.get(`${type} ${name}`);
    },
    findTarget: (field) => targets.get(field),
    findChild: (object, relationship) => children.get(`${object} ${relationship}`),
  };
}
