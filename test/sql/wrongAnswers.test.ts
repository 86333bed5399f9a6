import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { DuckDbWarehouse } from '../../middleware/src/adapters/duckdb/duckdbWarehouse.ts';
import { features } from '../../middleware/src/contracts/fieldMap.ts';
import { applyViews } from '../../middleware/src/planning/applyViews.ts';
import { runChecks } from '../../middleware/src/planning/runChecks.ts';
import type { SqlFiles } from '../../middleware/src/planning/sqlFiles.ts';
import type { SqlValue } from '../../middleware/src/ports/warehouse.ts';
import { generationTimeoutMs, januaryBefore, measure, openJanuary, readRows } from './january.ts';
import { materializeAggregate, readProductSql } from './testWarehouse.ts';

/** A piece of SQL of a view or snapshot and what a mistake makes of it. */
type Mistake = readonly (readonly [object: string, from: string, to: string])[];

interface WrongAnswer {
  readonly mistake: string;
  readonly changes: Mistake;
  /** What gives the wrong number, and the number. */
  readonly gives: readonly (readonly [sql: string, rows: SqlValue[][]])[];
  /** Checks that refuse the plan; without one, the numbers of the baseline alone tell. */
  readonly brokenChecks: readonly string[];
}

const comparison = 'property_comparison';
const ownRows = 'own_row_snapshot';
const enriched = 'rds_properties_enriched';
const groups = 'property_group_features';

const countClass = (name: string): string =>
  `select count(*) from @property_classification where class = '${name}'`;
const differingFrom = (table: string, key: string, columns: readonly string[], condition = 'true'): string =>
  `select count(*) from @${table} as wrong inner join @right_${table} as correct using (${key})
   where ${condition} and (${columns.map((column) => `wrong.${column} is distinct from correct.${column}`).join(' or ')})`;
const flags = features.map((feature) => `${feature}_enabled`);
const dates = features.map((feature) => `${feature}_start_date`);

