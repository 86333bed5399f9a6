/**
 * A value as every warehouse adapter returns it: integers of 32 bits as numbers and wider ones as bigints, decimals as
 * text, timestamps and dates as JS dates in UTC (a date at midnight).
 */
export type SqlValue = string | number | bigint | boolean | Date | null | readonly SqlValue[];
export type Row = Readonly<Record<string, SqlValue>>;
/** Named parameters, written `:name` in the statement. Lists go as one JSON text. */
export type SqlParameters = Readonly<Record<string, string | number | bigint | boolean | Date | null>>;

/** Types of the columns of tables that the product owns; each adapter renders them in its dialect. */
export type ColumnType = 'string' | 'boolean' | 'integer' | 'bigint' | 'date' | 'timestamp';

/** A table the product owns: its columns and the column that identifies a row. */
export interface TableDefinition {
  readonly name: string;
  readonly keyColumn: string;
  readonly columns: Readonly<Record<string, ColumnType>>;
}

/**
 * The place where the source lives and the views run. Statements are in the common subset of SQL (docs/warehouse.md).
 * Every method throws `SyncError` WAREHOUSE_UNAVAILABLE (retry), WAREHOUSE_UNAUTHORIZED or WAREHOUSE_QUERY_FAILED (do not).
 *
 * Rows that are written take the values that are read, and also a date as `YYYY-MM-DD` and a timestamp as ISO 8601
 * text with a zone; a column that a row does not name becomes NULL.
 */
export interface Warehouse {
  readonly dialect: 'duckdb' | 'databricks';
  /** Catalog and schema of the product's own objects: what `${catalog}` and `${schema}` stand for in the SQL files. */
  readonly catalog: string;
  readonly schema: string;
  /** The qualified, validated name of an object of the product's schema. Throws on anything but an identifier. */
  name(object: string): string;
  /** Runs one statement that reads, and returns all its rows: for results known to be small. */
  query(sql: string, parameters?: SqlParameters): Promise<Row[]>;
  /** Runs one statement and yields its rows in chunks, from one snapshot, with bounded memory; to be read to the end or left. */
  stream(sql: string, parameters?: SqlParameters): AsyncIterable<Row[]>;
  /** Runs one statement that returns no rows and may be repeated: it must do nothing the second time. */
  execute(sql: string, parameters?: SqlParameters): Promise<void>;
  /** Must replace the table by the result of the query so that a reader sees the old or the new rows, never a part. */
  replaceTable(object: string, selectSql: string): Promise<void>;
  /** Creates the table if it is missing. */
  createTable(table: TableDefinition): Promise<void>;
  /**
   * Must insert or replace rows by key, all or none, and return how many rows it was given. Of rows with one key the
   * last one counts. With `replaceAll` rows that are not given are gone afterwards.
   */
  mergeRows(
    table: TableDefinition,
    rows: AsyncIterable<readonly Row[]>,
    options?: { replaceAll: boolean },
  ): Promise<number>;
  /** Must append the rows whose key is not there yet, so that a repeated call adds nothing. */
  appendRows(table: TableDefinition, rows: readonly Row[]): Promise<void>;
  /** Answers whether the warehouse takes queries now, without waiting for one that sleeps. */
  health(): Promise<{ isReady: boolean; detail: string }>;
  /** Stops what runs and lets go of the warehouse; every later call fails. */
  close(): Promise<void>;
}
