import { setTimeout as wait } from 'node:timers/promises';
import { DBSQLClient, thrift } from '@databricks/sql';
import pRetry from 'p-retry';
import { SyncError } from '../../errors.ts';
import type { SqlParameters } from '../../ports/warehouse.ts';
import {
  closedError,
  isLostSession,
  isTransient,
  isWriteConflict,
  messageOf,
  retryAfterMs,
  toSyncError,
} from './databricksErrors.ts';
import type { ResultColumn } from './databricksValues.ts';

type Session = Awaited<ReturnType<DBSQLClient['openSession']>>;
export type Operation = Awaited<ReturnType<Session['executeStatement']>>;
type ConnectionOptions = Parameters<DBSQLClient['connect']>[0];

/** A personal access token, or the credentials of a service principal (OAuth machine to machine). */
export type DatabricksLogin =
  { readonly token: string } | { readonly clientId: string; readonly clientSecret: string };

export interface DatabricksOptions {
  readonly host: string;
  readonly port?: number;
  /** HTTP path of the SQL warehouse, `/sql/1.0/warehouses/<id>`. */
  readonly path: string;
  readonly login: DatabricksLogin;
  /** Catalog and schema of the product's own objects. */
  readonly catalog: string;
  readonly schema: string;
  /** A volume of that schema through which large writes go as files; without it they go as parameters. */
  readonly volume?: string;
  /** Certificate authority of a proxy or a test server, PEM. */
  readonly caPem?: string;
  /** Longest wait for one answer. */
  readonly requestTimeoutMs: number;
  /** Longest time that the warehouse may work on one statement. */
  readonly statementTimeoutMs: number;
  /** Longest wait for a warehouse that has to start first. */
  readonly startTimeoutMs: number;
  /** First pause before something is tried again; it doubles. */
  readonly retryPauseMs: number;
  readonly log: { info(message: string): void; warn(message: string): void };
}

interface StatementOptions {
  /** The only directory whose files the statement may send to the warehouse; none without it. */
  readonly uploadDirectory?: string;
}

interface Statement extends StatementOptions {
  readonly sql: string;
  readonly parameters: SqlParameters | undefined;
}

/** How the warehouse was last met. */
export type ConnectionState =
  | { readonly is: 'unused' }
  | { readonly is: 'starting'; readonly sinceMs: number }
  | { readonly is: 'open'; readonly answeredMs: number }
  | { readonly is: 'failed'; readonly reason: string }
  | { readonly is: 'closed' };

/** Most tries of a statement. */
const maxAttempts = 6;
/** Longest pause between two tries, unless Retry-After asks for more. */
const maxPauseMs = 20_000;
/** How long `health` waits for the first answer. */
const healthWaitMs = 2_000;

/**
 * One session of the driver, opened when it is needed and again when it is lost. The driver itself repeats neither the
 * opening of a session nor a statement nor the fetching of rows (docs/warehouse.md §6), so all repeating is done here, and
 * only of what may be done twice.
 */
export class DatabricksConnection {
  state: ConnectionState = { is: 'unused' };
  readonly #options: DatabricksOptions;
  readonly #client: DBSQLClient;
  readonly #running = new Set<Operation>();
  readonly #stopping = new AbortController();
  #connected: Promise<unknown> | undefined;
  #session: Promise<Session> | undefined;

  constructor(options: DatabricksOptions) {
    this.#options = options;
    // The driver's own logger would take the process's uncaught exceptions.
    this.#client = new DBSQLClient({ logger: { log: () => undefined } });
    // Without a listener a late transport error would end the process.
    this.#client.on('error', () => undefined);
  }

