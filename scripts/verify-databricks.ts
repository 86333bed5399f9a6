import { parseArgs } from 'node:util';
import { openDatabricksWarehouse } from '../middleware/src/adapters/databricks/databricksWarehouse.ts';
import { readSqlFiles } from '../middleware/src/adapters/sqlFiles/readSqlFiles.ts';
import { SyncError } from '../middleware/src/errors.ts';
import { readSettings } from '../middleware/src/settings/readSettings.ts';
import type { Proof } from './verifyDatabricks/proof.ts';
import { readVariables } from './verifyDatabricks/readVariables.ts';
import { countProofs, showProofs } from './verifyDatabricks/showProofs.ts';
import { verifyDatabricks } from './verifyDatabricks/verifyDatabricks.ts';

const help = `Asks a SQL warehouse of Databricks about everything that Property Sync takes for granted there: session, grants,
source tables, functions, the plan of every view, snapshot and check, and the rules of the data. It writes nothing. The
variables are those of the middleware (middleware/.env.example): DATABRICKS_* and PROPERTY_SYNC_SETTINGS.

Usage: npm run verify:databricks -- [--json]

  --json   prints one JSON object
  --help   shows this

Exit code: 0 everything is proved, 1 something is refuted, 68 nothing is refuted but not everything could be proved,
2 wrong settings or a login that is refused, 69 the warehouse was not reached.
`;

process.exitCode = await main(process.argv.slice(2));

async function main(args: string[]): Promise<number> {
  try {
    const { values } = parseArgs({
      args,
      options: { json: { type: 'boolean', default: false }, help: { type: 'boolean', short: 'h' } },
    });
    if (values.help === true) {
      process.stdout.write(help);
      return 0;
    }
    const proofs = await verify();
    const counts = countProofs(proofs);
    process.stdout.write(values.json ? `${JSON.stringify({ ...counts, proofs })}\n` : showProofs(proofs));
    if (counts.refuted > 0) return 1;
    return counts.unproved > 0 ? 68 : 0;
  } catch (error) {
    const action = error instanceof SyncError ? `\n${error.action}` : '';
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}${action}\n`);
    return exitCodeOf(error);
  }
}

async function verify(): Promise<Proof[]> {
  const { settingsFile, ...options } = await readVariables(process.env);
  const { source } = await readSettings(settingsFile);
  const say = (message: string): void => void process.stderr.write(`${message}\n`);
  const warehouse = openDatabricksWarehouse({ ...options, log: { info: say, warn: say } });
  try {
    return await verifyDatabricks(warehouse, await readSqlFiles(), source, options.volume);
  } finally {
    await warehouse.close();
  }
}

/** Whatever else goes wrong is what the command was given. */
function exitCodeOf(error: unknown): number {
  return error instanceof SyncError && error.code === 'WAREHOUSE_UNAVAILABLE' ? 69 : 2;
}
