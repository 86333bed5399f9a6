import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { backupStore } from '../middleware/src/adapters/store/backupStore.ts';
import { SyncError, errorTable } from '../middleware/src/errors.ts';

const help = `Writes the embedded store of the middleware to one file. The middleware must not be running.

Usage: npm run backup -- --data-dir D --out FILE

  --data-dir D   the DATA_DIR of the middleware
  --out FILE     the file to write; it must not exist
  --help         shows this

The embedded warehouse is not part of it: the source is loaded and Salesforce is read anew.
A store on a PostgreSQL server is backed up with the means of that server.
Prints one JSON line. Exit code: 0 done, 1 failed, 2 not started as it must be.
`;

process.exitCode = await main();

async function main(): Promise<number> {
  try {
    const { values } = parseArgs({
      options: {
        'data-dir': { type: 'string' },
        out: { type: 'string' },
        help: { type: 'boolean', short: 'h', default: false },
      },
    });
    if (values.help) {
      process.stdout.write(help);
      return 0;
    }
    const { 'data-dir': dataDir, out: file } = values;
    if (dataDir === undefined || file === undefined) throw new TypeError('--data-dir and --out are needed.');
    // The service keeps its store there.
    const store = join(resolve(dataDir), 'store');
    const { bytes } = await backupStore(store, resolve(file));
    process.stdout.write(`${JSON.stringify({ file: resolve(file), bytes })}\n`);
    return 0;
  } catch (error) {
    if (error instanceof SyncError) {
      process.stderr.write(`${error.code}: ${error.message}\n${error.action}\n`);
      return errorTable[error.code].exitCode;
    }
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    return error instanceof TypeError ? 2 : 1;
  }
}
