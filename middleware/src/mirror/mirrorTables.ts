import { defaultFieldMap, keyMapping, type Normalizer } from '../contracts/fieldMap.ts';
import type { ColumnType, TableDefinition } from '../ports/warehouse.ts';

const columnTypes: Readonly<Partial<Record<Normalizer, ColumnType>>> = {
  boolean: 'boolean',
  date: 'date',
  integer: 'integer',
};

/** The columns of the field map, typed as the mirror and the queues hold them. */
const mappedColumns: Readonly<Record<string, ColumnType>> = Object.fromEntries(
  defaultFieldMap.map(({ column, normalizer }) => [column, columnTypes[normalizer] ?? 'string']),
);

/** The Salesforce staging rows as last read, recycle bin included; values as Salesforce gave them. */
export const productPropertyMirror: TableDefinition = {
  name: 'product_property_mirror',
  keyColumn: 'staging_id',
  columns: {
    staging_id: 'string',
    [keyMapping.column]: 'string',
    ...mappedColumns,
    production_id: 'string',
    last_synced_at: 'timestamp',
    sync_run_id: 'string',
    is_deleted: 'boolean',
    created_at: 'timestamp',
    last_modified_at: 'timestamp',
    last_modified_by: 'string',
    system_modstamp: 'timestamp',
  },
};

/** How far the mirror of an object reaches: `watermark` is the newest `SystemModstamp` seen. */
export const mirrorState: TableDefinition = {
  name: 'mirror_state',
  keyColumn: 'object',
  columns: {
    object: 'string',
    watermark: 'timestamp',
    refreshed_at: 'timestamp',
    reconciled_at: 'timestamp',
    row_count: 'integer',
  },
};
