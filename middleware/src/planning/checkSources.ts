import { SyncError } from '../errors.ts';
import type { ColumnType, Warehouse } from '../ports/warehouse.ts';
import { nearestNames } from './nearestNames.ts';
import { sourceTables, type SourceNames } from './sourceContract.ts';
import { identifier, sourceViews, type SourceView } from './sourceViews.ts';

/** Types of the warehouses that a column of the contract may have there. */
const acceptedTypes: Readonly<Record<ColumnType, RegExp>> = {
  string: /^(VARCHAR|STRING|TEXT|CHAR|UUID)/,
  // Normalised by the generated view (docs/domain.md §3.5 D18).
  boolean: /^(BOOLEAN|TINYINT|SMALLINT|INT|INTEGER|BIGINT|VARCHAR|STRING)/,
  integer: /^(TINYINT|SMALLINT|INT|INTEGER)$/,
  bigint: /^(TINYINT|SMALLINT|INT|INTEGER|BIGINT|LONG)$/,
  date: /^DATE$/,
  timestamp: /^TIMESTAMP WITH TIME ZONE$/,
};

/** On Databricks a plain TIMESTAMP is an instant; in DuckDB it has no zone and would be read in the wrong one. */
const databricksTimestamp = /^TIMESTAMP(_LTZ)?$/;

/**
 * Describes every configured source and compares it with the contract of docs/domain.md §3: call it before anything
 * else runs. Throws SOURCE_INVALID with one line per missing table, missing column or wrong type, and the nearest names.
 */
export async function checkSources(warehouse: Warehouse, names: SourceNames): Promise<void> {
  const findings: string[] = [];
  for (const view of sourceViews) findings.push(...(await checkSource(warehouse, view, names)));
  if (findings.length === 0) return;
  throw new SyncError('SOURCE_INVALID', `The source differs from its contract: ${findings.join(' ')}`, {
    details: findings,
  });
}

async function checkSource(warehouse: Warehouse, view: SourceView, names: SourceNames): Promise<string[]> {
  const location = names[view.source];
  const [catalog = '', schema = '', table = ''] = location.table.split('.').map(identifier);
  const columns = await warehouse.query(
    `select column_name, data_type
     from system.information_schema.columns
     where table_catalog = :catalog and table_schema = :schema and table_name = :table`,
    { catalog, schema, table },
  );
  if (columns.length === 0) return [await missingTable(warehouse, location.table, table)];
  const types = new Map(columns.map((row) => [String(row['column_name']), String(row['data_type'])]));
  const contract: Readonly<Record<string, ColumnType>> = sourceTables[view.source].columns;
  return view.columns.flatMap((column) => {
    const own = identifier(location.columns?.[column] ?? column);
    const type = types.get(own);
    const expected = contract[column] ?? 'string';
    if (type === undefined) {
      return [`${location.table} has no column ${own}${didYouMean(nearestNames(own, [...types.keys()]))}`];
    }
    return isAccepted(warehouse, type.toUpperCase(), expected)
      ? []
      : [`${location.table}.${own} is ${type}, not ${expected}.`];
  });
}

async function missingTable(warehouse: Warehouse, qualified: string, table: string): Promise<string> {
  const rows = await warehouse.query(
    `select table_catalog, table_schema, table_name
     from system.information_schema.tables
     where table_schema <> 'information_schema'`,
  );
  const known = rows.map((row) =>
    [row['table_catalog'], row['table_schema'], row['table_name']].map(String).join('.'),
  );
  const near = nearestNames(table, known, (name) => name.split('.').at(-1) ?? name);
  return `There is no table ${qualified}${didYouMean(near)}`;
}

function isAccepted(warehouse: Warehouse, type: string, expected: ColumnType): boolean {
  const isInstant =
    expected === 'timestamp' && warehouse.dialect === 'databricks' && databricksTimestamp.test(type);
  return isInstant || acceptedTypes[expected].test(type);
}

function didYouMean(names: readonly string[]): string {
  return names.length === 0 ? '.' : `; nearest: ${names.join(', ')}.`;
}
