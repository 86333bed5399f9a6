import { existsSync } from 'node:fs';
import { chmod, link, rm, stat } from 'node:fs/promises';
import { SyncError } from '../../errors.ts';
import { checkArchive, pack } from './archive.ts';
import { lockDirectory } from './lockDirectory.ts';
import { databaseEntries, isDatabaseReady } from './prepareDataDirectory.ts';

/**
 * Writes the embedded store in `dataDir` to one file and reads it back. The file appears whole or not at all, and
 * replaces none. Returns its size in bytes.
 * @throws SyncError STORE_IN_USE while a process uses the store; CONFIG_INVALID if there is no store or the file exists.
 */
export async function backupStore(dataDir: string, file: string): Promise<{ bytes: number }> {
  if (!isDatabaseReady(dataDir))
    throw invalid(`There is no store in ${dataDir}.`, 'Name the directory of the store.');
  assertFree(file);
  const unlock = await lockDirectory(dataDir);
  const partial = `${file}.partial-${String(process.pid)}`;
  try {
    await pack(dataDir, databaseEntries, partial);
    await chmod(partial, 0o600);
    await checkArchive(partial);
    // Unlike a renamed file, a link takes no name that somebody else has taken meanwhile.
    await link(partial, file).catch((error: unknown) => {
      assertFree(file);
      throw error;
    });
    return { bytes: (await stat(file)).size };
  } finally {
    await rm(partial, { force: true });
    await unlock();
  }
}

function assertFree(file: string): void {
  if (existsSync(file))
    throw invalid(`The file ${file} exists already.`, 'Choose another file, or move that one away.');
}

const invalid = (message: string, action: string): SyncError =>
  new SyncError('CONFIG_INVALID', message, { action });
