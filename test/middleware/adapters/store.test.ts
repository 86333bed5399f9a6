import { openStore } from '../../../middleware/src/adapters/store/openStore.ts';
import { describeRunQueue } from '../ports/runQueue.contract.ts';
import { describeRunStore } from '../ports/runStore.contract.ts';
import { storeLocations } from './storeLocations.ts';

const log = { warn: () => undefined, error: () => undefined };

for (const [name, makeLocation] of storeLocations) {
  describeRunStore(name, async () => {
    const { location, remove } = await makeLocation();
    const store = await openStore(location, { log });
    return { runStore: store.runStore, remove: () => store.close().finally(remove) };
  });

  describeRunQueue(name, async () => {
    const { location, remove } = await makeLocation();
    return {
      open: () => openStore(location, { log, retries: { limit: 1, delaySeconds: 1 } }),
      remove,
    };
  });
}
