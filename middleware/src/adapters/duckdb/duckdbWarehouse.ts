import { setTimeout } from 'node:timers/promises';
import type { DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import pRetry from 'p-retry';
import type { SyncError } from '../../errors.ts';
import type { Row, SqlParameters, TableDefinition, Warehouse } from '../../ports/warehouse.ts';
import { closedError, isWriteConflict, toSyncError } from './duckdbErrors.ts';
import { columnList } from './duckdbTypes.ts';
import { toDuckDbParameterValues, toSqlValue } from './duckdbValues.ts';
import { validName } from '../../ports/identifiers.ts';
import { toDuckDbParameters } from './namedParameters.ts';
import { openDuckDb, type DuckDbOptions, type OpenDuckDb } from './openDuckDb.ts';
import { stagedTable, stageRows } from './stageRows.ts';

const interruptAgainMs = 20;

/** Opens the embedded warehouse. Throws STORE_IN_USE if another process has its files. */
export async function openDuckDbWarehouse(options: DuckDbOptions = {}): Promise<DuckDbWarehouse> {
  return new DuckDbWarehouse(await openDuckDb(options));
}

/** The warehouse embedded in this process. Statements run on threads of DuckDB, each on a connection of its own. */
export class DuckDbWarehouse implements Warehouse {
  readonly dialect = 'duckdb';
  readonly catalog = 'crm';
  readonly schema = 'property_sync';
  readonly #instance: DuckDBInstance;
  readonly #idle: DuckDBConnection[] = [];
  readonly #busy = new Map<DuckDBConnection, Promise<void>>();
  /** The last write of each table: two at once would see each other's rows as missing and double them. */
  readonly #writes = new Map<string, Promise<unknown>>();
  readonly #release: () => void;
  #isClosed = false;

  constructor({ instance, release }: OpenDuckDb) {
    this.#instance = instance;
    this.#release = release;
  }

  name(object: string): string {
    return `${this.catalog}.${this.schema}.${validName(object)}`;
  }

  async query(sql: string, parameters?: SqlParameters): Promise<Row[]> {
    return this.#withConnection(sql, async (connection) => {
      const result = await connection.run(...statement(sql, parameters));
      return result.convertRowObjects(toSqlValue);
    });
  }

  async *stream(sql: string, parameters?: SqlParameters): AsyncIterable<Row[]> {
    const lease = await this.#lease();
    let isRead = false;
    try {
      const result = await lease.connection.stream(...statement(sql, parameters));
      yield* result.yieldConvertedRowObjects(toSqlValue);
      isRead = true;
    } catch (error) {
      throw this.#translate(error, sql);
    } finally {
      // A stream left early stays open on its connection, so that connection is not used again.
      lease.release({ isReusable: isRead });
    }
  }

  async execute(sql: string, parameters?: SqlParameters): Promise<void> {
    await this.#write(sql, async (connection) => {
      await connection.run(...statement(sql, parameters));
    });
  }

  async replaceTable(object: string, selectSql: string): Promise<void> {
    await this.execute(`create or replace table ${this.name(object)} as\n${selectSql}`);
  }

  async createTable(table: TableDefinition): Promise<void> {
    await this.execute(`create table if not exists ${this.name(table.name)} (${columnList(table.columns)})`);
  }

  async mergeRows(
    table: TableDefinition,
    rows: AsyncIterable<readonly Row[]>,
    options = { replaceAll: false },
  ): Promise<number> {
    const target = this.name(table.name);
    const key = validName(table.keyColumn);
    const lastOfEachKey = `select * from ${stagedTable} where rowid in (select max(rowid) from ${stagedTable} group by ${key})`;
    const statements = options.replaceAll
      ? [`create or replace table ${target} as ${lastOfEachKey}`]
      : [
          `delete from ${target} where ${key} in (select ${key} from ${stagedTable})`,
          `insert into ${target} by name ${lastOfEachKey}`,
        ];
    return this.#writeStaged(table, rows, statements);
  }

  async appendRows(table: TableDefinition, rows: readonly Row[]): Promise<void> {
    const target = this.name(table.name);
    const key = validName(table.keyColumn);
    await this.#writeStaged(
      table,
      [rows],
      [
        `insert into ${target} by name
         select * from ${stagedTable}
         where rowid in (select min(rowid) from ${stagedTable} group by ${key})
           and ${key} not in (select ${key} from ${target} where ${key} is not null)`,
      ],
    );
  }

  async health(): Promise<{ isReady: boolean; detail: string }> {
    try {
      await this.query('select 1 as one');
      return { isReady: true, detail: 'DuckDB, embedded' };
    } catch (error) {
      return { isReady: false, detail: error instanceof Error ? error.message : String(error) };
    }
  }

  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    // An interrupt is lost on a connection whose statement has not started yet, so it is repeated.
    while (this.#busy.size > 0) {
      for (const connection of this.#busy.keys()) connection.interrupt();
      await Promise.race([Promise.all(this.#busy.values()), setTimeout(interruptAgainMs)]);
    }
    for (const connection of this.#idle) connection.disconnectSync();
    this.#instance.closeSync();
    this.#release();
  }

  /** Stages the rows, then runs the statements in one transaction, again if another writer came between. */
  async #writeStaged(
    table: TableDefinition,
    rows: AsyncIterable<readonly Row[]> | Iterable<readonly Row[]>,
    statements: readonly string[],
  ): Promise<number> {
    return this.#withConnection(table.name, async (connection) => {
      try {
        const count = await stageRows(connection, table, rows);
        await this.#afterOthers(table, () => retryConflicts(() => inTransaction(connection, statements)));
        return count;
      } finally {
        await connection.run(`drop table if exists ${stagedTable}`);
      }
    });
  }

  /** Runs the write when the earlier ones of the same table have ended, however they ended. */
  async #afterOthers(table: TableDefinition, write: () => Promise<void>): Promise<void> {
    const turn = (this.#writes.get(table.name) ?? Promise.resolve()).catch(() => undefined).then(write);
    this.#writes.set(table.name, turn);
    await turn;
  }

  async #write(sql: string, work: (connection: DuckDBConnection) => Promise<void>): Promise<void> {
    await this.#withConnection(sql, (connection) => retryConflicts(() => work(connection)));
  }

  async #withConnection<T>(sql: string, work: (connection: DuckDBConnection) => Promise<T>): Promise<T> {
    const lease = await this.#lease();
    try {
      return await work(lease.connection);
    } catch (error) {
      throw this.#translate(error, sql);
    } finally {
      lease.release({ isReusable: true });
    }
  }

  async #lease(): Promise<{
    connection: DuckDBConnection;
    release: (options: { isReusable: boolean }) => void;
  }> {
    this.#assertOpen();
    const connection = this.#idle.pop() ?? (await this.#connect());
    this.#assertOpen();
    let settle = (): void => undefined;
    this.#busy.set(connection, new Promise((resolve) => (settle = resolve)));
    const release = ({ isReusable }: { isReusable: boolean }): void => {
      this.#busy.delete(connection);
      if (isReusable && !this.#isClosed) this.#idle.push(connection);
      else connection.disconnectSync();
      settle();
    };
    return { connection, release };
  }

  #assertOpen(): void {
    if (this.#isClosed) throw closedError();
  }

  #translate(error: unknown, sql: string): SyncError {
    return this.#isClosed ? closedError(error) : toSyncError(error, sql);
  }

  /** Names of functions are looked up in the product's schema, where the prelude lives. */
  async #connect(): Promise<DuckDBConnection> {
    const connection = await this.#instance.connect();
    await connection.run(`use ${this.catalog}.${this.schema}`);
    return connection;
  }
}

function statement(sql: string, parameters?: SqlParameters): Parameters<DuckDBConnection['run']> {
  return parameters === undefined ? [sql] : [toDuckDbParameters(sql), toDuckDbParameterValues(parameters)];
}

async function inTransaction(connection: DuckDBConnection, statements: readonly string[]): Promise<void> {
  await connection.run('begin');
  try {
    for (const sql of statements) await connection.run(sql);
    await connection.run('commit');
  } catch (error) {
    // A failed commit has rolled back by itself; a second rollback would hide the cause.
    await connection.run('rollback').catch(() => undefined);
    throw error;
  }
}

function retryConflicts<T>(work: () => Promise<T>): Promise<T> {
  return pRetry(work, {
    retries: 8,
    minTimeout: 10,
    randomize: true,
    shouldRetry: ({ error }) => isWriteConflict(error),
  });
}
