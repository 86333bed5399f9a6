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
): Promise<Proof[]> {
  const asked = readOnly(warehouse);
  await reach(asked);
  return [
    ...(await sessionProofs(asked)),
    ...(await grantProofs(asked, names)),
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
    const reason = error instanceof Error ? error.message : String(error);
    if (isLoginRefused(error)) throw new SyncError('WAREHOUSE_UNAUTHORIZED', reason, { cause: error });
    throw new SyncError('WAREHOUSE_UNAVAILABLE', `The warehouse was not reached: ${reason}`, {
      cause: error,
      action:
        'Look at the state of the warehouse, at DATABRICKS_HOST and DATABRICKS_HTTP_PATH, and whether the catalog and the schema are there.',
    });
  }
}

/** The status of the answer is with the innermost cause. */
function isLoginRefused(error: unknown): boolean {
  if (error instanceof SyncError && error.code === 'WAREHOUSE_UNAUTHORIZED') return true;
  if (typeof error !== 'object' || error === null) return false;
  const { statusCode, cause } = error as { statusCode?: unknown; cause?: unknown };
  return statusCode === 401 || statusCode === 403 || isLoginRefused(cause);
}
