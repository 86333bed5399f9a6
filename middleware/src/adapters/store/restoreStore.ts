import { existsSync } from 'node:fs';
import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import { SyncError } from '../../errors.ts';
import { unpack } from './archive.ts';
import { openDatabase } from './openDatabase.ts';
import { isDatabaseReady } from './prepareDataDirectory.ts';
import type { StoreLog } from './storeLog.ts';

/**
 * Makes the embedded store in `dataDir` from a file of `backupStore`, and opens it before it stands there. Returns what
 * it holds.
 * @throws SyncError CONFIG_INVALID if `dataDir` holds anything, or the file is no backup of a store this version opens.
 */
export async function restoreStore(
  file: string,
  dataDir: string,
  log: StoreLog,
): Promise<{ plans: number; runs: number; resyncs: number }> {
  if (!existsSync(file)) throw invalid(`There is no file ${file}.`, 'Name the file of the backup.');
  if (existsSync(dataDir) && (await readdir(dataDir)).length > 0) {
    throw invalid(
      `The directory ${dataDir} is not empty.`,
      'Choose another directory, or move that one away.',
    );
  }
  const restored = `${dataDir}.restoring-${String(process.pid)}`;
  await mkdir(restored, { recursive: true, mode: 0o700 });
  try {
    await unpack(file, restored).catch((cause: unknown) => {
      throw invalid(`The file ${file} is no whole backup.`, 'Take another backup.', cause);
    });
    if (!isDatabaseReady(restored))
      throw invalid(`The file ${file} holds no store.`, 'Name the file of a backup.');
    const counts = await countRows(restored, log);
    // An empty directory is replaced; one that somebody has filled meanwhile is not.
    await rename(restored, dataDir);
    return counts;
  } finally {
    await rm(restored, { recursive: true, force: true });
  }
}

async function countRows(
  dataDir: string,
  log: StoreLog,
): Promise<{ plans: number; runs: number; resyncs: number }> {
  const database = await openDatabase({ dataDir }, log);
  try {
    const count = async (table: 'plan' | 'run' | 'resync'): Promise<number> => {
      const { n } = await database.tables
        .selectFrom(table)
        .select(({ fn }) => fn.countAll<string>().as('n'))
        .executeTakeFirstOrThrow();
      return Number(n);
    };
    return { plans: await count('plan'), runs: await count('run'), resyncs: await count('resync') };
  } finally {
    await database.close();
  }
}

const invalid = (message: string, action: string, cause?: unknown): SyncError =>
  new SyncError('CONFIG_INVALID', message, { action, cause });
