import { edgeCases } from './edgeCases.ts';
import {
  edgeCompanies,
  edgeProduction,
  edgeStrays,
  propertyId,
  type EdgeCase,
  type Values,
} from './edgeCase.ts';
import { featureCatalogue } from './rdsRows.ts';
import { tableNames, tables, type Row, type TableName } from './tables.ts';

/**
 * About eighty properties, each with a story, that cover docs/domain.md §3.5 and what the January data lacks.
 * What is expected of each is written by hand from the document. Two rows of §3.5 are not data: groups of 67 (D6)
 * are in the January baseline, and picklist values that an org lacks (D17) belong to the org.
 */
export const edgePack: readonly EdgeCase[] = edgeCases;

/** Properties whose `whenAllowed` holds once their id is on the allow list of test names. */
export const edgeAllowList: readonly string[] = edgePack
  .filter((edgeCase) => edgeCase.whenAllowed !== undefined)
  .map(({ number }) => propertyId(number));

/** The rows of the edge pack in the same tables, columns and types as a baseline. */
export function edgePackTables(): Record<TableName, Row[]> {
  const synced = { _fivetran_deleted: false, _fivetran_synced: '2026-01-05T11:40:00.000Z' };
  const rows: Record<TableName, readonly Values[]> = {
    properties: edgePack.map(({ property }) => ({ ...synced, ...property })),
    companies: edgeCompanies.map((company) => ({ ...synced, ...company })),
    features: featureCatalogue.map(([code, name], index) => ({
      ...synced,
      id: `fea00000-0000-4000-8000-00000000000${index}`,
      name,
      code,
    })),
    property_features: edgePack.flatMap(({ tall }) => tall).map((row) => ({ ...synced, ...row })),
    property_feature_events: [],
    product_property_w_features: edgePack.flatMap(({ wide }) => wide),
    Product_Property__c: [...edgePack.flatMap(({ staging }) => staging), ...edgeStrays],
    Property__c: edgeProduction,
  };
  return Object.fromEntries(
    tableNames.map((table) => [table, rows[table].map((values) => toRow(table, values))]),
  ) as Record<TableName, Row[]>;
}

/** Columns that are not named are NULL; a name that is no column is a slip of the pen. */
function toRow(table: TableName, values: Values): Row {
  const columns = Object.keys(tables[table]);
  const unknown = Object.keys(values).filter((name) => !columns.includes(name));
  if (unknown.length > 0) throw new Error(`${table} has no column ${unknown.join(', ')}.`);
  return columns.map((column) => values[column] ?? null);
}