  /**
   * Runs one statement and hands its operation to `read`. Both may happen several times: the statement must do nothing the
   * second time. Throws `SyncError`.
   */
  async run<Result>(
    sql: string,
    parameters: SqlParameters | undefined,
    read: (operation: Operation, columns: readonly ResultColumn[]) => Promise<Result>,
    options: StatementOptions = {},
  ): Promise<Result> {
    return this.#translating(sql, () =>
      this.#repeatedly({ retries: maxAttempts - 1 }, async () => {
        const opening = this.open();
        const session = await opening;
        try {
          const result = await this.#execute(session, { sql, parameters, ...options }, read);
          if (this.state.is !== 'closed') this.state = { is: 'open', answeredMs: performance.now() };
          return result;
        } catch (error) {
          // Another statement may have opened a new one meanwhile.
          if (isLostSession(error) && this.#session === opening) this.#session = undefined;
          throw error;
        }
      }),
    );
  }

  /** The open session; a warehouse that sleeps is woken and waited for. */
  open(): Promise<Session> {
    if (this.state.is === 'closed') throw closedError();
    this.#session ??= this.#openSession().catch((error: unknown) => {
      this.#session = undefined;
      throw error;
    });
    return this.#session;
  }

  /** How the warehouse was last met; one that was not met yet, or did not open, is asked, but not waited for. */
  async health(): Promise<{ isReady: boolean; detail: string }> {
    if (this.state.is === 'unused' || this.state.is === 'failed') {
      const opening = this.open().then(
        () => undefined,
        () => undefined,
      );
      await Promise.race([opening, wait(healthWaitMs, undefined, { ref: false })]);
    }
    const secondsSince = (ms: number): string => String(Math.round((performance.now() - ms) / 1_000));
    switch (this.state.is) {
      case 'open':
        return {
          isReady: true,
          detail: `Databricks, last answer ${secondsSince(this.state.answeredMs)} s ago`,
        };
      case 'failed':
        return { isReady: false, detail: this.state.reason };
      case 'closed':
        return { isReady: false, detail: closedError().message };
      default:
        return {
          isReady: false,
          detail:
            this.state.is === 'starting'
              ? `The warehouse is starting: asked ${secondsSince(this.state.sinceMs)} s ago.`
              : 'The warehouse has not been asked yet.',
        };
    }
  }

  /** Cancels what runs and ends the session. */
  async close(): Promise<void> {
    if (this.state.is === 'closed') return;
    this.state = { is: 'closed' };
    this.#stopping.abort();
    const quietly = (work: Promise<unknown>): Promise<unknown> => work.catch(() => undefined);
    await Promise.all([...this.#running].map((operation) => quietly(operation.cancel())));
    const session = this.#session;
    if (session !== undefined) await quietly(session.then((open) => open.close()));
    await quietly(this.#client.close());
  }

  async #execute<Result>(
    session: Session,
    { sql, parameters, uploadDirectory }: Statement,
    read: (operation: Operation, columns: readonly ResultColumn[]) => Promise<Result>,
  ): Promise<Result> {
    const operation = await session.executeStatement(sql, {
      ...(parameters === undefined ? {} : { namedParameters: { ...parameters } }),
      ...(uploadDirectory === undefined ? {} : { stagingAllowedLocalPath: uploadDirectory }),
    });
    this.#running.add(operation);
    try {
      if (this.#stopping.signal.aborted) throw closedError();
      return await read(operation, toColumns(await operation.getSchema()));
    } finally {
      this.#running.delete(operation);
      await operation.close().catch(() => undefined);
    }
  }

  async #openSession(): Promise<Session> {
    const { catalog, schema, statementTimeoutMs, startTimeoutMs, log } = this.#options;
    const sinceMs = performance.now();
    this.state = { is: 'starting', sinceMs };
    try {
      const session = await this.#repeatedly(
        { retries: 1_000, maxRetryTime: startTimeoutMs },
        async () => {
          await this.#connect();
          return this.#client.openSession({
            initialCatalog: catalog,
            initialSchema: schema,
            configuration: {
              ANSI_MODE: 'true',
              TIMEZONE: 'UTC',
              STATEMENT_TIMEOUT: String(Math.ceil(statementTimeoutMs / 1_000)),
            },
          });
        },
        (error) => {
          const seconds = Math.round((performance.now() - sinceMs) / 1_000);
          log.info(`Waiting for the warehouse to start, ${String(seconds)} s so far: ${messageOf(error)}`);
        },
      );
      this.state = { is: 'open', answeredMs: performance.now() };
      return session;
    } catch (error) {
      const failure = toSyncError(error instanceof DriverError ? error.cause : error);
      if (!this.#stopping.signal.aborted) this.state = { is: 'failed', reason: failure.message };
      throw failure;
    }
  }

  async #connect(): Promise<void> {
    this.#connected ??= this.#client.connect(this.#connectionOptions()).catch((error: unknown) => {
      this.#connected = undefined;
      throw error;
    });
    await this.#connected;
  }

  #connectionOptions(): ConnectionOptions {
    const { host, port, path, caPem, login, requestTimeoutMs } = this.#options;
    return {
      host,
      path,
      ...(port === undefined ? {} : { port }),
      ...(caPem === undefined ? {} : { customCaCert: caPem }),
      socketTimeout: requestTimeoutMs,
      preserveBigNumericPrecision: true,
      telemetryEnabled: false,
      userAgentEntry: 'property-sync',
      ...('token' in login
        ? { authType: 'access-token', token: login.token }
        : {
            authType: 'databricks-oauth',
            oauthClientId: login.clientId,
            oauthClientSecret: login.clientSecret,
          }),
    };
  }

  #repeatedly<Result>(
    options: { retries: number; maxRetryTime?: number },
    work: () => Promise<Result>,
    onPause: (error: unknown) => void = (error) => {
      this.#options.log.warn(`A statement is tried again: ${messageOf(error)}`);
    },
  ): Promise<Result> {
    return pRetry(() => work().catch(toThrowable), {
      ...options,
      minTimeout: this.#options.retryPauseMs,
      maxTimeout: maxPauseMs,
      randomize: true,
      signal: this.#stopping.signal,
      shouldRetry: ({ error }) => mayPass(error.cause),
      onFailedAttempt: async ({ error: { cause }, retriesLeft }) => {
        if (retriesLeft === 0 || !mayPass(cause)) return;
        onPause(cause);
        await wait(retryAfterMs(cause) ?? 0, undefined, { signal: this.#stopping.signal });
      },
    });
  }

  async #translating<Result>(sql: string, work: () => Promise<Result>): Promise<Result> {
    try {
      return await work();
    } catch (error) {
      if (this.#stopping.signal.aborted) throw closedError(error);
      throw toSyncError(error instanceof DriverError ? error.cause : error, sql);
    }
  }
}

/** Whether trying again can help; what is translated already has been tried often enough. */
const mayPass = (cause: unknown): boolean =>
  !(cause instanceof SyncError) && (isTransient(cause) || isLostSession(cause) || isWriteConflict(cause));

/** What the driver threw, as an `Error`: some of it is none. */
class DriverError extends Error {}

function toThrowable(cause: unknown): never {
  throw new DriverError(messageOf(cause), { cause });
}

type Schema = Awaited<ReturnType<Operation['getSchema']>>;

const typeNames = new Map<number, string>(
  Object.entries(thrift.TCLIService_types.TTypeId).map(([name, id]) => [Number(id), name]),
);

function toColumns(schema: Schema): ResultColumn[] {
  return (schema?.columns ?? []).map(({ columnName, typeDesc }) => ({
    name: columnName,
    type: typeNames.get(Number(typeDesc.types[0]?.primitiveEntry?.type)) ?? '',
  }));
}
