import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { StoreLocation } from '../../../middleware/src/adapters/store/openDatabase.ts';
import { createDatabase } from '../../../scripts/bench/createDatabase.ts';
import { copyEmptyStore } from '../../../scripts/demo/copyEmptyStore.ts';

/** An empty place for a store, and how it goes away. */
export interface FreshLocation {
  readonly location: StoreLocation;
  readonly remove: () => Promise<void>;
}

/** The Jest project says on which store its tests run: jest.config.cjs. */
const isOnServer = (globalThis as { isStoreOnServer?: boolean }).isStoreOnServer === true;

/**
 * A store of its own for a test: a database in the project `postgres`, else a directory `store`, as the middleware has it in
 * its DATA_DIR.
 */
export async function freshLocation(): Promise<FreshLocation> {
  if (isOnServer) return freshDatabase();
  const { dataDir: directory, remove } = await freshDirectory();
  const dataDir = join(directory, 'store');
  await copyEmptyStore(dataDir);
  return { location: { dataDir }, remove };
}

/** Where the contract of the store is tested, by name. */
export const storeLocations = [
  [isOnServer ? 'a PostgreSQL server' : 'embedded PostgreSQL', freshLocation],
] as const;

export async function freshDirectory(): Promise<{ dataDir: string; remove: () => Promise<void> }> {
  const dataDir = await mkdtemp(join(tmpdir(), 'property-sync-store-'));
  return { dataDir, remove: () => rm(dataDir, { recursive: true, force: true }) };
}

/** An empty database on the server of the project `postgres`. */
export async function freshDatabase(): Promise<FreshLocation & { location: { databaseUrl: string } }> {
  const serverUrl = process.env['TEST_DATABASE_URL'];
  if (serverUrl === undefined) throw new Error('Only tests of the project "postgres" have a server.');
  const { databaseUrl, drop } = await createDatabase(serverUrl);
  return { location: { databaseUrl }, remove: drop };
}
