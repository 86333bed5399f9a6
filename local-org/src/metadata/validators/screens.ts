import { parentOf, problem, type Component, type Problem } from '../component.ts';
import { isTrue, nodes, text, texts } from '../xml.ts';
import { required } from './labels.ts';
import { inField, type Reference } from './reference.ts';
import type { Surroundings } from './validator.ts';

/** Names that list views use for standard columns. */
const STANDARD_COLUMNS = /^[A-Z][A-Z_.]*$/;

/** "Could not resolve list view column: X" is quoted in public threads; for a filter it is believed. */
export function listViewProblems(component: Component, { world }: Surroundings): Problem[] {
  const { fullName, definition } = component;
  const object = parentOf(fullName);
  const isThere = (column: string) => STANDARD_COLUMNS.test(column) || world.hasField(object, column);
  const filters = nodes(definition, 'filters').map((filter) => text(filter, 'field') ?? '');
  return [
    ...required(component, ['filterScope', 'label']),
    ...(world.hasObject(object)
      ? []
      : [problem(`Entity Enumeration Or ID: bad value for restricted picklist field: ${object}`)]),
    ...texts(definition, 'columns')
      .filter((column) => !isThere(column))
      .map((column) => problem(`Could not resolve list view column: ${column}`)),
    ...filters
      .filter((field) => !isThere(field))
      .map((field) => problem(`Could not resolve list view filter: ${field}`)),
  ];
}

/** The object before the first dash of a layout's name, and the fields it shows. */
export function layoutReferences({ fullName, definition }: Component): Reference[] {
  const object = fullName.split('-')[0] ?? '';
  const items = nodes(definition, 'layoutSections')
    .flatMap((section) => nodes(section, 'layoutColumns'))
    .flatMap((column) => nodes(column, 'layoutItems'));
  const fields = items.map((item) => text(item, 'field')).filter((field) => field !== undefined);
  return [
    { ...inField('layout', 'CustomObject', object), missing: `Parent entity failed to deploy: ${object}` },
    ...fields.map((field) => inField('field', 'CustomField', `${object}.${field}`)),
  ];
}

/** A tab of a custom object has its name. */
export const tabReferences = ({ fullName, definition }: Component): Reference[] =>
  isTrue(definition, 'customObject') ? [inField('customObject', 'CustomObject', fullName)] : [];

export const applicationReferences = ({ definition }: Component): Reference[] =>
  texts(definition, 'tabs')
    .filter((tab) => !tab.startsWith('standard-'))
    .map((tab) => inField('tab', 'CustomTab', tab));
