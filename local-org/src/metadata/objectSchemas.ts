import { defineField, eventFields, systemFields } from '../store/fieldDefinitions.ts';
import { createObjectSchema, type FieldDefinition, type ObjectSchema } from '../store/schema.ts';
import { keyOf, parentOf, type Component } from './component.ts';
import { fieldDefinition } from './fieldDefinition.ts';
import { node, text, type XmlNode } from './xml.ts';

/** Prefixes that the fixtures count on; a real org gives the next free one to each new custom object. */
const KEY_PREFIXES: Readonly<Record<string, string>> = { Property__c: 'a01', Product_Property__c: 'a13' };

/** What can be created of each kind of custom object: records, platform events, custom metadata types. */
const KINDS = { __c: 'a', __e: 'e', __mdt: 'm' } as const;

/** `__c`, `__e` or `__mdt`; undefined for a standard object. */
export const suffixOf = (name: string): keyof typeof KINDS | undefined =>
  /__(?:c|e|mdt)$/.exec(name)?.[0] as keyof typeof KINDS | undefined;

/** The objects that components define, events apart. */
export interface ObjectSchemas {
  readonly objects: readonly ObjectSchema[];
  readonly events: readonly ObjectSchema[];
}

/**
 * Builds the objects from their definitions and fields. What `previous` knows keeps its key prefix and the order of its
 * fields; new fields follow, so that rows only grow.
 */
export function objectSchemas(
  components: Iterable<Component>,
  previous: readonly ObjectSchema[] = [],
): ObjectSchemas {
  const all = [...components];
  const known = new Map(previous.map((object) => [object.name.toLowerCase(), object]));
  const taken = new Set([...Object.values(KEY_PREFIXES), ...previous.map(({ keyPrefix }) => keyPrefix)]);
  const fieldsByObject = Map.groupBy(
    all.filter(({ type }) => type === 'CustomField'),
    ({ fullName }) => parentOf(fullName).toLowerCase(),
  );
  const order = new Map(previous.map(({ name }, index) => [keyOf('CustomObject', name), index]));
  const rank = (component: Component) => order.get(keyOf(component.type, component.fullName)) ?? order.size;
  const built = all
    .filter(({ type, fullName }) => type === 'CustomObject' && suffixOf(fullName) !== undefined)
    .sort((a, b) => rank(a) - rank(b) || (a.fullName < b.fullName ? -1 : 1))
    .map((component) => {
      const old = known.get(component.fullName.toLowerCase());
      const keyPrefix =
        old?.keyPrefix ?? KEY_PREFIXES[component.fullName] ?? freePrefix(component.fullName, taken);
      taken.add(keyPrefix);
      const own = (fieldsByObject.get(component.fullName.toLowerCase()) ?? []).map(({ definition }) =>
        fieldDefinition(definition),
      );
      return objectSchema(component, keyPrefix, inOrder(own, old));
    });
  return {
    objects: built.filter(({ name }) => !name.endsWith('__e')),
    events: built.filter(({ name }) => name.endsWith('__e')),
  };
}

/** The three characters with which the ids of the object begin: `a00`, `a01`, … as a new org would give them. */
function freePrefix(name: string, taken: ReadonlySet<string>): string {
  const letter = KINDS[suffixOf(name) ?? '__c'];
  for (let next = 0; ; next++) {
    const candidate = `${letter}${next.toString(36).padStart(2, '0').toUpperCase()}`;
    if (!taken.has(candidate)) return candidate;
  }
}

function objectSchema(
  { fullName: name, definition }: Component,
  keyPrefix: string,
  own: readonly FieldDefinition[],
): ObjectSchema {
  const suffix = suffixOf(name);
  const standard =
    suffix === '__e' ? eventFields() : suffix === '__mdt' ? customMetadataFields() : recordFields(definition);
  return createObjectSchema({
    name,
    keyPrefix,
    label: text(definition, 'label') ?? name,
    labelPlural: text(definition, 'pluralLabel') ?? name,
    isCustom: true,
    isWritable: suffix !== '__mdt',
    fields: [...standard, ...own],
  });
}

function recordFields(definition: XmlNode): FieldDefinition[] {
  const { id, owner, rest } = systemFields();
  const label = text(node(definition, 'nameField'), 'label') ?? 'Name';
  const nameField = defineField('Name', 'string', { label, length: 80, isNameField: true });
  return [id, owner, ...rest.slice(0, 1), nameField, ...rest.slice(1)];
}

/** The fields of every custom metadata type (Custom Metadata Types Implementation Guide, "Custom Metadata Type Fields"). */
function customMetadataFields(): FieldDefinition[] {
  const { id, rest } = systemFields();
  const readOnlyText = (name: string, length: number) =>
    defineField(name, 'string', { length, isCreateable: false, isUpdateable: false });
  return [
    id,
    readOnlyText('DeveloperName', 40),
    readOnlyText('MasterLabel', 40),
    readOnlyText('Language', 40),
    readOnlyText('NamespacePrefix', 15),
    defineField('Label', 'string', {
      length: 40,
      isNameField: true,
      isCreateable: false,
      isUpdateable: false,
    }),
    readOnlyText('QualifiedApiName', 70),
    ...rest.filter(({ name }) => name === 'SystemModstamp'),
  ];
}

function inOrder(own: readonly FieldDefinition[], old: ObjectSchema | undefined): FieldDefinition[] {
  const place = (field: FieldDefinition) =>
    old?.fieldByLowerName.get(field.name.toLowerCase())?.index ?? Infinity;
  return [...own].sort((a, b) => compare(place(a), place(b)) || (a.name < b.name ? -1 : 1));
}

const compare = (left: number, right: number): number => (left === right ? 0 : left < right ? -1 : 1);
