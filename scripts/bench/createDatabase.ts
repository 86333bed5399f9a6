import pg from 'pg';
import { uuidv7 } from 'uuidv7';

/** An empty database of its own on a PostgreSQL server, and how it goes away. */
export interface OwnDatabase {
  readonly databaseUrl: string;
  readonly drop: () => Promise<void>;
}

/** Makes a database beside those of the server that the URL names; its user must be allowed to. */
export async function createDatabase(serverUrl: string): Promise<OwnDatabase> {
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
    databaseUrl: url.href,
    drop: () => administer(`drop database ${name} with (force)`),
  };
}
