import { createHash } from 'node:crypto';
import type { Row, Warehouse } from '../ports/warehouse.ts';
import type { SqlFiles } from './sqlFiles.ts';

/**
 * One row of `view_registry` per object: the hash of the text that the repository holds now, and of the definition that
 * the warehouse holds now (NULL for tables), which an engine renders in its own way (docs/domain.md §7).
 */
export async function describeViews(warehouse: Warehouse, files: SqlFiles): Promise<Row[]> {
  const definitions = await warehouse.query(
    `select table_name, view_definition
     from system.information_schema.views
     where table_catalog = :catalog and table_schema = :schema`,
    { catalog: warehouse.catalog, schema: warehouse.schema },
  );
  const held = new Map(definitions.map((row) => [row['table_name'], String(row['view_definition'])]));
  const texts = {
    prelude: files.preludes[warehouse.dialect],
    ...files.seed,
    ...files.snapshots,
    ...files.views,
  };
  return Object.entries(texts)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([object, text]) => {
      const definition = held.get(object);
      return {
        object,
        repository_hash: sha256(text),
        warehouse_hash: definition === undefined ? null : sha256(definition),
      };
    });
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
