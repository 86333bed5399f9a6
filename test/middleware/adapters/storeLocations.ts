import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { uuidv7 } from 'uuidv7';
import type { StoreLocation } from '../../../middleware/src/adapters/store/openDatabase.ts';

/** An empty place for a store, and how it goes away. */
export interface FreshLocation {
  readonly location: StoreLocation;
  readonly remove: () => Promise<void>;
}

export async function freshDirectory(): Promise<{ dataDir: string; remove: () => Promise<void> }> {
  const dataDir = await mkdtemp(join(tmpdir(), 'property-sync-store-'));
  return { dataDir, remove: () => rm(dataDir, { recursive: true, force: true }) };
}

async function freshDatabase(serverUrl: string): Promise<FreshLocation> {
  const name = `property_sync_${uuidv7().replaceAll('-', '')}`;
  const administer = async (statement: string): Promise<void> => {
    const client = new pg.Client({ connectionString: serverUrl });
    await client.connect();
    await client.query(statement).finally(() => client.end());
  };
  await administer(`create database ${name}`);
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  return {
    location: { databaseUrl: url.href },
    remove: () => administer(`drop database ${name} with (force)`),
  };
}

const serverUrl = process.env['TEST_DATABASE_URL'];

/** A database of its own on the server of TEST_DATABASE_URL, if there is one. */
export const serverLocation =
  serverUrl === undefined ? undefined : (): Promise<FreshLocation> => freshDatabase(serverUrl);

/** Where the contract of the store is tested: always embedded, and on a server if there is one. */
export const storeLocations: readonly (readonly [name: string, make: () => Promise<FreshLocation>])[] = [
  [
    'embedded PostgreSQL',
    async () => {
      const { dataDir, remove } = await freshDirectory();
      return { location: { dataDir }, remove };
    },
  ],
  ...(serverLocation === undefined ? [] : [['a PostgreSQL server', serverLocation] as const]),
];
