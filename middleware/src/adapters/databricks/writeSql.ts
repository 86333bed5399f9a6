import { validName } from '../../ports/identifiers.ts';
import type { TableDefinition } from '../../ports/warehouse.ts';
import { databricksTypes } from './databricksTypes.ts';

type Definition = Pick<TableDefinition, 'columns' | 'keyColumn'>;

const namesOf = ({ columns }: Definition): string[] => Object.keys(columns).map(validName);

/**
 * A select that yields the rows of the JSON array in the parameter `:rows`, in the column types of the table. A statement
 * takes at most 255 parameters, so all rows go as one. Values travel as text and are cast here: from_json makes NULL of
 * what it cannot read, a cast refuses it.
 */
export function selectFromJson(table: Definition): string {
  const casts = Object.entries(table.columns).map(
    ([column, type]) => `cast(given.${column} as ${databricksTypes[type]}) as ${column}`,
  );
  const fields = ['row_position: bigint', ...namesOf(table).map((name) => `${name}: string`)].join(', ');
  return `select given.row_position as row_position, ${casts.join(', ')}
from (select explode(from_json(:rows, 'array<struct<${fields}>>')) as given) as all_given`;
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
