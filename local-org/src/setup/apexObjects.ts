import { apexSource } from '../metadata/validators/apex.ts';
import { text } from '../metadata/xml.ts';
import { stamps } from './stamps.ts';
import { field, flagField, setupSchema, textField, type SetupObject } from './setupObject.ts';

const codeFields = () => [
  field('Name', 'string', { length: 255, isNameField: true }),
  field('ApiVersion', 'double', { precision: 18, scale: 1 }),
  textField('Status', 40),
  flagField('IsValid'),
  field('Body', 'textarea', { length: 1_000_000, isLongText: true }),
  field('LengthWithoutComments', 'int', { precision: 9 }),
  textField('NamespacePrefix', 15),
];

/** Object Reference, "ApexClass". `IsValid` is false: nothing here compiles it. */
export const apexClass: SetupObject = {
  object: setupSchema('ApexClass', '01p', codeFields()),
  records: ({ catalog }) =>
    catalog.list('ApexClass').map((component) => ({
      ...stamps(component),
      Name: component.fullName,
      ApiVersion: Number(text(component.definition, 'apiVersion') ?? 0),
      Status: text(component.definition, 'status') ?? 'Active',
      Body: apexSource(component),
      LengthWithoutComments: apexSource(component).length,
    })),
};

/** Which events fire a trigger, as its object has them. */
const EVENTS = [
  'Before Insert',
  'After Insert',
  'Before Update',
  'After Update',
  'Before Delete',
  'After Delete',
  'After Undelete',
];
const usageName = (event: string): string => `Usage${event.replace(' ', '')}`;

/**
 * Object Reference, "ApexTrigger". `TableEnumOrId` of a custom object is its API name [believed, not verified on a real
 * org: it may be the id of the object].
 */
export const apexTrigger: SetupObject = {
  object: setupSchema('ApexTrigger', '01q', [
    ...codeFields(),
    textField('TableEnumOrId', 40),
    ...EVENTS.map((event) => flagField(usageName(event))),
  ]),
  records: ({ catalog }) =>
    catalog.list('ApexTrigger').map((component) => {
      const body = apexSource(component);
      const [, object = null, events = ''] = /\btrigger\s+\w+\s+on\s+(\w+)\s*\(([^)]*)\)/i.exec(body) ?? [];
      const isFired = (event: string) => new RegExp(event.replace(' ', '\\s+'), 'i').test(events);
      return {
        ...stamps(component),
        Name: component.fullName,
        ApiVersion: Number(text(component.definition, 'apiVersion') ?? 0),
        Status: text(component.definition, 'status') ?? 'Active',
        Body: body,
        LengthWithoutComments: body.length,
        TableEnumOrId: object,
        ...Object.fromEntries(EVENTS.map((event) => [usageName(event), isFired(event)])),
      };
    }),
};
