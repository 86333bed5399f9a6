import type { SourceNames } from '../../middleware/src/planning/sourceContract.ts';
import { SyncError } from '../../middleware/src/errors.ts';
import { withSourceViews } from '../../middleware/src/planning/sourceViews.ts';
import type { SqlFiles } from '../../middleware/src/planning/sqlFiles.ts';
import type { Warehouse } from '../../middleware/src/ports/warehouse.ts';
import { functionProofs } from './functionProofs.ts';
import { grantProofs } from './grantProofs.ts';
import type { Proof } from './proof.ts';
import { readOnly } from './readOnly.ts';
import { sessionProofs } from './sessionProofs.ts';
import { sourceProofs } from './sourceProofs.ts';
import { viewProofs } from './viewProofs.ts';

/**
 * Asks a warehouse about everything that the product takes for granted there, and writes nothing. Throws
 * WAREHOUSE_UNAVAILABLE or WAREHOUSE_UNAUTHORIZED if there is nobody to ask.
 */
export async function verifyDatabricks(
  warehouse: Warehouse,
  files: SqlFiles,
  names: SourceNames,
  volume?: string,
): Promise<Proof[]> {
  const asked = readOnly(warehouse);
  await reach(asked);
  return [
    ...(await sessionProofs(asked)),
    ...(await grantProofs(asked, names, volume)),
    ...(await sourceProofs(asked, names)),
    ...(await functionProofs(asked)),
    ...(await viewProofs(asked, withSourceViews(files, names))),
  ];
}

/** What cannot be asked the least thing is not there, whatever it says. */
async function reach(warehouse: Warehouse): Promise<void> {
  try {
    await warehouse.query('select 1 as one');
  } catch (error) {
    if (error instanceof SyncError && error.code === 'WAREHOUSE_UNAUTHORIZED') throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new SyncError('WAREHOUSE_UNAVAILABLE', `The warehouse was not reached: ${reason}`, {
      cause: error,
      action:
        'Look at the state of the warehouse, at DATABRICKS_HOST and DATABRICKS_HTTP_PATH, and whether the catalog and the schema are there.',
    });
  }
}
