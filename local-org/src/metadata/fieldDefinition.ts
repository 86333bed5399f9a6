import { defineField } from '../store/fieldDefinitions.ts';
import type { FieldDefinition, FieldType } from '../store/schema.ts';
import { isTrue, node, nodes, text, type XmlNode } from './xml.ts';

/** The field types of metadata that this org can hold, with their describe names. */
export const FIELD_TYPES: Readonly<Record<string, FieldType>> = {
  Text: 'string',
  TextArea: 'textarea',
  LongTextArea: 'textarea',
  Picklist: 'picklist',
  Checkbox: 'boolean',
  Number: 'double',
  Date: 'date',
  DateTime: 'datetime',
  Lookup: 'reference',
};

/** The field that a valid `CustomField` defines (Metadata API Developer Guide, "CustomField"). */
export function fieldDefinition(source: XmlNode): FieldDefinition {
  const name = text(source, 'fullName') ?? '';
  const metadataType = text(source, 'type') ?? '';
  const isLookup = metadataType === 'Lookup';
  const relationship = text(source, 'relationshipName');
  const number = (element: string) => Number(text(source, element) ?? 0);
  return defineField(name, FIELD_TYPES[metadataType] ?? 'string', {
    label: text(source, 'label') ?? name,
    helpText: text(source, 'inlineHelpText'),
    length: lengthOf(metadataType, number('length')),
    precision: number('precision'),
    scale: number('scale'),
    isRequired: isTrue(source, 'required') || metadataType === 'Checkbox',
    isExternalId: isTrue(source, 'externalId'),
    isUnique: isTrue(source, 'unique'),
    isCaseSensitive: isTrue(source, 'caseSensitive'),
    isLongText: metadataType === 'LongTextArea',
    defaultValue: metadataType === 'Checkbox' ? isTrue(source, 'defaultValue') : null,
    picklistValues: picklistValues(source),
    isRestrictedPicklist: isTrue(node(source, 'valueSet'), 'restricted'),
    referenceTo: text(source, 'referenceTo'),
    relationshipName: isLookup ? name.replace(/__c$/, '__r') : undefined,
    childRelationshipName: relationship && `${relationship}__r`,
  });
}

/** The values of a picklist that is defined in the field itself. */
export const picklistValues = (source: XmlNode): string[] =>
  nodes(node(node(source, 'valueSet'), 'valueSetDefinition'), 'value').map(
    (value) => text(value, 'fullName') ?? '',
  );

function lengthOf(metadataType: string, length: number): number {
  if (metadataType === 'Picklist' || metadataType === 'TextArea') return 255;
  return metadataType === 'Lookup' ? 18 : length;
}
