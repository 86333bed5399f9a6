import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { DuckDBInstance } from '@duckdb/node-api';
import type { Columns, ColumnType } from './tables.ts';

const duckdbTypes: Readonly<Record<ColumnType, string>> = {
  text: 'VARCHAR',
  integer: 'INTEGER',
  boolean: 'BOOLEAN',
  timestamp: 'TIMESTAMPTZ',
  date: 'DATE',
};

/** Replaces a CSV file of a baseline by a Parquet file with the same rows and real types; returns its SHA-256. */
export async function csvToParquet(csvPath: string, columns: Columns): Promise<string> {
  const parquetPath = csvPath.replace(/\.csv$/, '.parquet');
  const types = Object.entries(columns).map(([name, type]) => `${quote(name)}: ${quote(duckdbTypes[type])}`);
  const instance = await DuckDBInstance.create();
  try {
    const connection = await instance.connect();
    // Only a bare empty field is NULL; the quoted one is the empty string.
    await connection.run(
      `copy (
         select * from read_csv(
           ${quote(csvPath)}, header = true, auto_detect = false, delim = ',', quote = '"', escape = '"',
           nullstr = '', allow_quoted_nulls = false, columns = {${types.join(', ')}}
         )
       ) to ${quote(parquetPath)} (format parquet, compression zstd)`,
    );
    connection.closeSync();
  } finally {
    instance.closeSync();
  }
  await rm(csvPath);
  const hash = createHash('sha256');
  await pipeline(createReadStream(parquetPath), hash);
  return hash.digest('hex');
}

function quote(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
