import { keyOf, ownName, type Component } from './component.ts';
import type { ObjectSchema } from '../store/schema.ts';

/** The metadata as it would be after a deploy: what a component may refer to. */
export interface World {
  find(type: string, fullName: string): Component | undefined;
  /** Any object: custom, standard, event. */
  hasObject(name: string): boolean;
  /** A custom field, or a standard field of a known object. */
  hasField(object: string, field: string): boolean;
  /** The names of all custom fields, of whichever object, in lower case. */
  readonly fieldNames: ReadonlySet<string>;
}

/** Standard objects that metadata may name though this org keeps no records of them. */
const NAMEABLE = [
  'UserExternalCredential',
  'Account',
  'Contact',
  'Lead',
  'Opportunity',
  'Case',
  'Task',
  'Event',
];

/** Fields of every custom object (Object Reference, "System Fields"). */
const SYSTEM_FIELDS = [
  'Id',
  'Name',
  'OwnerId',
  'CreatedDate',
  'CreatedById',
  'LastModifiedDate',
  'LastModifiedById',
  'SystemModstamp',
  'IsDeleted',
];

/** What `components` and the standard objects make of the org. */
export function createWorld(
  components: ReadonlyMap<string, Component>,
  standard: readonly ObjectSchema[],
): World {
  const standardNames = new Map(standard.map((object) => [object.name.toLowerCase(), object]));
  const nameable = new Set(NAMEABLE.map((name) => name.toLowerCase()));
  const find = (type: string, fullName: string) => components.get(keyOf(type, fullName));
  const hasObject = (name: string) =>
    find('CustomObject', name) !== undefined ||
    standardNames.has(name.toLowerCase()) ||
    nameable.has(name.toLowerCase());
  const fieldNames = new Set(
    [...components.values()]
      .filter(({ type }) => type === 'CustomField')
      .map(({ fullName }) => ownName(fullName).toLowerCase()),
  );
  return {
    find,
    hasObject,
    fieldNames,
    hasField: (object, field) =>
      find('CustomField', `${object}.${field}`) !== undefined ||
      (standardNames.get(object.toLowerCase())?.fieldByLowerName.has(field.toLowerCase()) ?? false) ||
      (hasObject(object) && SYSTEM_FIELDS.some((name) => name.toLowerCase() === field.toLowerCase())),
  };
}
