import type { Component, Problem } from './component.ts';
import { placeOf } from './placeOf.ts';
import type { Reference } from './validators/reference.ts';
import { VALIDATORS } from './validators/validators.ts';
import type { World } from './world.ts';

/** What is wrong with a component in the org as it would be: by itself, and in what it refers to. */
export function validateComponent(
  component: Component,
  world: World,
  previous: Component | undefined,
): Problem[] {
  const validator = VALIDATORS[component.type];
  if (!validator) return [];
  const own = validator.check?.(component, { world, previous }) ?? [];
  const missing = (validator.references?.(component) ?? [])
    .filter((reference) => !reference.exists(world))
    .map((reference) => missingProblem(component, reference));
  return [...own, ...missing];
}

/**
 * What is missing, and where it is named. A Lightning bundle has the place in the text, since there clients look for it
 * [source-deploy-retrieve 13.7, diagnosticUtil].
 */
function missingProblem(component: Component, { fullName, missing }: Reference): Problem {
  const place = placeOf(component, fullName);
  const isInText = component.type === 'LightningComponentBundle' && place !== null;
  return {
    message: isInText ? `[Line: ${place.line}, Col: ${place.column}] ${missing}` : missing,
    type: 'Error',
    ...place,
  };
}
