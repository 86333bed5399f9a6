import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { SyncError } from '../../errors.ts';

/** The PostgreSQL that the pinned PGlite embeds. It opens the files of no other major version. */
export const postgresMajor = '18';

const database = 'database';
const majorOfDatabase = 'postgres-major';

/** What a data directory holds of a database that has opened. */
export const databaseEntries = [database, majorOfDatabase] as const;

/** Whether a database has ever opened in this directory. */
export const isDatabaseReady = (dataDir: string): boolean =>
  databaseEntries.every((entry) => existsSync(join(dataDir, entry)));

/**
 * Says where in a locked data directory the database lives, after checking that this program can read it.
 * `markReady` is called when the database has opened: it stores the PostgreSQL major version beside the data.
 * A database without it was killed while it was being made and holds nothing; it is moved aside.
 * @throws SyncError CONFIG_INVALID if another PostgreSQL major version wrote the data.
 */
export function prepareDataDirectory(dataDir: string): { databaseDir: string; markReady: () => void } {
  const databaseDir = join(dataDir, database);
  const majorFile = join(dataDir, majorOfDatabase);
  if (existsSync(majorFile)) {
    const major = readFileSync(majorFile, 'utf8').trim();
    if (major !== postgresMajor) {
      throw new SyncError(
        'CONFIG_INVALID',
        `The data directory ${dataDir} was written by PostgreSQL ${major}; this version embeds ${postgresMajor}.`,
        { action: 'Start the version of Property Sync that wrote it, or choose another directory.' },
      );
    }
  } else if (existsSync(databaseDir)) {
    renameSync(databaseDir, `${databaseDir}-incomplete-${Date.now()}`);
  }
  return { databaseDir, markReady: () => writeFileSync(majorFile, `${postgresMajor}\n`) };
}
