import * as original from '../../../middleware/src/adapters/store/openStore.ts';
import { dyingMethods } from './dieAt.ts';

/** Stands in for the module of the same function; the service notices nothing. */
export const openStore: typeof original.openStore = async (...options) => {
  const store = await original.openStore(...options);
  return {
    ...store,
    runStore: { ...store.runStore, ...dyingMethods('runStore', store.runStore) },
    resyncStore: { ...store.resyncStore, ...dyingMethods('resyncStore', store.resyncStore) },
  };
};
