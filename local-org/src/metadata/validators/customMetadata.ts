import { parentOf, problem, ownName, type Component, type Problem } from '../component.ts';
import { coerceValue } from '../../dml/coerceValue.ts';
import { fieldDefinition } from '../fieldDefinition.ts';
import { nodes, text } from '../xml.ts';
import { required } from './labels.ts';
import { inField, type Reference } from './reference.ts';
import type { Surroundings } from './validator.ts';

/** The type of a custom metadata record `Setting.Default`: `Setting__mdt`. */
export const typeOfRecord = (fullName: string): string => `${parentOf(fullName)}__mdt`;

/** The values of a record by field; null where it says nothing. */
export const recordValues = ({ definition }: Component): [string, string | null][] =>
  nodes(definition, 'values').map((entry) => [text(entry, 'field') ?? '', text(entry, 'value') ?? null]);

/** Custom Metadata Types Implementation Guide; values must fit their fields. Messages are believed. */
export function customMetadataProblems(component: Component, { world }: Surroundings): Problem[] {
  const { fullName } = component;
  const type = typeOfRecord(fullName);
  const name = ownName(fullName);
  const problems = required(component, ['label']);
  if (!/^[A-Za-z](?:_?[A-Za-z0-9])*$/.test(name) || name.length > 40)
    problems.push(problem(`The DeveloperName ${name} is not valid.`));
  for (const [field, value] of recordValues(component)) {
    const definition = world.find('CustomField', `${type}.${field}`)?.definition;
    if (!definition || value === null) continue;
    const coerced = coerceValue({ ...fieldDefinition(definition), index: 0 }, value, 'csv');
    if ('error' in coerced) problems.push(problem(coerced.error.message));
  }
  return problems;
}

export function customMetadataReferences(component: Component): Reference[] {
  const type = typeOfRecord(component.fullName);
  return [
    { ...inField('type', 'CustomObject', type), missing: `The custom metadata type ${type} was not found` },
    ...recordValues(component).map(([field]) => inField('field', 'CustomField', `${type}.${field}`)),
  ];
}
