import type { ObjectSchema } from '../store/schema.ts';
import type { Component, Problem } from './component.ts';
import type { Catalog } from './createCatalog.ts';

/** What a deploy needs to know of the org. */
export interface DeployDeps {
  readonly catalog: Catalog;
  readonly standardObjects: readonly ObjectSchema[];
  readonly nowMs: number;
  readonly userId: string;
  /** Problems of a component with the records that are there. */
  findDataProblems(component: Component): Problem[];
  /** Why a component cannot be deleted while records use it; undefined when none does. */
  findUse(component: Component): string | undefined;
}
