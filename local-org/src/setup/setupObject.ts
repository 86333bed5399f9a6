import type { Catalog } from '../metadata/createCatalog.ts';
import { defineField, systemFields } from '../store/fieldDefinitions.ts';
import {
  createObjectSchema,
  type FieldDefinition,
  type FieldType,
  type ObjectSchema,
  type Value,
} from '../store/schema.ts';
import type { Store } from '../store/store.ts';

/** What the records of setup objects are made of. */
export interface SetupView {
  readonly catalog: Catalog;
  /** Custom objects and events. */
  readonly objects: readonly ObjectSchema[];
}

/** The values of one record, by field. */
export type SetupRecord = Readonly<Record<string, Value>>;

/** An object whose records say what metadata the org has. Nobody writes them but a deploy. */
export interface SetupObject {
  readonly object: ObjectSchema;
  readonly records: (view: SetupView) => SetupRecord[];
}

const readOnly = { isCreateable: false, isUpdateable: false };

export const field = (
  name: string,
  type: FieldType,
  options: Partial<FieldDefinition> = {},
): FieldDefinition => defineField(name, type, { ...readOnly, ...options });

export const textField = (name: string, length = 255): FieldDefinition => field(name, 'string', { length });
export const flagField = (name: string): FieldDefinition => field(name, 'boolean', { defaultValue: false });
export const timeField = (name: string): FieldDefinition => field(name, 'datetime');

/** A lookup, whose parent is reached by its name without `Id`. */
export const lookupField = (name: string, referenceTo: string): FieldDefinition =>
  field(name, 'reference', { length: 18, referenceTo, relationshipName: name.replace(/Id$/, '') });

/** An object with an id, these fields and when it was made and changed. */
export function setupSchema(
  name: string,
  keyPrefix: string,
  fields: readonly FieldDefinition[],
): ObjectSchema {
  const { id, rest } = systemFields();
  const system = rest.filter((each) => each.name !== 'IsDeleted');
  return schemaOf(name, keyPrefix, [id, ...fields, ...system]);
}

/** An object with exactly these fields, the first of them its id. */
export const schemaOf = (name: string, keyPrefix: string, fields: readonly FieldDefinition[]): ObjectSchema =>
  createObjectSchema({
    name,
    keyPrefix,
    label: name.replaceAll(/([a-z])([A-Z])/g, '$1 $2'),
    labelPlural: name.replaceAll(/([a-z])([A-Z])/g, '$1 $2'),
    isCustom: false,
    isWritable: false,
    fields,
  });

/** Puts the records of these objects in place of those that were there. */
export function fillSetup(store: Store, setup: readonly SetupObject[], view: SetupView): void {
  for (const { object, records } of setup) {
    const table = store.table(object.name);
    table.clear();
    for (const record of records(view)) {
      table.put(object.fields.map((each) => record[each.name] ?? each.defaultValue));
    }
  }
}
