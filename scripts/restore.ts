import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { restoreStore } from '../middleware/src/adapters/store/restoreStore.ts';
import { SyncError, errorTable } from '../middleware/src/errors.ts';

const help = `Makes the embedded store of a middleware from a backup, and opens it once to see that it is whole.

Usage: npm run restore -- --in FILE --data-dir D

  --in FILE      a file that "npm run backup" has written
  --data-dir D   the DATA_DIR of the middleware; it must hold no store
  --help         shows this

Prints one JSON line. Exit code: 0 done, 1 failed, 2 not started as it must be.
`;

process.exitCode = await main();

async function main(): Promise<number> {
  try {
    const { values } = parseArgs({
      options: {
        'data-dir': { type: 'string' },
        in: { type: 'string' },
        help: { type: 'boolean', short: 'h', default: false },
      },
    });
    if (values.help) {
      process.stdout.write(help);
      return 0;
    }
    const { 'data-dir': dataDir, in: file } = values;
    if (dataDir === undefined || file === undefined) throw new TypeError('--data-dir and --in are needed.');
    // The service keeps its store there.
    const store = join(resolve(dataDir), 'store');
    const log = { warn: say, error: say };
    const counts = await restoreStore(resolve(file), store, log);
    process.stdout.write(`${JSON.stringify({ dataDir: resolve(dataDir), ...counts })}\n`);
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

function say(_details: object, message: string): void {
  process.stderr.write(`${message}\n`);
}
