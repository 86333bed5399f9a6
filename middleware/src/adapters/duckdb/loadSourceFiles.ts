import { createReadStream } from 'node:fs';
import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { SyncError } from '../../errors.ts';
import type { TableDefinition, Warehouse } from '../../ports/warehouse.ts';
import { duckDbTypes } from './duckdbTypes.ts';
import { textLiteral, validName } from '../../ports/identifiers.ts';

/** A file of rows and the table it is loaded into; `table` is qualified, the columns are those the file must have. */
export interface SourceFile {
  readonly file: string;
  readonly table: string;
  readonly columns: TableDefinition['columns'];
}

/**
 * Loads one file per table, `<file>.parquet` or `<file>.csv`, from a readable directory of the warehouse, replacing
 * the tables. In CSV an empty field is NULL and `""` is the empty text. Throws SOURCE_INVALID, naming the file or
 * the columns, if one is missing.
 */
export async function loadSourceFiles(
  warehouse: Pick<Warehouse, 'execute'>,
  directory: string,
  files: readonly SourceFile[],
): Promise<void> {
  for (const { file, table, columns } of files) {
    const parquet = join(directory, `${file}.parquet`);
    const csv = join(directory, `${file}.csv`);
    const source = (await exists(parquet))
      ? `read_parquet(${textLiteral(parquet)})`
      : await csvReader(csv, columns);
    const values = Object.entries(columns).map(
      ([column, type]) => `cast(${validName(column)} as ${duckDbTypes[type]}) as ${column}`,
    );
    await warehouse.execute(
      `create or replace table ${validName(table)} as select ${values.join(', ')} from ${source}`,
    );
  }
}

/** Types go by position in DuckDB, so they are given in the order of the file's header. */
async function csvReader(path: string, columns: SourceFile['columns']): Promise<string> {
  const header = (await firstLine(path)).split(',').map((name) => name.replaceAll('"', ''));
  const missing = Object.keys(columns).filter((column) => !header.includes(column));
  if (missing.length > 0) {
    throw new SyncError('SOURCE_INVALID', `${path} lacks the columns ${missing.join(', ')}.`);
  }
  const types = header.map((name) => {
    const type = columns[name];
    return `${textLiteral(name)}: ${textLiteral(type === undefined ? 'varchar' : duckDbTypes[type])}`;
  });
  return `read_csv(${textLiteral(path)}, auto_detect = false, header = true, delim = ',', quote = '"', escape = '"',
    nullstr = '', allow_quoted_nulls = false, columns = {${types.join(', ')}})`;
}

async function firstLine(path: string): Promise<string> {
  if (!(await exists(path))) {
    throw new SyncError('SOURCE_INVALID', `There is neither ${path} nor a .parquet file beside it.`);
  }
  const input = createReadStream(path, 'utf8');
  try {
    for await (const line of createInterface({ input })) return line;
    return '';
  } finally {
    input.destroy();
  }
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
