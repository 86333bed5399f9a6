import { CamelCasePlugin, Kysely, PGliteDialect, PostgresDialect, sql } from 'kysely';
import pg from 'pg';
import { type ConstructorOptions, fromPglite } from 'pg-boss';
import { lockDirectory } from './lockDirectory.ts';
import { isoTimestamps } from './isoTimestamps.ts';
import { migrate, toMigrationClient } from './migrate.ts';
import { openPglite } from './pgliteClient.ts';
import { postgresTypes } from './postgresTypes.ts';
import { prepareDataDirectory } from './prepareDataDirectory.ts';
import type { StoreLog } from './storeLog.ts';
import type { Tables } from './tables.ts';

/** Embedded PostgreSQL in a directory of its own, or a PostgreSQL server (15 or later) for several instances. */
export type StoreLocation = { readonly dataDir: string } | { readonly databaseUrl: string };

export interface Database {
  readonly tables: Kysely<Tables>;
  /** How pg-boss reaches the same database. */
  readonly bossOptions: ConstructorOptions;
  /** No other process can be using the database. */
  readonly isExclusive: boolean;
  /** What is open, for people. */
  readonly description: string;
  close(): Promise<void>;
}

/** Opens the database with its tables up to date. */
export function openDatabase(location: StoreLocation, log: StoreLog): Promise<Database> {
  return 'dataDir' in location ? openEmbedded(location.dataDir, log) : openServer(location.databaseUrl, log);
}

const plugins = [new CamelCasePlugin({ maintainNestedObjectKeys: true }), isoTimestamps];

async function openEmbedded(dataDir: string, log: StoreLog): Promise<Database> {
  const closing: (() => Promise<void>)[] = [await lockDirectory(dataDir)];
  const close = async (): Promise<void> => {
    for (const step of closing.splice(0).reverse()) await step();
  };
  try {
    const { databaseDir, markReady } = prepareDataDirectory(dataDir);
    const pglite = await openPglite(databaseDir);
    closing.push(() => pglite.close());
    markReady();
    await migrate(toMigrationClient(pglite), { isShared: false, log });
    const tables = new Kysely<Tables>({ dialect: new PGliteDialect({ pglite }), plugins });
    return {
      tables,
      bossOptions: { db: fromPglite(pglite), backend: 'pglite' },
      isExclusive: true,
      description: `PostgreSQL ${await readVersion(tables)}, embedded in ${dataDir}`,
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

const poolSize = 8;
/**
 * A transaction that stands still this long is ended by the server: its worker sleeps or is cut off, and the locks would
 * keep whoever takes its work over waiting. Shorter than the lease of the work.
 */
const idleInTransactionMs = 10_000;
/** pg-boss polls, renews leases and supervises beside the application's own connections. */
const bossPoolSize = 3;

async function openServer(databaseUrl: string, log: StoreLog): Promise<Database> {
  const pool = new pg.Pool({
    connectionString: databaseUrl,
    max: poolSize,
    types: postgresTypes,
    idle_in_transaction_session_timeout: idleInTransactionMs,
  });
  // The pool hears its idle clients alone, and tells what each client has told already.
  pool.on('error', () => undefined);
  pool.on('connect', (client) =>
    client.on('error', (error) => log.warn({ err: error }, 'A connection to the store was lost.')),
  );
  try {
    const client = await pool.connect();
    try {
      await migrate(client, { isShared: true, log });
    } finally {
      client.release();
    }
    const tables = new Kysely<Tables>({ dialect: new PostgresDialect({ pool }), plugins });
    return {
      tables,
      bossOptions: { connectionString: databaseUrl, max: bossPoolSize },
      isExclusive: false,
      description: `PostgreSQL ${await readVersion(tables)}, on a server`,
      close: () => pool.end(),
    };
  } catch (error) {
    await pool.end();
    throw error;
  }
}

async function readVersion(tables: Kysely<Tables>): Promise<string> {
  const { rows } = await sql<{
    version: string;
  }>`select current_setting('server_version') as version`.execute(tables);
  return rows[0]?.version ?? 'of unknown version';
}
