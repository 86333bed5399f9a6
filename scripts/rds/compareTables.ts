import type { Client } from 'pg';
import { nearestNames } from '../../middleware/src/planning/nearestNames.ts';
import type { ColumnType } from '../../middleware/src/ports/warehouse.ts';
import type { RdsTable } from './rdsTables.ts';

/** A table of the contract and the schema it is expected in. */
export interface ExpectedTable {
  readonly schema: string;
  readonly table: RdsTable;
}

interface FoundColumn {
  readonly table_name: string;
  readonly column_name: string;
  readonly data_type: string;
  readonly is_readable: boolean;
}

/** Types as `information_schema` names them; those of extensions and enumerations are USER-DEFINED. */
const textTypes = [
  'character varying',
  'text',
  'character',
  'uuid',
  'json',
  'jsonb',
  'tsvector',
  'USER-DEFINED',
];
const acceptedTypes: Readonly<Partial<Record<ColumnType, readonly string[]>>> = {
  string: textTypes,
  boolean: ['boolean'],
  integer: ['integer', 'smallint'],
  timestamp: ['timestamp with time zone', 'timestamp without time zone'],
};

/** The catalogue and the tall tables may number their rows; no other text may be a number: a ZIP would lose its zeros. */
const numberedTables = new Set(['features', 'property_features', 'property_feature_events']);

/** Compares the tables with the contract of docs/domain.md §3; one sentence for each difference, none if all is well. */
export async function compareTables(client: Client, expected: readonly ExpectedTable[]): Promise<string[]> {
  const findings: string[] = [];
  for (const { schema, table } of expected) {
    const { rows } = await client.query<FoundColumn>(
      `select table_name, column_name, data_type,
         has_column_privilege(format('%I.%I', table_schema, table_name), column_name, 'select') as is_readable
       from information_schema.columns
       where table_schema = $1 and table_name = $2`,
      [schema, table.file],
    );
    findings.push(...compareTable(`${schema}.${table.file}`, table, rows));
  }
  return findings;
}

function compareTable(name: string, { file, columns }: RdsTable, found: readonly FoundColumn[]): string[] {
  if (found.length === 0) return [`${name} is not there, or this user may not see it.`];
  const byName = new Map(found.map((column) => [column.column_name, column]));
  return Object.entries(columns).flatMap(([column, type]) => {
    const actual = byName.get(column);
    const types = acceptedIn(file, column, type);
    const expected = type === 'string' ? 'text of any type' : types.join(' or ');
    if (actual === undefined) {
      const near = nearestNames(column, [...byName.keys()]);
      const hint = near.length === 0 ? '' : `; nearest: ${near.join(', ')}`;
      return [`${name}.${column} is not there; expected ${expected}${hint}.`];
    }
    if (!types.includes(actual.data_type)) {
      return [`${name}.${column} is ${actual.data_type}; expected ${expected}.`];
    }
    return actual.is_readable ? [] : [`${name}.${column} may not be read by this user; grant it SELECT.`];
  });
}

function acceptedIn(file: string, column: string, type: ColumnType): readonly string[] {
  const types = acceptedTypes[type] ?? [];
  return column === 'id' && numberedTables.has(file) ? [...types, 'integer', 'bigint'] : types;
}
