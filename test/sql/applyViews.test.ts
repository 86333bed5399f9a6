import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { DuckDbWarehouse } from '../../middleware/src/adapters/duckdb/duckdbWarehouse.ts';
import { defaultFieldMap } from '../../middleware/src/contracts/fieldMap.ts';
import { applyViews } from '../../middleware/src/planning/applyViews.ts';
import { checkSources } from '../../middleware/src/planning/checkSources.ts';
import { checkViews } from '../../middleware/src/planning/checkViews.ts';
import { defaultSourceNames, type SourceNames } from '../../middleware/src/planning/sourceContract.ts';
import { withSourceViews } from '../../middleware/src/planning/sourceViews.ts';
import type { SqlFiles } from '../../middleware/src/planning/sqlFiles.ts';
import { aProperty, aPropertyId } from './fixtures.ts';
import { loadRows, materializeAggregate, openTestWarehouse, readProductSql } from './testWarehouse.ts';

let warehouse: DuckDbWarehouse;
let files: SqlFiles;

beforeEach(async () => {
  files = await readProductSql();
  warehouse = await openTestWarehouse();
});
afterEach(() => warehouse.close());

const enriched = 'rds_properties_enriched';

describe('applying the views', () => {
  it('records two hashes of each object, which hold until something moves', async () => {
    const hashes = await checkViews(warehouse, files);
    expect(Object.keys(hashes)).toEqual(
      expect.arrayContaining(['prelude', 'source_properties', enriched, 'property_comparison', 'us_state']),
    );
    expect(hashes[enriched]).toMatch(/^[0-9a-f]{64} [0-9a-f]{64}$/);
    expect(await checkViews(warehouse, files)).toEqual(hashes);
  });

  it('can be repeated, and comes to the same hashes', async () => {
    const before = await checkViews(warehouse, files);
    await applyViews(warehouse, files);
    expect(await checkViews(warehouse, files)).toEqual(before);
  });

  it('leaves what a plan has materialised while no text has changed, and empties it when one has', async () => {
    const countRows = async (): Promise<number> => {
      const [row] = await warehouse.query(
        `select count(*) as n from ${warehouse.name('property_comparison')}`,
      );
      return Number(row?.['n']);
    };
    await loadRows(warehouse, { properties: [aProperty(1)] });
    await materializeAggregate(warehouse);
    await warehouse.execute('drop view crm.property_sync.properties_to_create');
    await applyViews(warehouse, files);
    expect(await countRows()).toBe(1);
    await warehouse.query(`select * from ${warehouse.name('properties_to_create')}`);

    const changed = { ...files, preludes: { ...files.preludes, duckdb: `${files.preludes.duckdb}\n` } };
    await applyViews(warehouse, changed);
    expect(await countRows()).toBe(0);
  });

  it.each([
    ['replaced', `create or replace view crm.property_sync.property_classification as select 1 as one`],
    ['dropped', 'drop view crm.property_sync.property_classification'],
  ])('is told from a view that somebody %s in the warehouse', async (_, sql) => {
    await warehouse.execute(sql);
    await expect(checkViews(warehouse, files)).rejects.toMatchObject({
      code: 'VIEW_CHANGED',
      details: ['property_classification'],
    });
  });

  it.each(['views', 'snapshots', 'seed'] as const)(
    'is told from another text of the repository: %s',
    async (kind) => {
      const [object = ''] = Object.keys(files[kind]);
      const changed = { ...files, [kind]: { ...files[kind], [object]: `${files[kind][object] ?? ''}\n` } };
      await expect(checkViews(warehouse, changed)).rejects.toMatchObject({
        code: 'VIEW_CHANGED',
        details: [object],
      });
    },
  );

  it('is told from another source', async () => {
    const moved = withSourceViews(files, {
      ...defaultSourceNames,
      companies: { table: 'rds.other_schema.companies' },
    });
    await expect(checkViews(warehouse, moved)).rejects.toMatchObject({ details: ['source_companies'] });
  });

  it('keeps the classification as it was materialised when the source and the mirror move on', async () => {
    await loadRows(warehouse, { properties: [aProperty(1)] });
    await materializeAggregate(warehouse, files);
    await loadRows(warehouse, {});
    expect(await warehouse.query(`select class from ${warehouse.name('property_classification')}`)).toEqual([
      { class: 'CREATE' },
    ]);
  });
});

