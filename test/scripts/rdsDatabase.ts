import { readFile } from 'node:fs/promises';
import pg from 'pg';
import { uuidv7 } from 'uuidv7';
import { freshDatabase } from '../middleware/adapters/storeLocations.ts';

/** A database of a test with the tables of RDS, empty but for the catalogue of features. */
export interface RdsDatabase {
  readonly url: string;
  readonly client: pg.Client;
  /** Another connection, which is closed with the rest. */
  connect(): Promise<pg.Client>;
  /** The URL of a new user who may use the schema, but no table yet. */
  createReader(): Promise<{ user: string; url: string }>;
  remove(): Promise<void>;
}

/** Its sessions are in another time zone than UTC and show dates otherwise, so that nothing leans on the defaults. */
export async function openRdsDatabase(): Promise<RdsDatabase> {
  const { location, remove } = await freshDatabase();
  const url = location.databaseUrl;
  const name = new URL(url).pathname.slice(1);
  const clients: pg.Client[] = [];
  const users: string[] = [];
  const connect = async (): Promise<pg.Client> => {
    const opened = new pg.Client({ connectionString: url });
    await opened.connect();
    clients.push(opened);
    return opened;
  };
  const client = await connect();
  await client.query(`alter database ${name} set timezone = 'America/New_York'`);
  await client.query(`alter database ${name} set datestyle = 'German'`);
  await client.query(await readFile('test/scripts/rdsSchema.sql', 'utf8'));
  return {
    url,
    client,
    connect,
    async createReader() {
      const user = `reader_${uuidv7().replaceAll('-', '')}`;
      await client.query(`create role ${user} login password 'reader'`);
      users.push(user);
      await client.query(`grant usage on schema public to ${user}`);
      const readerUrl = new URL(url);
      readerUrl.username = user;
      readerUrl.password = 'reader';
      return { user, url: readerUrl.href };
    },
    async remove() {
      for (const user of users) {
        await client.query(`drop owned by ${user}`);
        await client.query(`drop role ${user}`);
      }
      await Promise.all(clients.map((opened) => opened.end()));
      await remove();
    },
  };
}