/** docs/domain.md §18.6: each mistake is made on purpose, gives its well-known number, and is caught. */
const wrongAnswers: readonly WrongAnswer[] = [
  {
    mistake: 'match by lookup instead of key',
    changes: [
      [ownRows, 'lower(text_value(rds_property_id)) as', 'production_id as'],
      [ownRows, 'lower(text_value(live_rows.rds_property_id)) as', 'live_rows.production_id as'],
      [
        comparison,
        'own_rows.rds_property_id = properties.rds_property_id',
        'own_rows.rds_property_id = properties.sfdc_id_18',
      ],
    ],
    gives: [
      [`${countClass('CREATE')} and population = 'active_with_sfdc'`, [[648]]],
      [
        `select count(*), count(distinct sfdc_id) from @properties_aggregated_by_sfdc_id
         inner join @product_property_mirror as mirror on mirror.production_id = sfdc_id and not mirror.is_deleted`,
        [[8_980, 7_981]],
      ],
    ],
    brokenChecks: ['created_properties_have_no_row', 'updated_rows_are_single_and_own'],
  },
  {
    mistake: 'DISABLED counted in groups',
    changes: [
      [groups, 'where is_eligible', "where not is_deleted and (is_eligible or population = 'disabled')"],
    ],
    gives: [
      ['select count(*) from @properties_aggregated_by_sfdc_id where is_multi_property', [[2_516]]],
      [differingFrom('property_group_snapshot', 'group_key', flags), [[190]]],
    ],
    brokenChecks: ['group_counts_add_up'],
  },
  {
    mistake: 'soft deletes ignored',
    changes: [[enriched, 'coalesce(_fivetran_deleted, false) as is_deleted', 'false as is_deleted']],
    gives: [
      [`select "count" from @sync_monitoring_dashboard where stage = 'Active RDS Properties'`, [[12_280]]],
      [`select "count" from @sync_monitoring_dashboard where stage = 'Multi-Property Aggregations'`, [[324]]],
    ],
    brokenChecks: [],
  },
  {
    mistake: '15-character ids not normalised',
    changes: [
      [enriched, 'salesforce_id_18(sfdc_text) as clean_sfdc_id', 'sfdc_text as clean_sfdc_id'],
      [enriched, '[A-Za-z0-9]{18}', '[A-Za-z0-9]{15,18}'],
      [
        enriched,
        '15)) = identified_properties.clean_sfdc_id',
        '15)) = salesforce_id_18(identified_properties.clean_sfdc_id)',
      ],
    ],
    gives: [['select count(distinct sfdc_id_18) from @property_snapshot where not is_deleted', [[13_620]]]],
    brokenChecks: [],
  },
  {
    mistake: 'empty text or white space taken as valid',
    changes: [
      [enriched, 'text_value(sfdc_id) as sfdc_text', "nullif(sfdc_id, 'XXXXXXXXXXXXXXX') as sfdc_text"],
      [
        enriched,
        'coalesce(\n            regexp_like(identified',
        "coalesce(\n            trim(sfdc_text) = '' or regexp_like(identified",
      ],
    ],
    gives: [
      [`select count(*) from @property_snapshot where has_valid_sfdc_id and trim(sfdc_id) = ''`, [[40]]],
    ],
    brokenChecks: [],
  },
  {
    mistake: 'recycle bin counted',
    changes: [[ownRows, 'where not coalesce(is_deleted, false)', 'where true']],
    gives: [
      [countClass('CREATE'), [[1_075]]],
      [countClass('CONFLICT'), [[267]]],
    ],
    brokenChecks: ['updated_rows_are_single_and_own'],
  },
  {
    mistake: 'newest staging row picked silently',
    changes: [
      [
        ownRows,
        'where not coalesce(is_deleted, false)',
        `where not coalesce(is_deleted, false) and staging_id in (
           select max_by(staging_id, system_modstamp) from \${catalog}.\${schema}.product_property_mirror
           where not is_deleted group by rds_property_id)`,
      ],
    ],
    gives: [
      [countClass('CONFLICT'), [[0]]],
      ['select count(*) from @properties_to_update', [[17_720]]],
    ],
    brokenChecks: ['updated_rows_are_single_and_own'],
  },
  {
    mistake: 'dates over all members, not TRUE ones',
    changes: features.map((feature) => [
      groups,
      `min(case when ${feature}_enabled then ${feature}_enabled_at end)`,
      `min(${feature}_enabled_at)`,
    ]),
    gives: [[differingFrom('property_group_snapshot', 'group_key', dates), [[90]]]],
    brokenChecks: ['no_date_without_flag'],
  },
  {
    mistake: 'P1 with fraud',
    changes: [
      [
        groups,
        '(unions.document_fraud_enabled and context.is_document_fraud_paid)',
        'unions.document_fraud_enabled',
      ],
    ],
    gives: [[`select count(*) from @properties_to_create where priority = 'P1'`, [[1_073]]]],
    brokenChecks: [],
  },
  {
    mistake: 'P1 by own flags',
    changes: [
      [
        comparison,
        'coalesce(group_features.has_paid_features, false) as has_paid_features',
        `properties.idv_enabled or properties.bank_linking_enabled or properties.payroll_enabled
           or properties.income_insights_enabled as has_paid_features`,
      ],
    ],
    gives: [
      [`select count(*) < 507 and count(*) > 0 from @properties_to_create where priority = 'P1'`, [[true]]],
    ],
    brokenChecks: [],
  },
  {
    mistake: 'wrong wide row taken',
    changes: [[enriched, 'newest_updated_at desc,', 'newest_updated_at asc,']],
    gives: [[differingFrom('property_snapshot', 'rds_property_id', flags, 'correct.is_eligible'), [[500]]]],
    brokenChecks: [],
  },
];

let warehouse: DuckDbWarehouse;
let files: SqlFiles;

beforeAll(async () => {
  files = await readProductSql();
  ({ warehouse } = await openJanuary());
  await materializeAggregate(warehouse, files);
  for (const table of ['property_snapshot', 'property_group_snapshot']) {
    await warehouse.replaceTable(`right_${table}`, `select * from ${warehouse.name(table)}`);
  }
}, generationTimeoutMs);
afterAll(() => warehouse.close());

describe.each(wrongAnswers)('the mistake "$mistake"', ({ changes, gives, brokenChecks }) => {
  it('gives its well-known number and is caught', async () => {
    const mistaken = changes.reduce(plant, files);
    await applyViews(warehouse, mistaken);
    await materializeAggregate(warehouse, mistaken);

    for (const [sql, rows] of gives) expect(await readRows(warehouse, sql)).toEqual(rows);
    expect(await measure(warehouse)).not.toMatchObject(januaryBefore);
    const broken = await runChecks(warehouse, files).then(
      () => '',
      (error: unknown) => String(error),
    );
    for (const check of brokenChecks) expect(broken).toContain(check);
  });
});

function plant(planted: SqlFiles, [object, from, to]: Mistake[number]): SqlFiles {
  const kind = object in planted.snapshots ? 'snapshots' : 'views';
  const text = planted[kind][object] ?? '';
  if (!text.includes(from)) throw new Error(`${object} does not hold "${from}".`);
  return { ...planted, [kind]: { ...planted[kind], [object]: text.replaceAll(from, to) } };
}