describe('the configured sources', () => {
  const names = (change: Partial<SourceNames>): SourceNames => ({ ...defaultSourceNames, ...change });

  it('pass as they are', async () => {
    await expect(checkSources(warehouse, defaultSourceNames)).resolves.toBeUndefined();
  });

  it('are refused with the nearest table', async () => {
    await expect(
      checkSources(warehouse, names({ properties: { table: 'rds.public.property' } })),
    ).rejects.toMatchObject({
      code: 'SOURCE_INVALID',
      details: [
        expect.stringContaining('no table rds.public.property; nearest: rds.pg_rds_public.properties'),
      ],
    });
  });

  it('are refused with the nearest column, all findings at once', async () => {
    await warehouse.execute(
      'alter table rds.pg_rds_public.properties rename column inserted_at to created_at',
    );
    await warehouse.execute('alter table rds.pg_rds_public.properties rename column sfdc_id to sfdc_id_c');
    await expect(checkSources(warehouse, defaultSourceNames)).rejects.toMatchObject({
      code: 'SOURCE_INVALID',
      details: [
        'rds.pg_rds_public.properties has no column inserted_at; nearest: created_at, updated_at.',
        'rds.pg_rds_public.properties has no column sfdc_id; nearest: sfdc_id_c, short_id.',
      ],
    });
  });

  it('are refused with a time stamp that has no zone', async () => {
    await warehouse.execute('alter table rds.pg_rds_public.properties alter updated_at type timestamp');
    await expect(checkSources(warehouse, defaultSourceNames)).rejects.toMatchObject({
      details: ['rds.pg_rds_public.properties.updated_at is TIMESTAMP, not timestamp.'],
    });
  });

  it('may have other names and flags as numbers or text (D18)', async () => {
    await warehouse.execute('create schema crm.landing');
    await warehouse.execute(
      `create table crm.landing.wide as select * replace (cast(idv_enabled as integer) as idv_enabled,
         cast(fraud_enabled as varchar) as fraud_enabled) from crm.sfdc_dbx.product_property_w_features`,
    );
    await warehouse.execute('alter table crm.landing.wide rename column property_id to rds_id');
    await warehouse.execute(
      `insert into crm.landing.wide (rds_id, idv_enabled, fraud_enabled) values ('${aPropertyId(1)}', 1, 'TRUE')`,
    );
    const moved = names({ wideFeatures: { table: 'crm.landing.wide', columns: { property_id: 'rds_id' } } });
    await checkSources(warehouse, moved);
    await applyViews(warehouse, withSourceViews(files, moved));
    await loadRows(warehouse, { properties: [aProperty(1)] });
    expect(
      await warehouse.query(`select idv_enabled, document_fraud_enabled from ${warehouse.name(enriched)}`),
    ).toEqual([{ idv_enabled: true, document_fraud_enabled: true }]);
  });

  it.each(['rds.public.properties; drop table x', 'rds."public".properties', 'rds.public.'])(
    'become no SQL but identifiers: %s',
    (table) => {
      expect(() => withSourceViews(files, names({ properties: { table } }))).toThrow(
        'is not a name of a catalog, schema, table or column',
      );
    },
  );
});

