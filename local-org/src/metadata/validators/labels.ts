import { problem, type Component, type Problem } from '../component.ts';
import { text } from '../xml.ts';

/** Elements that a type cannot do without ("Required field is missing: x", as the API says it in public threads). */
export const required = ({ definition }: Component, elements: readonly string[]): Problem[] =>
  elements
    .filter((element) => definition[element] === undefined || definition[element] === '')
    .map((element) => problem(`Required field is missing: ${element}`));

/** Metadata API Developer Guide, "CustomLabels": what a label needs, and its 1,000 characters. */
export function labelProblems(component: Component): Problem[] {
  const value = text(component.definition, 'value') ?? '';
  return [
    ...required(component, ['fullName', 'language', 'protected', 'shortDescription', 'value']),
    ...(value.length > 1000 ? [problem('Value too long for field: Value maximum length is:1000')] : []),
  ];
}
