import { textLiteral, validName } from '../../ports/identifiers.ts';
import type { TableDefinition } from '../../ports/warehouse.ts';
import { databricksTypes } from './databricksTypes.ts';

type Definition = Pick<TableDefinition, 'columns' | 'keyColumn'>;

const namesOf = ({ columns }: Definition): string[] => Object.keys(columns).map(validName);

/** The values of `given` as the column types of the table; they travel as text. */
const castsOf = ({ columns }: Definition): string =>
  Object.entries(columns)
    .map(([column, type]) => `cast(${validName(column)} as ${databricksTypes[type]}) as ${column}`)
    .join(', ');

/**
 * A select that yields the rows of the JSON array in the parameter `:rows`, in the column types of the table. A statement
 * takes at most 255 parameters, so all rows go as one. Values are cast here: from_json makes NULL of what it cannot read, a
 * cast refuses it.
 */
export function selectFromJson(table: Definition): string {
  const fields = ['row_position: bigint', ...namesOf(table).map((name) => `${name}: string`)].join(', ');
  return `select row_position, ${castsOf(table)}
from (
    select given.*
    from (select explode(from_json(:rows, 'array<struct<${fields}>>')) as given) as all_given
) as rows_of_json`;
}

/** The table in which rows that go in several statements wait for the one that makes them seen. */
export function stageOf(table: TableDefinition): TableDefinition {
  return { ...table, columns: { row_position: 'bigint', ...table.columns } };
}

/** Adds the batch in `:rows`, unless its first row, at `:firstPosition`, is there already. */
export function fillStageSql(stage: string, table: Definition): string {
  return `insert into ${stage}
select batch.*
from (${selectFromJson(table)}) as batch
where not exists (select 1 from ${stage} as staged where staged.row_position = :firstPosition)`;
}

/**
 * Takes in a file of JSON lines from a volume; a file that was taken in is not taken in again (COPY INTO,
 * docs.databricks.com/sql/language-manual/delta-copy-into.html).
 */
export function copyIntoStageSql(stage: string, table: Definition, volumeFile: string): string {
  return `copy into ${stage}
from (select cast(row_position as bigint) as row_position, ${castsOf(table)} from ${textLiteral(volumeFile)})
fileformat = json`;
}

/** Inserts and replaces by key; the last row of a key counts. */
export function mergeSql(target: string, table: Definition, source: string): string {
  const assignments = namesOf(table).map((name) => `${name} = given.${name}`);
  return `merge into ${target} as target
using (${onePerKey(table, source, 'desc')}) as given
on target.${validName(table.keyColumn)} = given.${validName(table.keyColumn)}
when matched then update set ${assignments.join(', ')}
${insertClause(table)}`;
}

/** Adds rows whose key is not there yet; the first row of a key counts. */
export function appendSql(target: string, table: Definition, source: string): string {
  return `merge into ${target} as target
using (${onePerKey(table, source, 'asc')}) as given
on target.${validName(table.keyColumn)} = given.${validName(table.keyColumn)}
${insertClause(table)}`;
}

/** Puts these rows in the place of all; readers see the old ones or the new ones. */
export function overwriteSql(target: string, table: Definition, source: string): string {
  return `create or replace table ${target} as\n${onePerKey(table, source, 'desc')}`;
}

function insertClause(table: Definition): string {
  const names = namesOf(table);
  return `when not matched then insert (${names.join(', ')}) values (${names.map((name) => `given.${name}`).join(', ')})`;
}

function onePerKey(table: Definition, source: string, direction: 'asc' | 'desc'): string {
  return `select ${namesOf(table).join(', ')}
from (
    select
        rows_given.*,
        row_number() over (partition by ${validName(table.keyColumn)} order by row_position ${direction}) as key_position
    from (${source}) as rows_given
) as numbered
where key_position = 1`;
}
