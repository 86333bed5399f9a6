import { createSystemClock } from '../../../middleware/src/adapters/clock/systemClock.ts';
import { openStore } from '../../../middleware/src/adapters/store/openStore.ts';
import { describeResyncStore } from '../ports/resyncStore.contract.ts';
import { storeLocations } from './storeLocations.ts';

const log = { warn: () => undefined, error: () => undefined };
const clock = createSystemClock({ startAt: null });

for (const [name, makeLocation] of storeLocations) {
  describeResyncStore(name, async () => {
    const { location, remove } = await makeLocation();
    const store = await openStore(location, { log, clock });
    return { ...store, remove: () => store.close().finally(remove) };
  });
}
