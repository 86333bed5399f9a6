import { validName } from '../../ports/identifiers.ts';
import type { Row, SqlParameters, TableDefinition, Warehouse } from '../../ports/warehouse.ts';
import { DatabricksConnection, type DatabricksOptions, type Operation } from './databricksConnection.ts';
import { createTableSql } from './databricksTypes.ts';
import { toRow, type ResultColumn } from './databricksValues.ts';
import { fillByFile, fillByParameters } from './fillStage.ts';
import { jsonBatches, toJsonArray, type JsonBatch } from './jsonBatches.ts';
import { spoolRows } from './spoolRows.ts';
import { appendSql, mergeSql, overwriteSql, selectFromJson, stageOf } from './writeSql.ts';

/** Rows that the driver hands over at once. */
const chunkRows = 5_000;

/** Nothing is opened yet: the warehouse is met when the first statement needs it, and may have to start then. */
export function openDatabricksWarehouse(options: DatabricksOptions): DatabricksWarehouse {
  return new DatabricksWarehouse(options);
}

/** A SQL warehouse of Databricks, by the official driver. Every write may be repeated: it adds nothing the second time. */
export class DatabricksWarehouse implements Warehouse {
  readonly dialect = 'databricks';
  readonly catalog: string;
  readonly schema: string;
  readonly #connection: DatabricksConnection;
  readonly #volume: string | undefined;
  /** The last write of each table: of two at once Delta would refuse one. */
  readonly #writes = new Map<string, Promise<unknown>>();

  constructor(options: DatabricksOptions) {
    this.catalog = validName(options.catalog);
    this.schema = validName(options.schema);
    this.#volume =
      options.volume === undefined
        ? undefined
        : `/Volumes/${this.catalog}/${this.schema}/${validName(options.volume)}`;
    this.#connection = new DatabricksConnection(options);
  }

  name(object: string): string {
    return `${this.catalog}.${this.schema}.${validName(object)}`;
  }

  async query(sql: string, parameters?: SqlParameters): Promise<Row[]> {
    return this.#connection.run(sql, parameters, async (operation, columns) => {
      const rows: Row[] = [];
      for await (const chunk of chunksOf(operation, columns)) rows.push(...chunk);
      return rows;
    });
  }

  async *stream(sql: string, parameters?: SqlParameters): AsyncIterable<Row[]> {
    const spooled = await this.#connection.run(sql, parameters, (operation, columns) =>
      spoolRows(chunksOf(operation, columns)),
    );
    try {
      yield* spooled.chunks;
    } finally {
      await spooled.remove();
    }
  }

  async execute(sql: string, parameters?: SqlParameters): Promise<void> {
    await this.#connection.run(sql, parameters, (operation) => operation.finished());
  }

  async replaceTable(object: string, selectSql: string): Promise<void> {
    const sql = `create or replace table ${this.name(object)} as\n${selectSql}`;
    await this.#afterOthers(object, () => this.execute(sql));
  }

  async createTable(table: TableDefinition): Promise<void> {
    await this.execute(createTableSql(this.name(table.name), table));
  }

  async mergeRows(
    table: TableDefinition,
    rows: AsyncIterable<readonly Row[]>,
    options = { replaceAll: false },
  ): Promise<number> {
    const target = this.name(table.name);
    const batches = jsonBatches(rows, table.columns);
    const first = await batches.next();
    const second = first.done === true ? first : await batches.next();
    if (first.done === true && !options.replaceAll) return 0;
    // One batch needs no stage; but no parameter may stand in the statement that replaces a table.
    if (first.done !== true && second.done === true && !options.replaceAll) {
      const sql = mergeSql(target, table, selectFromJson(table));
      await this.#afterOthers(table.name, () => this.execute(sql, { rows: toJsonArray(first.value) }));
      return first.value.lines.length;
    }
    const stage = this.name(`${table.name}_stage_${crypto.randomUUID().replaceAll('-', '')}`);
    try {
      await this.execute(createTableSql(stage, stageOf(table)));
      const all = resumed([first, second], batches);
      const rowCount =
        this.#volume === undefined || second.done === true
          ? await fillByParameters(this.#connection, { name: stage, table }, all)
          : await fillByFile(this.#connection, { name: stage, table }, all, this.#volume);
      const write = options.replaceAll ? overwriteSql : mergeSql;
      await this.#afterOthers(table.name, () => this.execute(write(target, table, `select * from ${stage}`)));
      return rowCount;
    } finally {
      // What is in the way of this was in the way of the write; nobody reads a stage that stays behind.
      await this.execute(`drop table if exists ${stage}`).catch(() => undefined);
    }
  }

  async appendRows(table: TableDefinition, rows: readonly Row[]): Promise<void> {
    const sql = appendSql(this.name(table.name), table, selectFromJson(table));
    for await (const batch of jsonBatches([rows], table.columns)) {
      await this.#afterOthers(table.name, () => this.execute(sql, { rows: toJsonArray(batch) }));
    }
  }

  /** Never wakes a warehouse that sleeps, unless it has not been met yet or did not open the last time. */
  async health(): Promise<{ isReady: boolean; detail: string }> {
    return this.#connection.health();
  }

  async close(): Promise<void> {
    await this.#connection.close();
  }

  /** Runs the write when the earlier ones of the same table have ended, however they ended. */
  async #afterOthers(table: string, write: () => Promise<void>): Promise<void> {
    const turn = (this.#writes.get(table) ?? Promise.resolve()).catch(() => undefined).then(write);
    this.#writes.set(table, turn);
    await turn;
  }
}

async function* resumed(
  begun: readonly IteratorResult<JsonBatch, void>[],
  rest: AsyncIterable<JsonBatch>,
): AsyncIterable<JsonBatch> {
  for (const result of begun) if (result.done !== true) yield result.value;
  yield* rest;
}

async function* chunksOf(operation: Operation, columns: readonly ResultColumn[]): AsyncIterable<Row[]> {
  do {
    const records = await operation.fetchChunk({ maxRows: chunkRows });
    if (records.length > 0) yield records.map((record) => toRow(record as Record<string, unknown>, columns));
  } while (await operation.hasMoreRows());
}
