import { ownName, parentOf } from '../metadata/component.ts';
import { text } from '../metadata/xml.ts';
import { field, lookupField, schemaOf, textField, type SetupObject } from './setupObject.ts';

/** Object Reference, "EntityDefinition": every custom object; `DurableId` of one is the id of its definition. */
export const entityDefinition: SetupObject = {
  object: schemaOf('EntityDefinition', '4ie', [
    textField('DurableId'),
    textField('QualifiedApiName'),
    textField('DeveloperName'),
    field('Label', 'string', { length: 255, isNameField: true }),
    textField('PluralLabel'),
    textField('KeyPrefix', 3),
    textField('NamespacePrefix', 15),
  ]),
  records: ({ catalog, objects }) =>
    objects.map(({ name, label, labelPlural, keyPrefix }) => ({
      DurableId: catalog.find('CustomObject', name)?.id ?? name,
      QualifiedApiName: name,
      DeveloperName: name.replace(/__(?:c|e|mdt)$/, ''),
      Label: label,
      PluralLabel: labelPlural,
      KeyPrefix: keyPrefix,
    })),
};

/** Object Reference, "FieldDefinition": the custom fields. `DataType` is the type alone, without its length. */
export const fieldDefinitions: SetupObject = {
  object: schemaOf('FieldDefinition', '4fe', [
    textField('DurableId'),
    textField('QualifiedApiName'),
    textField('DeveloperName'),
    field('Label', 'string', { length: 255, isNameField: true }),
    textField('DataType'),
    field('Length', 'int', { precision: 9 }),
    field('Precision', 'int', { precision: 9 }),
    field('Scale', 'int', { precision: 9 }),
    lookupField('EntityDefinitionId', 'EntityDefinition'),
  ]),
  records: ({ catalog }) =>
    catalog.list('CustomField').map(({ id, fullName, definition }) => {
      const number = (name: string) => Number(text(definition, name) ?? 0);
      const object = catalog.find('CustomObject', parentOf(fullName))?.id ?? parentOf(fullName);
      return {
        DurableId: `${object.slice(0, 15)}.${id.slice(0, 15)}`,
        QualifiedApiName: ownName(fullName),
        DeveloperName: ownName(fullName).replace(/__c$/, ''),
        Label: text(definition, 'label') ?? null,
        DataType: text(definition, 'type') ?? null,
        Length: number('length'),
        Precision: number('precision'),
        Scale: number('scale'),
        EntityDefinitionId: object,
      };
    }),
};
