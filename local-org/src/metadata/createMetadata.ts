import type { Clock } from '../clock.ts';
import type { EventBus } from '../events/createEventBus.ts';
import { fillCustomMetadata } from '../setup/customMetadataRows.ts';
import { fillSetup } from '../setup/setupObject.ts';
import { DATA_SETUP, TOOLING_SETUP } from '../setup/setupObjects.ts';
import { createIdSequence } from '../ids.ts';
import type { QueryCursors } from '../rest/createQueryCursors.ts';
import type { ObjectSchema } from '../store/schema.ts';
import { createStore, type Store } from '../store/store.ts';
import type { Catalog, Components } from './createCatalog.ts';
import { createDeployments } from './createDeployments.ts';
import { createDeployWork } from './createDeployWork.ts';
import { objectSchemas } from './objectSchemas.ts';
import type { Metadata } from './metadata.ts';
import type { RetrieveResult } from './retrieve.ts';

export interface MetadataDeps {
  readonly catalog: Catalog;
  readonly store: Store;
  readonly events: EventBus;
  readonly queryCursors: QueryCursors;
  readonly clock: Clock;
  readonly standard: readonly ObjectSchema[];
}

export function createMetadata({
  catalog,
  store,
  events,
  queryCursors,
  clock,
  standard,
}: MetadataDeps): Metadata {
  const tooling = createStore(
    TOOLING_SETUP.map(({ object }) => object),
    new Map(),
  );
  /** Setup objects say what the org has now. */
  const refresh = () => {
    const view = {
      catalog,
      objects: [...store.objects.filter(({ isCustom }) => isCustom), ...events.objects],
    };
    fillSetup(store, DATA_SETUP, view);
    fillSetup(tooling, TOOLING_SETUP, view);
    fillCustomMetadata(store, view);
  };
  const apply = (components: Components) => {
    const previous = [...store.objects.filter(({ isCustom }) => isCustom), ...events.objects];
    const next = objectSchemas(components.values(), previous);
    catalog.replace(components);
    store.redefine([...next.objects, ...standard]);
    events.redefine(next.events);
    refresh();
    // Their columns are places in rows that may have moved.
    queryCursors.clear();
  };
  refresh();
  const metadata = { catalog, store, clock, apply };
  const deployments = createDeployments(clock, createDeployWork(metadata));
  const retrieves = new Map<string, RetrieveResult>();
  return {
    ...metadata,
    deployments,
    tooling,
    retrieves,
    newRetrieveId: createIdSequence('09S'),
    reset: () => {
      deployments.reset();
      retrieves.clear();
      catalog.reset();
      refresh();
    },
  };
}
