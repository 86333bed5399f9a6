/**
 * Loaded before server.ts (`node --import`): the service is the product's, unchanged, and dies at one stage.
 * CRASH_STAGE names it (crashStages.ts; none by default), CRASH_COLLECTION_ROWS from how many rows a run goes as a job.
 */
import { registerHooks } from 'node:module';
import { DuckDbWarehouse } from '../../../middleware/src/adapters/duckdb/duckdbWarehouse.ts';
import { SalesforceCrm } from '../../../middleware/src/adapters/salesforce/salesforceCrm.ts';
import { defaultDeliveryLimits } from '../../../middleware/src/delivery/deliveryDeps.ts';
import { dyingMethods } from './dieAt.ts';

const storeUrl = new URL('../../../middleware/src/adapters/store/openStore.ts', import.meta.url).href;
const crashingStoreUrl = new URL('./crashingStore.ts', import.meta.url).href;

registerHooks({
  resolve(specifier, context, next) {
    const resolved = next(specifier, context);
    const isReplaced = resolved.url === storeUrl && context.parentURL !== crashingStoreUrl;
    return isReplaced ? { ...resolved, url: crashingStoreUrl } : resolved;
  },
});
Object.assign(SalesforceCrm.prototype, dyingMethods('crm', SalesforceCrm.prototype));
Object.assign(DuckDbWarehouse.prototype, dyingMethods('warehouse', DuckDbWarehouse.prototype));
const collectionRows = process.env['CRASH_COLLECTION_ROWS'] ?? '';
if (collectionRows !== '')
  Object.assign(defaultDeliveryLimits, { maxCollectionRows: Number(collectionRows) });
