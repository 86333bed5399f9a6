import type { DuckDBInstance } from '@duckdb/node-api';
import { loadSourceFiles } from '../../middleware/src/adapters/duckdb/loadSourceFiles.ts';
import { openDuckDb } from '../../middleware/src/adapters/duckdb/openDuckDb.ts';
import { readSqlFiles } from '../../middleware/src/adapters/sqlFiles/readSqlFiles.ts';
import { sourceTables } from '../../middleware/src/planning/sourceContract.ts';
import { renderSql } from '../../middleware/src/planning/sqlFiles.ts';

/** The product's place in the warehouse, and the schema of a session that names none. */
export const productPlace = { catalog: 'crm', schema: 'property_sync' };

const own = "('memory', 'system', 'temp')";

/** The catalogs as Databricks describes them: only those of the warehouse, and types by the names of Spark. */
const informationSchema = `
create view memory.main.tables as
  select * from system.information_schema.tables where table_catalog not in ${own};
create view memory.main.views as
  select * from system.information_schema.views where table_catalog not in ${own};
create view memory.main.columns as
  select * replace (
    case
      when data_type = 'VARCHAR' then 'STRING'
      when data_type = 'INTEGER' then 'INT'
      when data_type = 'TIMESTAMP WITH TIME ZONE' then 'TIMESTAMP'
      when data_type = 'TIMESTAMP' then 'TIMESTAMP_NTZ'
      when data_type like '%[]' then 'ARRAY'
      else data_type
    end as data_type
  )
  from system.information_schema.columns where table_catalog not in ${own};`;

/**
 * Opens the catalogs that the embedded warehouse has, with the functions of Spark that DuckDB lacks, and loads the files
 * of `sourceDir` into the source tables. Statements read files only there and in `filesDir`.
 */
export async function openCatalogs(
  filesDir: string,
  { directory, sourceDir }: { readonly directory?: string; readonly sourceDir?: string },
): Promise<{ instance: DuckDBInstance; close: () => void }> {
  const { instance, release } = await openDuckDb({
    readableDirectories: sourceDir === undefined ? [filesDir] : [filesDir, sourceDir],
    ...(directory === undefined ? {} : { directory }),
  });
  const close = (): void => {
    instance.closeSync();
    release();
  };
  try {
    const connection = await instance.connect();
    await connection.run(informationSchema);
    await connection.run(`use ${productPlace.catalog}.${productPlace.schema}`);
    await connection.run(renderSql((await readSqlFiles()).preludes.duckdb, productPlace));
    if (sourceDir !== undefined) {
      const execute = async (sql: string): Promise<void> => {
        await connection.run(sql);
      };
      await loadSourceFiles({ execute }, sourceDir, Object.values(sourceTables));
    }
    connection.disconnectSync();
    return { instance, close };
  } catch (error) {
    close();
    throw error;
  }
}
