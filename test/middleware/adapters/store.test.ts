import { openStore } from '../../../middleware/src/adapters/store/openStore.ts';
import { describeHistoryStore } from '../ports/historyStore.contract.ts';
import { describeRunQueue } from '../ports/runQueue.contract.ts';
import { describeRunStore } from '../ports/runStore.contract.ts';
import { storeLocations } from './storeLocations.ts';

const log = { warn: () => undefined, error: () => undefined };
let ticks = Date.parse('2026-01-05T12:00:00.000Z');
const clock = { now: () => new Date((ticks += 1)) };

for (const [name, makeLocation] of storeLocations) {
  describeRunStore(name, async () => {
    const { location, remove } = await makeLocation();
    const store = await openStore(location, { log, clock });
    return { runStore: store.runStore, clock, remove: () => store.close().finally(remove) };
  });

  describeHistoryStore(name, async () => {
    const { location, remove } = await makeLocation();
    const store = await openStore(location, { log, clock });
    return { runStore: store.runStore, clock, remove: () => store.close().finally(remove) };
  });

  describeRunQueue(name, async () => {
    const { location, remove } = await makeLocation();
    return {
      open: () => openStore(location, { log, clock, retries: { limit: 1, delaySeconds: 1 } }),
      remove,
    };
  });
}
