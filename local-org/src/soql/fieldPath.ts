import { invalidField } from '../errors.ts';
import { findField, type FieldSchema, type ObjectSchema, type Row, type Value } from '../store/schema.ts';
import type { Store } from '../store/store.ts';
import type { Table } from '../store/table.ts';

/** One step from a record to its parent. */
export interface ParentStep {
  readonly relationshipName: string;
  readonly lookup: FieldSchema;
  readonly parent: Table;
}

/** A field of a record or, through lookups, of a parent. */
export interface FieldPath {
  readonly steps: readonly ParentStep[];
  readonly field: FieldSchema;
  /** `Property__r.Name`, spelt as the schema spells it. */
  readonly name: string;
  /** Null when a parent on the way is missing. */
  read(row: Row): Value;
}

/** Follows a dotted path from the object. `prefixes` are the alias and object name that it may begin with. */
export function resolvePath(
  store: Store,
  object: ObjectSchema,
  text: string,
  prefixes: readonly string[] = [],
): FieldPath {
  const names = text.split('.');
  if (names.length > 1 && prefixes.some((prefix) => prefix.toLowerCase() === names[0]?.toLowerCase()))
    names.shift();
  const steps: ParentStep[] = [];
  let current = object;
  for (const name of names.slice(0, -1)) {
    const step = findParent(store, current, name);
    steps.push(step);
    current = step.parent.object;
  }
  const field = findField(current, names.at(-1) ?? '');
  if (!field) throw noSuchColumn(names.at(-1) ?? '', current);
  return {
    steps,
    field,
    name: [...steps.map((step) => step.relationshipName), field.name].join('.'),
    read: (row) => parentRow(row, steps)?.[field.index] ?? null,
  };
}

/** The row at the end of the steps. */
export function parentRow(row: Row, steps: readonly ParentStep[]): Row | undefined {
  let current: Row | undefined = row;
  for (const { lookup, parent } of steps) {
    const id: Value | undefined = current?.[lookup.index];
    current = typeof id === 'string' ? parent.get(id) : undefined;
  }
  return current;
}

function findParent(store: Store, object: ObjectSchema, name: string): ParentStep {
  const lookup = object.fields.find((field) => field.relationshipName?.toLowerCase() === name.toLowerCase());
  if (!lookup?.referenceTo || !lookup.relationshipName) {
    throw invalidField(
      `Didn't understand relationship '${name}' in field path. If you are attempting to use a custom relationship, ` +
        `be sure to append the '__r' after the custom relationship name. Please reference your WSDL or the describe ` +
        'call for the appropriate names.',
    );
  }
  return { lookup, relationshipName: lookup.relationshipName, parent: store.table(lookup.referenceTo) };
}

const noSuchColumn = (name: string, object: ObjectSchema) =>
  invalidField(
    `No such column '${name}' on entity '${object.name}'. If you are attempting to use a custom field, be sure to ` +
      `append the '__c' after the custom field name. Please reference your WSDL or the describe call for the ` +
      'appropriate names.',
  );
