import { parentOf, problem, type Component, type Problem } from '../component.ts';
import { node, text } from '../xml.ts';
import { required } from './labels.ts';
import { inField, type Reference } from './reference.ts';
import type { Surroundings } from './validator.ts';

/** Metadata API Developer Guide, "ValidationRule". The formula is taken as it is and never run. */
export function validationRuleProblems(component: Component, { world }: Surroundings): Problem[] {
  const object = parentOf(component.fullName);
  const noObject = world.hasObject(object)
    ? []
    : [problem(`Entity Enumeration Or ID: bad value for restricted picklist field: ${object}`)];
  return [...noObject, ...required(component, ['active', 'errorConditionFormula', 'errorMessage'])];
}

/** Metadata API Developer Guide, "Flow". Flows are kept and never run. */
export function flowProblems(component: Component): Problem[] {
  const status = text(component.definition, 'status');
  const isKnown = status === undefined || ['Active', 'Draft', 'Obsolete', 'InvalidDraft'].includes(status);
  return [
    ...required(component, ['label', 'processType']),
    ...(isKnown ? [] : [problem(`'${status}' is not a valid value for the enum 'FlowVersionStatus'`)]),
  ];
}

/** The object that fires a record-triggered flow. */
export function flowReferences({ definition }: Component): Reference[] {
  const object = text(node(definition, 'start'), 'object');
  return object === undefined ? [] : [inField('start.object', 'CustomObject', object, { isHolding: true })];
}
