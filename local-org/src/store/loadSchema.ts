import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { XMLParser } from 'fast-xml-parser';
import { z } from 'zod';
import { defineField, eventFields, systemFields } from './fieldDefinitions.ts';
import { createObjectSchema, type FieldDefinition, type ObjectSchema } from './schema.ts';

/** What an org decides about a field against its source: January's key is not unique yet (docs/domain.md §18.1). */
export type FieldOverlays = Readonly<Record<string, { unique: boolean }>>;

const flag = z
  .enum(['true', 'false'])
  .optional()
  .transform((text) => text === 'true');
const integer = z
  .string()
  .regex(/^\d+$/)
  .optional()
  .transform((text) => Number(text ?? 0));

const fieldMetadata = z.object({
  fullName: z.string(),
  type: z.enum(['Text', 'LongTextArea', 'Picklist', 'Checkbox', 'Number', 'Date', 'DateTime', 'Lookup']),
  label: z.string(),
  inlineHelpText: z.string().optional(),
  length: integer,
  precision: integer,
  scale: integer,
  required: flag,
  externalId: flag,
  unique: flag,
  caseSensitive: flag,
  defaultValue: z.string().optional(),
  referenceTo: z.string().optional(),
  relationshipName: z.string().optional(),
  valueSet: z
    .object({
      restricted: flag,
      valueSetDefinition: z.object({ value: z.array(z.object({ fullName: z.string() })) }),
    })
    .optional(),
});

const objectMetadata = z.object({
  label: z.string(),
  pluralLabel: z.string(),
  nameField: z.object({ label: z.string(), type: z.literal('Text') }),
});

const eventMetadata = z.object({
  label: z.string(),
  pluralLabel: z.string(),
  // Standard-volume events can no longer be defined (Platform Events Developer Guide).
  eventType: z.literal('HighVolume'),
});

const TYPES = {
  Text: 'string',
  LongTextArea: 'textarea',
  Picklist: 'picklist',
  Checkbox: 'boolean',
  Number: 'double',
  Date: 'date',
  DateTime: 'datetime',
  Lookup: 'reference',
} as const;

/** Prefixes that the fixtures count on; a real org gives the next free one to each new custom object. */
const KEY_PREFIXES: Readonly<Record<string, string>> = { Property__c: 'a01', Product_Property__c: 'a13' };

const xml = new XMLParser({ parseTagValue: false, isArray: (name) => name === 'value' });

function readMetadata<T>(file: string, root: string, shape: z.ZodType<T>): T {
  const document = xml.parse(readFileSync(file, 'utf8')) as Record<string, unknown>;
  const result = shape.safeParse(document[root]);
  if (!result.success)
    throw new Error(`${file} is not a ${root} this org can read: ${z.prettifyError(result.error)}`);
  return result.data;
}

function readField(file: string, objectName: string, overlays: FieldOverlays): FieldDefinition {
  const source = readMetadata(file, 'CustomField', fieldMetadata);
  const isLookup = source.type === 'Lookup';
  return defineField(source.fullName, TYPES[source.type], {
    label: source.label,
    helpText: source.inlineHelpText,
    length: source.type === 'Picklist' ? 255 : isLookup ? 18 : source.length,
    precision: source.precision,
    scale: source.scale,
    isRequired: source.required || source.type === 'Checkbox',
    isExternalId: source.externalId,
    isUnique: overlays[`${objectName}.${source.fullName}`]?.unique ?? source.unique,
    isCaseSensitive: source.caseSensitive,
    isLongText: source.type === 'LongTextArea',
    defaultValue: source.type === 'Checkbox' ? source.defaultValue === 'true' : null,
    picklistValues: source.valueSet?.valueSetDefinition.value.map((value) => value.fullName) ?? [],
    isRestrictedPicklist: source.valueSet?.restricted ?? false,
    referenceTo: source.referenceTo,
    relationshipName: isLookup ? source.fullName.replace(/__c$/, '__r') : undefined,
    childRelationshipName: source.relationshipName && `${source.relationshipName}__r`,
  });
}

function readObject(folder: string, keyPrefix: string, overlays: FieldOverlays): ObjectSchema {
  const name = basename(folder);
  const source = readMetadata(join(folder, `${name}.object-meta.xml`), 'CustomObject', objectMetadata);
  const { id, owner, rest } = systemFields();
  const nameField = defineField('Name', 'string', {
    label: source.nameField.label,
    length: 80,
    isNameField: true,
  });
  const fields = readFields(folder, name, overlays);
  return createObjectSchema({
    name,
    keyPrefix,
    label: source.label,
    labelPlural: source.pluralLabel,
    isCustom: true,
    isWritable: true,
    fields: [id, owner, ...rest.slice(0, 1), nameField, ...rest.slice(1), ...fields],
  });
}

function readFields(folder: string, objectName: string, overlays: FieldOverlays): FieldDefinition[] {
  return readdirSync(join(folder, 'fields'))
    .filter((file) => file.endsWith('.field-meta.xml'))
    .sort()
    .map((file) => readField(join(folder, 'fields', file), objectName, overlays));
}

/** The folders of the objects whose names end so, by name. */
function objectFolders(dir: string, suffix: '__c' | '__e'): string[] {
  return readdirSync(dir, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith(`${suffix}.object-meta.xml`))
    .map((path) => join(dir, path, '..'))
    .sort();
}

/** Reads the platform events below `dir`: what can be published, and never stored as a record. */
export function loadEvents(dir: string): ObjectSchema[] {
  return objectFolders(dir, '__e').map((folder, index) => {
    const name = basename(folder);
    const source = readMetadata(join(folder, `${name}.object-meta.xml`), 'CustomObject', eventMetadata);
    return createObjectSchema({
      name,
      keyPrefix: `e0${index.toString(36)}`,
      label: source.label,
      labelPlural: source.pluralLabel,
      isCustom: true,
      isWritable: true,
      fields: [...eventFields(), ...readFields(folder, name, {})],
    });
  });
}

/**
 * Reads the custom objects below `dir` in SFDX source format: `…/objects/<Object>/<Object>.object-meta.xml` and
 * `fields/*.field-meta.xml` (Salesforce DX Developer Guide, "Salesforce DX Source Format"). Objects
 * that are not custom objects are passed over; a field or name of a type that this org does
 * not know stops the start with the file's name.
 */
export function loadSchema(dir: string, overlays: FieldOverlays = {}): ObjectSchema[] {
  const folders = objectFolders(dir, '__c');
  const taken = new Set(Object.values(KEY_PREFIXES));
  let next = 0;
  const objects = folders.map((folder) => {
    let keyPrefix = KEY_PREFIXES[basename(folder)];
    while (!keyPrefix) {
      const candidate = `a${next.toString(36).padStart(2, '0').toUpperCase()}`;
      next += 1;
      if (!taken.has(candidate)) keyPrefix = candidate;
    }
    return readObject(folder, keyPrefix, overlays);
  });
  assertOverlaysExist(objects, overlays);
  return objects;
}

function assertOverlaysExist(objects: readonly ObjectSchema[], overlays: FieldOverlays): void {
  const known = new Set(
    objects.flatMap(({ name, fields }) => fields.map((field) => `${name}.${field.name}`)),
  );
  const unknown = Object.keys(overlays).filter((field) => !known.has(field));
  if (unknown.length > 0) throw new Error(`The schema has no field ${unknown.join(', ')} to overlay.`);
}