describe('the columns of the views', () => {
  const columnsOf = async (view: string): Promise<string[]> => {
    const rows = await warehouse.query(
      `select column_name from system.information_schema.columns
       where table_catalog = 'crm' and table_schema = 'property_sync' and table_name = :view order by ordinal_position`,
      { view },
    );
    return rows.map((row) => String(row['column_name']));
  };
  const mapped = defaultFieldMap.map(({ column }) => column);
  const features = ['idv', 'bank_linking', 'payroll', 'income_insights', 'document_fraud'];
  const enabled = features.map((feature) => `${feature}_enabled`);
  const dates = features.map((feature) => `${feature}_start_date`);
  const created = ['rds_property_id', ...mapped, 'priority', 'created_at', 'operation', 'queued_at'];
  const identity = [
    'short_id',
    'company_id',
    'company_name',
    'property_name',
    'address',
    'city',
    'state',
    'postal_code',
  ];

  it.each([
    ['properties_to_create', created],
    [
      'properties_to_update',
      [
        ...created,
        ...[
          'staging_id',
          'production_id',
          'sf_last_modified_at',
          'sf_last_modified_by',
          'sf_system_modstamp',
        ],
        ...['has_changes', 'changed_fields', 'population'],
      ],
    ],
    ['property_field_changes', ['rds_property_id', 'field', 'from_value', 'to_value']],
    [
      'property_classification',
      [
        'rds_property_id',
        'class',
        'reason_code',
        'warnings',
        'group_key',
        'population',
        'own_row_count',
        'staging_ids',
      ],
    ],
    ['sync_monitoring_dashboard', ['stage', 'count', 'with_features', 'dashboard_refreshed_at']],
    [
      'properties_aggregated_by_sfdc_id',
      [
        ...[
          'sfdc_id',
          'rds_property_id',
          ...identity,
          ...enabled,
          ...dates,
          'created_at',
          'rds_last_updated_at',
        ],
        ...['active_property_count', 'total_feature_count', 'is_multi_property', 'has_any_features_enabled'],
        ...['has_paid_features', 'rds_property_ids', 'aggregated_at'],
      ],
    ],
    [
      'property_sync_audit_log',
      [
        ...[
          'audit_id',
          'sync_timestamp',
          'sync_operation',
          'sync_name',
          'rds_property_id',
          'staging_id',
          'sfdc_id',
        ],
        ...['property_name', 'company_id', 'active_property_count', 'contributing_property_ids', ...enabled],
        ...['sync_status', 'error_message', 'run_id', 'created_by'],
      ],
    ],
  ])('of %s are those of docs/domain.md §7', async (view, columns) => {
    expect([...(await columnsOf(view))].sort()).toEqual([...columns].sort());
  });

  it('of the enriched view begin with those of docs/domain.md §7.1', async () => {
    expect(await columnsOf(enriched)).toEqual(
      expect.arrayContaining([
        ...[
          'rds_property_id',
          'sfdc_id',
          'sfdc_id_18',
          ...identity,
          'property_status',
          'created_at',
          'updated_at',
        ],
        ...[
          ...enabled,
          ...features.map((feature) => `${feature}_enabled_at`),
          'is_active',
          'has_valid_sfdc_id',
        ],
        ...['is_placeholder', 'is_test_name', 'is_deleted', 'is_eligible', 'population'],
      ]),
    );
  });

  it('are those of the field map, and every mapped field can change', () => {
    const changes = files.views['property_field_changes'] ?? '';
    for (const { column, field, nullPolicy } of defaultFieldMap) {
      expect(changes).toContain(`('${field}')`);
      const kept = nullPolicy === 'keep' ? `${column} is not null and ` : '';
      expect(files.snapshots['property_comparison']).toContain(
        `case when ${kept}${column} is distinct from sf_${column} then '${field}' end`,
      );
    }
  });
});

describe('the text of the SQL files', () => {
  it('stays in the subset that both warehouses read alike', () => {
    const texts = { ...files.views, ...files.snapshots, ...files.seed, ...files.checks };
    const foreign =
      /\bqualify\b|\blambda\b|->|\bnow\(|\bcurrent_(date|timestamp)\b|[`"\\]|\bfilter \(where\b|\bgroup by all\b|\bexclude\b|\breplace \(|\blist\(|\bcount_if\b/i;
    for (const [name, text] of Object.entries(texts)) {
      expect({ name, foreign: foreign.exec(text.replaceAll(/--.*/g, ''))?.[0] }).toEqual({
        name,
        foreign: undefined,
      });
      expect({ name, firstLine: text.startsWith('-- ') }).toEqual({ name, firstLine: true });
      for (const [, placeholder] of text.matchAll(/\$\{(\w+)\}/g))
        expect(['catalog', 'schema']).toContain(placeholder);
    }
  });
});
