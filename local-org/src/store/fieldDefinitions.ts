import type { FieldDefinition, FieldType } from './schema.ts';

/** A nullable, writable field; the options say what is special about it. */
export function defineField(
  name: string,
  type: FieldType,
  options: Partial<FieldDefinition> = {},
): FieldDefinition {
  return {
    name,
    type,
    label: name.replace(/__c$/, '').replaceAll('_', ' '),
    length: 0,
    precision: 0,
    scale: 0,
    isCustom: name.endsWith('__c'),
    isNameField: false,
    isRequired: false,
    isCreateable: true,
    isUpdateable: true,
    isExternalId: false,
    isUnique: false,
    isCaseSensitive: false,
    isLongText: false,
    defaultValue: null,
    picklistValues: [],
    isRestrictedPicklist: false,
    referenceTo: undefined,
    relationshipName: undefined,
    childRelationshipName: undefined,
    helpText: undefined,
    ...options,
  };
}

const readOnly = { isCreateable: false, isUpdateable: false, isRequired: true };
const user = (name: string) => ({ length: 18, referenceTo: 'User', relationshipName: name });

/** `Id` and the fields that Salesforce keeps on every record (Object Reference, "System Fields"). */
export function systemFields(): { id: FieldDefinition; owner: FieldDefinition; rest: FieldDefinition[] } {
  return {
    id: defineField('Id', 'id', { ...readOnly, label: 'Record ID', length: 18 }),
    owner: defineField('OwnerId', 'reference', { ...user('Owner'), label: 'Owner ID', isRequired: true }),
    rest: [
      defineField('IsDeleted', 'boolean', { ...readOnly, label: 'Deleted', defaultValue: false }),
      defineField('CreatedDate', 'datetime', { ...readOnly, label: 'Created Date' }),
      defineField('CreatedById', 'reference', { ...readOnly, ...user('CreatedBy'), label: 'Created By ID' }),
      defineField('LastModifiedDate', 'datetime', { ...readOnly, label: 'Last Modified Date' }),
      defineField('LastModifiedById', 'reference', {
        ...readOnly,
        ...user('LastModifiedBy'),
        label: 'Last Modified By ID',
      }),
      defineField('SystemModstamp', 'datetime', { ...readOnly, label: 'System Modstamp' }),
    ],
  };
}

/** The fields that every platform event has (Platform Events Developer Guide, "Platform Event Fields"). */
export function eventFields(): FieldDefinition[] {
  return [
    defineField('ReplayId', 'string', { ...readOnly, isRequired: false, label: 'Replay ID', length: 1000 }),
    defineField('CreatedDate', 'datetime', { ...readOnly, label: 'Created Date' }),
    defineField('CreatedById', 'reference', { ...readOnly, ...user('CreatedBy'), label: 'Created By ID' }),
    defineField('EventUuid', 'string', { ...readOnly, isRequired: false, label: 'Event UUID', length: 36 }),
  ];
}
