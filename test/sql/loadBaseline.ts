import { loadSourceFiles } from '../../middleware/src/adapters/duckdb/loadSourceFiles.ts';
import type { DuckDbWarehouse } from '../../middleware/src/adapters/duckdb/duckdbWarehouse.ts';
import { defaultFieldMap, lookupField, stampFields } from '../../middleware/src/contracts/fieldMap.ts';
import { productPropertyMirror } from '../../middleware/src/mirror/mirrorTables.ts';
import { sourceTables } from '../../middleware/src/planning/sourceContract.ts';
import type { ColumnType } from '../../middleware/src/ports/warehouse.ts';

/** Fields of the mirror's columns, as Salesforce calls them. */
const fieldsByColumn: Readonly<Record<string, string>> = {
  staging_id: 'Id',
  rds_property_id: 'RDS_Property_ID__c',
  ...Object.fromEntries(defaultFieldMap.map(({ column, field }) => [column, field])),
  production_id: lookupField,
  last_synced_at: stampFields.lastSyncedAt,
  sync_run_id: stampFields.syncRunId,
  is_deleted: 'IsDeleted',
  created_at: 'CreatedDate',
  last_modified_at: 'LastModifiedDate',
  last_modified_by: 'LastModifiedById',
  system_modstamp: 'SystemModstamp',
};

/** Loads a baseline directory into the source tables, and the mirror from its Salesforce rows, without Salesforce. */
export async function loadBaseline(warehouse: DuckDbWarehouse, directory: string): Promise<void> {
  const landed = 'crm.sfdc_dbx.product_property';
  const fields = Object.entries(productPropertyMirror.columns).map(([column, type]): [string, ColumnType] => [
    fieldsByColumn[column] ?? column,
    type,
  ]);
  await loadSourceFiles(warehouse, directory, [
    ...Object.values(sourceTables),
    { file: 'Product_Property__c', table: landed, columns: Object.fromEntries(fields) },
  ]);
  const values = Object.keys(productPropertyMirror.columns).map(
    (column) => `${fieldsByColumn[column] ?? column} as ${column}`,
  );
  await warehouse.replaceTable(productPropertyMirror.name, `select ${values.join(', ')} from ${landed}`);
}
