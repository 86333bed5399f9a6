import { createTableSql } from '../../middleware/src/adapters/databricks/databricksTypes.ts';
import { orderByReference } from '../../middleware/src/planning/orderByReference.ts';
import { defaultSourceNames, sourceTables } from '../../middleware/src/planning/sourceContract.ts';
import { withSourceViews } from '../../middleware/src/planning/sourceViews.ts';
import { renderSql, splitStatements, type SqlFiles } from '../../middleware/src/planning/sqlFiles.ts';
import { warehouseTables } from '../../middleware/src/planning/warehouseTables.ts';
import type { ColumnType } from '../../middleware/src/ports/warehouse.ts';
import type { Act } from './acts.ts';
import type { Place } from './relations.ts';

/** What `judge.py` is told to do. */
export interface SparkJob {
  readonly settings: Readonly<Record<string, string>>;
  readonly statements: readonly { readonly name: string; readonly sql: string }[];
}

/** A table and the parquet file that holds its rows. */
export interface TableFile {
  readonly path: string;
  readonly table: (place: Place) => string;
  readonly columns: Readonly<Record<string, ColumnType>>;
}

export const sparkPlace: Place = {
  catalog: 'spark_catalog',
  schema: 'property_sync',
  sourceTable: (name) => name.replace(/^\w+/, 'spark_catalog'),
};

/** The tables of the source and of the product, each with its file in `directory`. */
export function tableFiles(directory: string): TableFile[] {
  const path = (name: string): string => `${directory}/${name}.parquet`;
  return [
    ...Object.values(sourceTables).map(({ file, table, columns }) => ({
      path: path(file),
      table: (place: Place) => place.sourceTable(table),
      columns,
    })),
    ...warehouseTables.map(({ name, columns }) => ({
      path: path(name),
      table: ({ catalog, schema }: Place) => `${catalog}.${schema}.${name}`,
      columns,
    })),
  ];
}

/** The directory into which Spark writes the rows of a relation. */
export const answerDirectory = (directory: string, act: Pick<Act, 'name'>, relation: string): string =>
  `${directory}/answers/${act.name}/${relation}`;

/**
 * Everything Spark does: it makes the functions, tables, views and snapshots of the product as a Databricks warehouse
 * would get them, loads the rows from the files, plays the acts, and writes the rows of every relation to a directory of
 * parquet files.
 */
export function sparkJob(files: SqlFiles, acts: readonly Act[], directory: string): SparkJob {
  const sourceNames = Object.fromEntries(
    Object.entries(defaultSourceNames).map(([source, { table }]) => [
      source,
      { table: sparkPlace.sourceTable(table) },
    ]),
  ) as typeof defaultSourceNames;
  const sparkFiles = withSourceViews(files, sourceNames);
  const tables = tableFiles(directory);
  const home = `${sparkPlace.catalog}.${sparkPlace.schema}`;
  const schemas = new Set([home, ...tables.map(({ table }) => table(sparkPlace).replace(/\.\w+$/, ''))]);
  const statement = (name: string, sql: string): SparkJob['statements'][number] => ({ name, sql });
  return {
    settings: sparkSettings(directory),
    statements: [
      ...[...schemas].map((schema) => statement(`schema ${schema}`, `create schema ${schema}`)),
      statement('use the schema', `use ${home}`),
      ...splitStatements(renderSql(files.preludes.databricks, sparkPlace)).map((sql, index) =>
        statement(`function ${index + 1} of the prelude`, sql),
      ),
      ...tables.flatMap(({ path, table, columns }) => {
        const name = table(sparkPlace);
        const names = Object.keys(columns).join(', ');
        return [
          statement(`table ${name}`, createTableSql(name, { columns })),
          statement(`rows of ${name}`, `insert into ${name} select ${names} from parquet.\`${path}\``),
        ];
      }),
      ...Object.entries(sparkFiles.seed).map(([name, text]) =>
        statement(`seed ${name}`, `create table ${home}.${name} as\n${renderSql(text, sparkPlace)}`),
      ),
      ...orderByReference({ ...sparkFiles.views, ...sparkFiles.snapshots }).map(([name, text]) => {
        const sql = renderSql(text, sparkPlace);
        return name in sparkFiles.views
          ? statement(`view ${name}`, sql)
          : statement(`snapshot ${name}`, `create table ${home}.${name} as\n${sql}`);
      }),
      ...acts.flatMap((act) => [
        ...act.statements(sparkPlace).map((sql) => statement(`rows that are ${act.name}`, sql)),
        ...act.relations.map(({ name, select }) =>
          statement(
            `${act.name} ${name}`,
            `insert overwrite directory '${answerDirectory(directory, act, name)}' using parquet\n${select(sparkPlace)}`,
          ),
        ),
      ]),
    ],
  };
}

/** What a Databricks warehouse does by default, and what a machine of two cores and 2 GB needs. */
function sparkSettings(directory: string): Record<string, string> {
  return {
    'spark.sql.ansi.enabled': 'true',
    'spark.sql.session.timeZone': 'UTC',
    // Instants as parquet's instants, which other readers take for what they are.
    'spark.sql.parquet.outputTimestampType': 'TIMESTAMP_MICROS',
    'spark.sql.warehouse.dir': `${directory}/warehouse`,
    'spark.local.dir': `${directory}/spill`,
    'spark.master': 'local[2]',
    'spark.driver.memory': '2g',
    // Many small statements: what the thorough compiler gains comes too late.
    'spark.driver.extraJavaOptions': '-XX:TieredStopAtLevel=1 -XX:+UseSerialGC',
    'spark.driver.host': '127.0.0.1',
    'spark.driver.bindAddress': '127.0.0.1',
    'spark.sql.shuffle.partitions': '2',
    'spark.ui.enabled': 'false',
    'spark.ui.showConsoleProgress': 'false',
  };
}
