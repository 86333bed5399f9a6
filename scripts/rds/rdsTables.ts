import { sourceTables, type SourceTable } from '../../middleware/src/planning/sourceContract.ts';
import type { ColumnType } from '../../middleware/src/ports/warehouse.ts';

/** What is copied from one table of PostgreSQL; `file` is its name without the ending. */
export interface RdsTable {
  readonly file: string;
  readonly columns: Readonly<Record<string, ColumnType>>;
}

const ofReplication = new Set(['_fivetran_deleted', '_fivetran_synced']);

/** The tables of RDS (docs/domain.md §3.1 to §3.3), named as their files, without the columns that replication adds. */
export const rdsTables: readonly RdsTable[] = [
  sourceTables.properties,
  sourceTables.companies,
  sourceTables.features,
  sourceTables.propertyFeatures,
  sourceTables.propertyFeatureEvents,
].map(({ file, columns }: SourceTable) => ({
  file,
  columns: Object.fromEntries(Object.entries(columns).filter(([column]) => !ofReplication.has(column))),
}));

/** The wide table of features, which only some databases have. */
export const wideTable: RdsTable = sourceTables.wideFeatures;
