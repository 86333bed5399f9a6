/** The field types this org knows, by their describe names (Object Reference, "Field Types"). */
export type FieldType =
  | 'id'
  | 'string'
  | 'textarea'
  | 'picklist'
  | 'boolean'
  | 'double'
  | 'int'
  | 'date'
  | 'datetime'
  | 'reference';

/** One field of an object. Lengths count characters. */
export interface FieldSchema {
  readonly name: string;
  readonly label: string;
  readonly type: FieldType;
  /** Position of the value in a {@link Row}. */
  readonly index: number;
  readonly length: number;
  readonly precision: number;
  readonly scale: number;
  readonly isCustom: boolean;
  readonly isNameField: boolean;
  readonly isRequired: boolean;
  readonly isCreateable: boolean;
  readonly isUpdateable: boolean;
  readonly isExternalId: boolean;
  readonly isUnique: boolean;
  readonly isCaseSensitive: boolean;
  /** Long text can be selected, but neither filtered, sorted nor grouped. */
  readonly isLongText: boolean;
  readonly defaultValue: Value;
  readonly picklistValues: readonly string[];
  readonly isRestrictedPicklist: boolean;
  readonly referenceTo: string | undefined;
  /** Name of the parent in queries: `Property__r`. */
  readonly relationshipName: string | undefined;
  /** Name of the children in the parent's describe: `Product_Properties__r`. */
  readonly childRelationshipName: string | undefined;
  readonly helpText: string | undefined;
}

/** A field without its place in the row. */
export type FieldDefinition = Omit<FieldSchema, 'index'>;

/** One object and its fields, in describe order. */
export interface ObjectSchema {
  readonly name: string;
  readonly label: string;
  readonly labelPlural: string;
  readonly keyPrefix: string;
  readonly isCustom: boolean;
  readonly isWritable: boolean;
  readonly fields: readonly FieldSchema[];
  /** Fields that no two records may share the values of all of. */
  readonly uniqueTogether?: readonly string[];
  readonly fieldByLowerName: ReadonlyMap<string, FieldSchema>;
}

/** A stored value: text, number or boolean as such; a date as `2026-01-05`; a date/time in ms since 1970. */
export type Value = string | number | boolean | null;

/**
 * The values of one record, by {@link FieldSchema.index}; the first is always its id. Never changed in place, so a
 * snapshot costs nothing.
 */
export type Row = readonly Value[];

/** The record's id, of 18 characters. */
export const idOf = (row: Row): string => row[0] as string;

/** Gives every field its place and every object its index by lower-case field name. */
export function createObjectSchema(
  definition: Omit<ObjectSchema, 'fields' | 'fieldByLowerName'> & { fields: readonly FieldDefinition[] },
): ObjectSchema {
  const fields = definition.fields.map((field, index): FieldSchema => ({ ...field, index }));
  return {
    ...definition,
    fields,
    fieldByLowerName: new Map(fields.map((field) => [field.name.toLowerCase(), field])),
  };
}

/** The field of that name, whatever its case. */
export function findField(object: ObjectSchema, name: string): FieldSchema | undefined {
  return object.fieldByLowerName.get(name.toLowerCase());
}

/** A field that must exist, such as `Id`. */
export function getField(object: ObjectSchema, name: string): FieldSchema {
  const field = findField(object, name);
  if (!field) throw new Error(`${object.name} has no field ${name}`);
  return field;
}
