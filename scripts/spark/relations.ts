import { alertQueries, businessClock, dashboardQueries, type BundleQuery } from '../bundle/bundleQueries.ts';
import { sourceTables } from '../../middleware/src/planning/sourceContract.ts';
import { renderSql, type SqlFiles } from '../../middleware/src/planning/sqlFiles.ts';
import { warehouseTables } from '../../middleware/src/planning/warehouseTables.ts';
import { viewKeys } from '../../test/fixtures/viewRows.ts';

/** Where a warehouse keeps the product's objects and, by its name in the source contract, each table of the source. */
export interface Place {
  readonly catalog: string;
  readonly schema: string;
  readonly sourceTable: (defaultName: string) => string;
}

/** Rows that both engines must agree on. */
export interface Relation {
  readonly name: string;
  /** Columns that name a row in a report; without any the whole row does. */
  readonly key: readonly string[];
  /** The select that yields the rows, for the place where it runs. */
  readonly select: (place: Place) => string;
}

const keys: Readonly<Record<string, readonly string[]>> = {
  us_state: ['spelling'],
  property_snapshot: ['rds_property_id'],
  property_group_snapshot: ['group_key'],
  own_row_snapshot: ['rds_property_id'],
  property_comparison: ['rds_property_id'],
  source_properties: ['id'],
  source_companies: ['id'],
  ...viewKeys,
  property_sync_audit_log: ['audit_id'],
};

/** Tables, seeds, snapshots, views and checks of the product, and the tables of the source, as they were loaded. */
export function allRelations(files: SqlFiles): Relation[] {
  const object = (name: string, key = keys[name] ?? []): Relation => ({
    name,
    key,
    select: ({ catalog, schema }) => `select * from ${catalog}.${schema}.${name}`,
  });
  return [
    ...Object.values(sourceTables).map(({ file, table }) => ({
      name: file,
      key: [],
      select: ({ sourceTable }: Place) => `select * from ${sourceTable(table)}`,
    })),
    ...warehouseTables
      .filter(({ name }) => name !== 'view_registry')
      .map(({ name, keyColumn }) => object(name, [keyColumn])),
    ...[files.seed, files.snapshots, files.views].flatMap((objects) =>
      Object.keys(objects).map((name) => object(name)),
    ),
    ...checkRelations(files),
  ];
}

/** What the dashboard and the alerts of the bundle ask, at the time of the last plan. */
export async function bundleRelations(): Promise<Relation[]> {
  const named = { catalog: '${catalog}', schema: '${schema}' };
  const clock = businessClock(named);
  const relation = (kind: string, { name, sql }: BundleQuery): Relation => ({
    name: `${kind} ${name}`,
    key: [],
    select: (place) => `select * from (\n${renderSql(sql, place)}\n) as answer`,
  });
  return [
    ...(await dashboardQueries(clock)).map((query) => relation('dashboard', query)),
    ...(await alertQueries(named, clock)).map((query) => relation('alert', query)),
  ];
}

/** The rows that break each rule. */
export function checkRelations({ checks }: Pick<SqlFiles, 'checks'>): Relation[] {
  return Object.entries(checks).map(([name, text]) => ({
    name,
    key: [],
    select: (place) => `select * from (\n${renderSql(text, place)}\n) as broken_rows`,
  }));
}
