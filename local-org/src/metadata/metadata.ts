import type { Clock } from '../clock.ts';
import type { Store } from '../store/store.ts';
import type { Catalog, Components } from './createCatalog.ts';
import type { Deployments } from './createDeployments.ts';
import type { RetrieveResult } from './retrieve.ts';

/** The metadata of the org and what it drives. */
export interface Metadata {
  readonly catalog: Catalog;
  readonly store: Store;
  readonly clock: Clock;
  readonly deployments: Deployments;
  /** What was retrieved, by id. */
  readonly retrieves: Map<string, RetrieveResult>;
  newRetrieveId(): string;
  /** The objects of the Tooling API. */
  readonly tooling: Store;
  /** Makes these the org's components: objects, fields and events follow at once. */
  apply(components: Components): void;
  /** Back to the first components; store and events are reset before. */
  reset(): void;
}
