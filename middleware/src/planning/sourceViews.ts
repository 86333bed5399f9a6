import { wideTablePrefixes } from '../contracts/fieldMap.ts';
import { SyncError } from '../errors.ts';
import type { ColumnType } from '../ports/warehouse.ts';
import { sourceTables, type SourceName, type SourceNames } from './sourceContract.ts';
import type { SqlFiles } from './sqlFiles.ts';

/** A view that binds a configured source once, so that the product's views know only this name. */
export interface SourceView {
  readonly name: string;
  readonly grain: string;
  readonly source: SourceName;
  /** Columns of the source contract that the views read. */
  readonly columns: readonly string[];
}

const wideColumns = Object.values(wideTablePrefixes).flatMap((prefix) => [
  `${prefix}_enabled`,
  `${prefix}_enabled_at`,
  `${prefix}_updated_at`,
]);

export const sourceViews: readonly SourceView[] = [
  {
    name: 'source_properties',
    grain: 'One row per row of the RDS table of properties, as landed.',
    source: 'properties',
    columns: [
      'id',
      'name',
      'address',
      'city',
      'state',
      'zip',
      'status',
      'inserted_at',
      'updated_at',
      'company_id',
      'short_id',
      'sfdc_id',
      '_fivetran_deleted',
      '_fivetran_synced',
    ],
  },
  {
    name: 'source_companies',
    grain: 'One row per row of the RDS table of companies, as landed.',
    source: 'companies',
    columns: ['id', 'name', '_fivetran_deleted'],
  },
  {
    name: 'source_property_feature_rows',
    grain: 'One row per row of the wide feature table: several rows per property.',
    source: 'wideFeatures',
    columns: ['property_id', 'product_property_id', ...wideColumns],
  },
];

/** Adds the views that bind the configured sources to the files of the product. Throws CONFIG_INVALID on a bad name. */
export function withSourceViews(files: SqlFiles, names: SourceNames): SqlFiles {
  const generated = sourceViews.map((view) => [view.name, renderSourceView(view, names)] as const);
  return { ...files, views: { ...files.views, ...Object.fromEntries(generated) } };
}

/** Renders a source view as a statement with the placeholders of the SQL files. Throws CONFIG_INVALID on a bad name. */
export function renderSourceView(view: SourceView, names: SourceNames): string {
  const location = names[view.source];
  const types: Readonly<Record<string, ColumnType>> = sourceTables[view.source].columns;
  const columns = view.columns.map((column) => {
    const own = identifier(location.columns?.[column] ?? column);
    return `    ${typed(own, types[column])} as ${column}`;
  });
  return `-- ${view.grain}
create or replace view \${catalog}.\${schema}.${view.name} as
select
${columns.join(',\n')}
from ${location.table.split('.').map(identifier).join('.')}
`;
}

/** Booleans may land as boolean, 0/1 or text (docs/domain.md §3.5 D18); timestamps stay the instants they are. */
function typed(column: string, type: ColumnType | undefined): string {
  if (type === 'boolean') return `lower(trim(cast(${column} as string))) in ('true', '1')`;
  return type === 'string' ? `cast(${column} as string)` : column;
}

/** Names from the configuration become SQL, so nothing but a plain identifier passes. */
export function identifier(name: string): string {
  if (/^[A-Za-z_]\w{0,127}$/.test(name)) return name;
  throw new SyncError('CONFIG_INVALID', `"${name}" is not a name of a catalog, schema, table or column.`);
}
