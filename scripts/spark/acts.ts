import type { Warehouse } from '../../middleware/src/ports/warehouse.ts';
import { sourceTables } from '../../middleware/src/planning/sourceContract.ts';
import type { SqlFiles } from '../../middleware/src/planning/sqlFiles.ts';
import { allRelations, bundleRelations, checkRelations, type Place, type Relation } from './relations.ts';

/** Statements that run on both engines, word by word, and the relations that are compared after them. */
export interface Act {
  readonly name: string;
  readonly statements: (place: Place) => readonly string[];
  readonly relations: readonly Relation[];
  /** What is compared here is to have rows: without any, nothing was compared. */
  readonly hasRows: boolean;
}

/**
 * First everything as it was loaded; then, since no check finds anything there, every check on rows that break it. Needs
 * an embedded warehouse that is loaded already, for the columns of its snapshots.
 */
export async function readActs(
  warehouse: Pick<Warehouse, 'name' | 'query'>,
  files: SqlFiles,
): Promise<Act[]> {
  const checks = checkRelations(files);
  const isOfContext = ({ name }: Relation): boolean => name === 'sync_context_has_one_row';
  const contradictions = await Promise.all([
    // A second row of a property that is no member, is called otherwise and may not be created.
    contradict(warehouse, 'property_snapshot', "rds_property_id like '%3'", {
      property_name: "'Somebody Else'",
      is_test_name: 'not is_test_name',
      is_eligible: 'not is_eligible',
    }),
    contradict(warehouse, 'property_group_snapshot', "rds_property_id like '%4' and idv_enabled", {
      idv_enabled: 'false',
    }),
    contradict(warehouse, 'property_comparison', "rds_property_id like '%5'", {
      active_property_count: 'active_property_count + 1',
    }),
    // A row of its own for what is to be created, and a second one for what is to be updated.
    contradict(warehouse, 'product_property_mirror', "staging_id like '%A'", {
      staging_id: "concat('new ', staging_id)",
    }),
  ]);
  return [
    {
      name: 'loaded',
      statements: () => [],
      relations: [...allRelations(files), ...(await bundleRelations())],
      hasRows: false,
    },
    {
      name: 'broken',
      statements: (place) => [
        ...contradictions.map((statement) => statement(place)),
        `insert into ${home(place)}.product_property_mirror (staging_id, rds_property_id)
         select concat('new ', rds_property_id), rds_property_id from ${home(place)}.properties_to_create`,
        `insert into ${place.sourceTable(sourceTables.companies.table)}
         select * from ${place.sourceTable(sourceTables.companies.table)} where id like '%1'`,
      ],
      relations: checks.filter((check) => !isOfContext(check)),
      hasRows: true,
    },
    {
      name: 'broken context',
      statements: (place) => [
        `insert into ${home(place)}.sync_context select * from ${home(place)}.sync_context`,
      ],
      relations: checks.filter(isOfContext),
      hasRows: true,
    },
  ];
}

const home = ({ catalog, schema }: Place): string => `${catalog}.${schema}`;

/** Adds a copy of some rows of an object, with other values in some columns. */
async function contradict(
  warehouse: Pick<Warehouse, 'name' | 'query'>,
  object: string,
  condition: string,
  values: Readonly<Record<string, string>>,
): Promise<(place: Place) => string> {
  const described = await warehouse.query(`describe ${warehouse.name(object)}`);
  const columns = described.map((row) => String(row['column_name']));
  const selected = columns.map((column) => values[column] ?? column);
  return (place) => `insert into ${home(place)}.${object} (${columns.join(', ')})
    select ${selected.join(', ')} from ${home(place)}.${object} where ${condition}`;
}
