import pg from 'pg';
import { SyncError } from '../../middleware/src/errors.ts';

/** One state of a database, seen through one connection. */
export interface Snapshot {
  readonly client: pg.Client;
  readonly database: string;
  readonly user: string;
  /** ISO instant, of the database's clock; the data is not older. */
  readonly takenAt: string;
  /** Ends the transaction and the connection when all is read. */
  commit(): Promise<void>;
  /** Drops the connection, also in the middle of an answer; afterwards nothing is left to do. */
  cut(): void;
}

export interface SnapshotOptions {
  readonly url: string;
  /** Longest time of one statement; also the longest wait for a lock. */
  readonly statementTimeoutMs: number;
  /** Ends the connection, whatever it is doing. */
  readonly signal: AbortSignal;
}

const connectTimeoutMs = 10_000;
const keepAliveDelayMs = 30_000;

/**
 * Connects and takes the snapshot: everything read through `client` until it is closed is from one moment, nothing can be
 * written, and times are in UTC. Throws CONFIG_INVALID for what is no URL of PostgreSQL, without repeating it.
 */
export async function openSnapshot({ url, statementTimeoutMs, signal }: SnapshotOptions): Promise<Snapshot> {
  refuseBadUrl(url);
  const client = new pg.Client({
    connectionString: url,
    application_name: 'property-sync load:rds',
    connectionTimeoutMillis: connectTimeoutMs,
    keepAlive: true,
    keepAliveInitialDelayMillis: keepAliveDelayMs,
  });
  // Whoever waits for an answer is told of a lost connection by that; without a listener the process would end.
  client.on('error', () => undefined);
  // Not end(), which waits: a server in the middle of a COPY does not listen.
  const cut = (): void => {
    signal.removeEventListener('abort', cut);
    client.connection.stream.destroy();
  };
  signal.addEventListener('abort', cut, { once: true });
  try {
    signal.throwIfAborted();
    await connect(client);
    await client.query('set default_transaction_read_only = on');
    await client.query('begin transaction isolation level repeatable read read only');
    await client.query(`set local statement_timeout = ${String(Math.round(statementTimeoutMs))}`);
    await client.query(`set local time zone 'UTC'`);
    await client.query('set local search_path = pg_catalog');
    // Nothing is looked up, all is read; and the server cannot estimate the joins of texts made from other types.
    await client.query('set local enable_nestloop = off');
    // A policy that hides rows from this user is an error, not a smaller table.
    await client.query('set local row_security = off');
    const { rows } = await client.query<{ taken_at: string; database: string; user: string }>(
      `select to_char(transaction_timestamp(), 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as taken_at,
         current_database() as database, current_user as "user"`,
    );
    const [row] = rows;
    if (row === undefined) throw new Error('The database did not say what time it is.');
    return {
      client,
      database: row.database,
      user: row.user,
      takenAt: row.taken_at,
      cut,
      async commit() {
        await client.query('commit');
        await client.end();
      },
    };
  } catch (error) {
    cut();
    throw error;
  }
}

/** Says which server it was; for a name with several addresses the library gives a code and no message. */
async function connect(client: pg.Client): Promise<void> {
  try {
    await client.connect();
  } catch (error) {
    const { message, code } = error as NodeJS.ErrnoException;
    const server = `${client.host}:${String(client.port)}`;
    throw new Error(`Cannot connect to ${server}${message === '' ? `: ${String(code)}` : ''}`, {
      cause: error,
    });
  }
}

/** A password with a bare "@", "/", "#" or "?" shifts the parts of the URL: it would be taken for a host, and shown. */
function refuseBadUrl(text: string): void {
  const url = URL.canParse(text) ? new URL(text) : null;
  const isPostgres = url !== null && /^postgres(ql)?:$/.test(url.protocol);
  if (isPostgres && !`${url.pathname}${url.search}${url.hash}`.includes('@')) return;
  throw new SyncError('CONFIG_INVALID', 'RDS_DATABASE_URL is not a URL of a PostgreSQL database.', {
    action:
      'Give it as postgres://user:password@host:5432/database; characters such as @ / # ? in the password are written %40 %2F %23 %3F.',
  });
}
