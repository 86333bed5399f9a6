import type { Component, Problem } from '../component.ts';
import type { World } from '../world.ts';
import type { Reference } from './reference.ts';

/** What a validator sees beside the component itself. */
export interface Surroundings {
  readonly world: World;
  /** The component as the org has it. */
  readonly previous: Component | undefined;
}

/** The rules of one type of metadata. */
export interface Validator {
  readonly check?: (component: Component, surroundings: Surroundings) => Problem[];
  readonly references?: (component: Component) => Reference[];
}
