import { defineField, systemFields } from './fieldDefinitions.ts';
import { dataSetupSchemas } from '../setup/setupObjects.ts';
import { createObjectSchema, type FieldDefinition, type ObjectSchema } from './schema.ts';

const readOnly = { isCreateable: false, isUpdateable: false };
const text = (name: string, length: number) => defineField(name, 'string', { ...readOnly, length });

function standardObject(name: string, keyPrefix: string, fields: readonly FieldDefinition[]): ObjectSchema {
  const { id, rest } = systemFields();
  const nameField = defineField('Name', 'string', { ...readOnly, length: 121, isNameField: true });
  return createObjectSchema({
    name,
    keyPrefix,
    label: name,
    labelPlural: `${name}s`,
    isCustom: false,
    isWritable: false,
    fields: [id, nameField, ...fields, ...rest.filter((field) => field.name !== 'IsDeleted')],
  });
}

/** The standard objects: users and the org, which are read-only since this is no user directory, and setup. */
export function standardObjects(): ObjectSchema[] {
  return [
    standardObject('User', '005', [
      text('Username', 80),
      text('Email', 128),
      text('UserType', 40),
      defineField('IsActive', 'boolean', { ...readOnly, defaultValue: true }),
    ]),
    standardObject('Organization', '00D', [
      text('InstanceName', 5),
      text('NamespacePrefix', 15),
      text('OrganizationType', 40),
      defineField('IsSandbox', 'boolean', { ...readOnly, defaultValue: false }),
      defineField('TrialExpirationDate', 'datetime', readOnly),
    ]),
    ...dataSetupSchemas(),
  ];
}
