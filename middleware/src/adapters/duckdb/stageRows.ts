import { setImmediate } from 'node:timers/promises';
import { DuckDBDataChunk, type DuckDBConnection } from '@duckdb/node-api';
import type { Row, TableDefinition } from '../../ports/warehouse.ts';
import { columnList } from './duckdbTypes.ts';
import { chunkTypes, toColumnValue } from './duckdbValues.ts';

/** What DuckDB's vectors hold. */
const chunkRows = 2_048;

/** The temporary table that `stageRows` fills; it belongs to its connection. */
export const stagedTable = 'temp.main.staged_rows';

/** Copies rows into the temporary table `staged_rows` of the connection, chunk by chunk, and returns their number. */
export async function stageRows(
  connection: DuckDBConnection,
  table: TableDefinition,
  rows: AsyncIterable<readonly Row[]> | Iterable<readonly Row[]>,
): Promise<number> {
  const columns = Object.entries(table.columns);
  const types = columns.map(([, type]) => chunkTypes[type]);
  await connection.run(`create or replace temporary table staged_rows (${columnList(table.columns)})`);
  const appender = await connection.createAppender('staged_rows', 'main', 'temp');
  let count = 0;
  try {
    for await (const batch of rows) {
      for (let start = 0; start < batch.length; start += chunkRows) {
        const part = batch.slice(start, start + chunkRows);
        const chunk = DuckDBDataChunk.create(types, part.length);
        chunk.setColumns(
          columns.map(([column, type]) => part.map((row) => toColumnValue(row[column], type))),
        );
        appender.appendDataChunk(chunk);
        count += part.length;
        await setImmediate(); // lets requests through between two chunks
      }
    }
  } finally {
    appender.closeSync();
  }
  return count;
}
