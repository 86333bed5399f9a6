import { createTableSql } from '../../middleware/src/adapters/databricks/databricksTypes.ts';
import { applyViews } from '../../middleware/src/planning/applyViews.ts';
import { describeViews } from '../../middleware/src/planning/describeViews.ts';
import { withSourceViews } from '../../middleware/src/planning/sourceViews.ts';
import type { SqlFiles } from '../../middleware/src/planning/sqlFiles.ts';
import { viewRegistry } from '../../middleware/src/planning/warehouseTables.ts';
import { textLiteral, validName } from '../../middleware/src/ports/identifiers.ts';
import type { Row, Warehouse } from '../../middleware/src/ports/warehouse.ts';
import type { BundleTarget } from './readTargets.ts';

/** The statements of the job, by the file that holds them. */
export interface InstallSql {
  readonly functions: string[];
  readonly tables: string[];
  readonly views: string[];
  readonly registry: string[];
}

/**
 * What `applyViews` says to a Databricks warehouse that holds nothing yet, in its order: so the bundle and the API cannot
 * come to differ. The registry, which the API fills with hashes that it has computed, is filled by SQL.
 */
export async function installSql(target: BundleTarget, files: SqlFiles): Promise<InstallSql> {
  const ownFiles = withSourceViews(files, target.sourceNames);
  const said: InstallSql = { functions: [], tables: [], views: [], registry: [] };
  const warehouse = listener(target, said, Object.keys(ownFiles.seed));
  await applyViews(warehouse, ownFiles);
  said.registry.push(registrySql(warehouse, await describeViews(warehouse, ownFiles)));
  return said;
}

/** A warehouse that does nothing and notes what it would send, as the adapter of Databricks words it. */
function listener(
  { catalog, schema }: Pick<BundleTarget, 'catalog' | 'schema'>,
  said: InstallSql,
  seeds: readonly string[],
): Warehouse {
  const name = (object: string): string => validName(`${catalog}.${schema}.${object}`);
  const note = (part: keyof InstallSql, statement: string): Promise<void> => {
    said[part].push(statement);
    return Promise.resolve();
  };
  const refuse = (): never => {
    throw new Error('Applying the views does more than the bundle knows of.');
  };
  return {
    dialect: 'databricks',
    catalog: validName(catalog),
    schema: validName(schema),
    name,
    query: () => Promise.resolve([]),
    // Functions come first, views after the tables that they read.
    execute: (sql) => note(said.tables.length === 0 ? 'functions' : 'views', sql),
    replaceTable: (object, selectSql) =>
      note(
        seeds.includes(object) ? 'tables' : 'views',
        `create or replace table ${name(object)} as\n${selectSql}`,
      ),
    createTable: (table) => note('tables', createTableSql(name(table.name), table)),
    mergeRows: (table) => (table === viewRegistry ? Promise.resolve(0) : refuse()),
    stream: refuse,
    appendRows: refuse,
    health: refuse,
    close: () => Promise.resolve(),
  };
}

/** Records what was applied, as `describeViews` would, from what the warehouse then says of its views. */
function registrySql(warehouse: Warehouse, rows: readonly Row[]): string {
  const values = rows.map(
    ({ object, repository_hash: hash }) =>
      `            (${textLiteral(String(object))}, ${textLiteral(String(hash))})`,
  );
  return `create or replace table ${warehouse.name(viewRegistry.name)} as
with texts as (
    select *
    from (
        values
${values.join(',\n')}
    ) as given (object, repository_hash)
),

definitions as (
    select
        table_name,
        view_definition
    from system.information_schema.views
    where table_catalog = ${textLiteral(warehouse.catalog)} and table_schema = ${textLiteral(warehouse.schema)}
)

select
    texts.object,
    texts.repository_hash,
    sha2(definitions.view_definition, 256) as warehouse_hash
from texts
left join definitions on definitions.table_name = texts.object`;
}
