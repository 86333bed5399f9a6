import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { DuckDbWarehouse } from '../../middleware/src/adapters/duckdb/duckdbWarehouse.ts';
import { wideTablePrefixes } from '../../middleware/src/contracts/fieldMap.ts';
import { defaultViewSettings, writeSyncContext } from '../../middleware/src/planning/writeSyncContext.ts';
import { syncRun, syncRunItem } from '../../middleware/src/planning/warehouseTables.ts';
import type { Row } from '../../middleware/src/ports/warehouse.ts';
import {
  aCompany,
  aFeatureRow,
  aProperty,
  aPropertyId,
  aStagingId,
  aStagingRow,
  idA,
  idB,
  outsideGroups,
} from './fixtures.ts';
import {
  businessTime,
  loadRows,
  materializeAggregate,
  openTestWarehouse,
  type SourceRows,
} from './testWarehouse.ts';

let warehouse: DuckDbWarehouse;
beforeAll(async () => {
  warehouse = await openTestWarehouse();
});
afterAll(() => warehouse.close());

/** Loads the rows, with company c1 unless others are given, and fills the snapshots. */
async function given(rows: SourceRows): Promise<void> {
  await loadRows(warehouse, { companies: [aCompany()], ...rows });
  await materializeAggregate(warehouse);
}

/** The rows of a view in the order of their key, or one row of it. */
async function rowsOf(view: string, key = 'rds_property_id'): Promise<Row[]> {
  return warehouse.query(`select * from ${warehouse.name(view)} order by ${key}`);
}
async function rowOf(view: string, number = 1): Promise<Row | undefined> {
  return (await rowsOf(view)).find((row) => row['rds_property_id'] === aPropertyId(number));
}
const classOf = async (number = 1): Promise<unknown> =>
  (await rowOf('property_classification', number))?.['class'];
const reasonOf = async (number = 1): Promise<unknown> =>
  (await rowOf('property_classification', number))?.['reason_code'];
const warningsOf = async (number = 1): Promise<unknown> =>
  (await rowOf('property_classification', number))?.['warnings'];
const changesOf = async (number = 1): Promise<unknown> =>
  (await rowOf('properties_to_update', number))?.['changed_fields'];
const ids = (...numbers: number[]): string => numbers.map(aPropertyId).join(';');
const day = (text: string): Date => new Date(`${text}T00:00:00Z`);

describe('the class of a property', () => {
  it.each([
    ['deleted in the source (T3)', { _fivetran_deleted: true }, 'SOURCE_DELETED'],
    ['of status DELETED', { status: 'Deleted' }, 'SOURCE_DELETED'],
    [
      'deleted before it is a placeholder',
      { _fivetran_deleted: true, sfdc_id: 'XXXXXXXXXXXXXXX' },
      'SOURCE_DELETED',
    ],
    ['with a placeholder id (E1)', { sfdc_id: 'XXXXXXXXXXXXXXX' }, 'PLACEHOLDER_SFDC'],
    ['with a placeholder id in white space', { sfdc_id: ' XXXX\t' }, 'PLACEHOLDER_SFDC'],
    ['a placeholder before it is a test', { sfdc_id: 'XXX', name: 'Test' }, 'PLACEHOLDER_SFDC'],
    ['with a test name before it has no company', { name: 'Demo', company_id: null }, 'TEST_NAME'],
    ['without a company (E2)', { company_id: null }, 'NO_COMPANY'],
    ['with a blank company', { company_id: ' ' }, 'NO_COMPANY'],
    ['disabled without a row', { status: 'DISABLED' }, 'DISABLED'],
    ['without a company before it is disabled', { status: 'DISABLED', company_id: null }, 'NO_COMPANY'],
    ['of unknown status', { status: 'PAUSED' }, 'DISABLED'],
    ['without a status', { status: null }, 'DISABLED'],
  ])('is EXCLUDED when it is %s', async (_, values, reason) => {
    await given({ properties: [aProperty(1, values)], features: [aFeatureRow(1, { idv: null })] });
    expect([await classOf(), await reasonOf()]).toEqual(['EXCLUDED', reason]);
    expect(await rowsOf('properties_to_create')).toEqual([]);
    expect(await rowsOf('property_group_features')).toEqual([]);
  });

  it.each([
    { status: ' active\n' },
    { sfdc_id: '' },
    { sfdc_id: ' \t' },
    { sfdc_id: 'nonsense' },
    { _fivetran_deleted: null },
  ])('is CREATE without a row, for %j', async (values) => {
    await given({ properties: [aProperty(1, values)] });
    expect([await classOf(), await reasonOf()]).toEqual(['CREATE', null]);
  });

  it('E4: is CREATE however long ago it was created', async () => {
    await given({
      properties: [aProperty(1, { inserted_at: '2019-01-01T00:00:00Z', updated_at: '2019-01-01T00:00:00Z' })],
    });
    expect(await classOf()).toBe('CREATE');
  });

  it('is IN_SYNC with a row that holds what it should, and UPDATE with one that does not', async () => {
    await given({
      properties: [aProperty(1), aProperty(2)],
      stagingRows: [aStagingRow(1), aStagingRow(2, { city: 'Shelbyville' })],
    });
    expect([await classOf(1), await classOf(2)]).toEqual(['IN_SYNC', 'UPDATE']);
    expect(await rowsOf('property_field_changes')).toEqual([
      {
        rds_property_id: aPropertyId(2),
        field: 'City__c',
        from_value: 'Shelbyville',
        to_value: 'Springfield',
      },
    ]);
  });

  it('T24, E6: is CONFLICT with two live rows, and then in neither queue', async () => {
    await given({
      properties: [aProperty(1)],
      stagingRows: [aStagingRow(1, { staging_id: 'b' }), aStagingRow(1, { staging_id: 'a', city: 'Other' })],
    });
    expect(await rowOf('property_classification')).toMatchObject({
      class: 'CONFLICT',
      reason_code: null,
      own_row_count: 2,
      staging_ids: 'a;b',
    });
    expect(await rowsOf('properties_to_create')).toEqual([]);
    expect(await rowsOf('properties_to_update')).toEqual([]);
  });

  it('T28: is CREATE when its only row lies in the recycle bin', async () => {
    await given({ properties: [aProperty(1)], stagingRows: [aStagingRow(1, { is_deleted: true })] });
    expect(await rowOf('property_classification')).toMatchObject({
      class: 'CREATE',
      own_row_count: 0,
      staging_ids: '',
    });
  });

  it('finds the row by its key whatever its case and outer spaces', async () => {
    await given({
      properties: [aProperty(1, { id: `B${aPropertyId(1).slice(1)}` })],
      stagingRows: [aStagingRow(1, { rds_property_id: ` ${aPropertyId(1).toUpperCase()} ` })],
    });
    expect(await classOf()).toBe('IN_SYNC');
  });

  it('never finds a row by the lookup or by the Salesforce id', async () => {
    await given({
      properties: [aProperty(1, { sfdc_id: idA }), aProperty(2, { sfdc_id: aStagingId(3) })],
      stagingRows: [aStagingRow(3, { production_id: idA, sfdc_id_18: idA })],
    });
    expect([await classOf(1), await classOf(2)]).toEqual(['CREATE', 'CREATE']);
  });

  it('T7: leaves CREATE at once when its row is there, before the row is linked', async () => {
    await given({ properties: [aProperty(1, { sfdc_id: idA })] });
    expect(await classOf()).toBe('CREATE');
    await given({
      properties: [aProperty(1, { sfdc_id: idA })],
      stagingRows: [aStagingRow(1, { sfdc_id_18: idA, production_id: null })],
    });
    expect(await classOf()).toBe('IN_SYNC');
  });

  it('stays with the orphans and rows without a key outside', async () => {
    await given({ properties: [], stagingRows: [aStagingRow(1), aStagingRow(2, { rds_property_id: null })] });
    expect(await rowsOf('property_classification')).toEqual([]);
    expect(
      (await rowsOf('sync_monitoring_dashboard', 'stage')).find(
        (row) => row['stage'] === 'Total in Product_Property__c',
      ),
    ).toMatchObject({ count: 2 });
  });
});

describe('test names', () => {
  it.each([
    'Test',
    'The QA House',
    'DO  NOT\tUSE',
    'temp-site',
    'Oak (demo)',
    'my_sandbox',
    'Duplicate of 7',
    'delete',
    'Training.',
  ])('excludes %j', async (name) => {
    await given({ properties: [aProperty(1, { name })] });
    expect(await reasonOf()).toBe('TEST_NAME');
  });

  it.each([
    'Devon Court',
    'Greatest Place',
    'Contemporary Lofts',
    'Sampler',
    'Do Nothing',
    'Dévelop',
    'Removed',
    'Qatar House',
    null,
  ])('T29: keeps %j', async (name) => {
    await given({ properties: [aProperty(1, { name })] });
    expect(await classOf()).toBe('CREATE');
  });

  it('keeps what the allow list names, and everything when the rule is off', async () => {
    const rows = { properties: [aProperty(1, { name: 'Test' }), aProperty(2, { name: 'Demo' })] };
    await writeSyncContext(warehouse, businessTime, {
      ...defaultViewSettings,
      testNameAllowList: [aPropertyId(1).toUpperCase(), aPropertyId(3)],
    });
    await given(rows);
    const allowed = [await classOf(1), await classOf(2)];
    await writeSyncContext(warehouse, businessTime, { ...defaultViewSettings, isTestNameExcluded: false });
    await given(rows);
    const off = [await classOf(1), await classOf(2)];
    await writeSyncContext(warehouse, businessTime);
    expect({ allowed, off }).toEqual({ allowed: ['CREATE', 'EXCLUDED'], off: ['CREATE', 'CREATE'] });
  });

  it('treats placeholders as blank ids when their rule is off', async () => {
    await writeSyncContext(warehouse, businessTime, { ...defaultViewSettings, isPlaceholderExcluded: false });
    await given({ properties: [aProperty(1, { sfdc_id: 'XXXXXXXXXXXXXXX' })] });
    const classification = await rowOf('property_classification');
    await writeSyncContext(warehouse, businessTime);
    expect(classification).toMatchObject({ class: 'CREATE', group_key: aPropertyId(1), warnings: '' });
  });
});

describe('groups', () => {
  it('T1: put 15 and 18 characters of one id together', async () => {
    await given({
      properties: [aProperty(2, { sfdc_id: idA.slice(0, 15) }), aProperty(1, { sfdc_id: ` ${idA}\n` })],
    });
    expect(await rowsOf('properties_aggregated_by_sfdc_id')).toMatchObject([
      { sfdc_id: idA, active_property_count: 2, is_multi_property: true, rds_property_ids: ids(1, 2) },
    ]);
  });

  it.each([null, '', '  ', '\t'])(
    'T2, E1: make a property with the id %j a group of one outside view 7.2',
    async (sfdcId) => {
      await given({ properties: [aProperty(1, { sfdc_id: sfdcId }), aProperty(2, { sfdc_id: sfdcId })] });
      expect(await rowsOf('properties_aggregated_by_sfdc_id')).toEqual([]);
      expect(await rowsOf('property_group_features', 'group_key')).toMatchObject([
        { group_key: aPropertyId(1), active_property_count: 1 },
        { group_key: aPropertyId(2), active_property_count: 1 },
      ]);
      expect(await warningsOf()).toBe('');
    },
  );

  it.each([
    ['a wrong suffix', `${idA.slice(0, 17)}A`],
    ['a wrong case', idA.toLowerCase()],
    ['17 characters', idA.slice(0, 17)],
    ['a staging id (D4)', 'a13ZZ000002PKsbYAG'],
    ['a sign inside', 'a01ZZ00000-PKnd'],
    ['words', 'see Salesforce'],
  ])('take %s as blank, with a warning', async (_, sfdcId) => {
    await given({ properties: [aProperty(1, { sfdc_id: sfdcId })] });
    expect(await rowOf('property_classification')).toMatchObject({
      group_key: aPropertyId(1),
      population: 'active_without_sfdc',
      warnings: 'MALFORMED_SFDC_ID',
    });
    expect(await rowOf('properties_to_create')).toMatchObject({ sfdc_id_18: null });
  });

  it('B2, E3: show the union of the flags on every member', async () => {
    await given({
      properties: [1, 2, 3].map((number) => aProperty(number, { sfdc_id: idA })),
      features: [aFeatureRow(1, { idv: null }), aFeatureRow(2, { payroll: '2025-05-02T00:00:00Z' })],
    });
    const expected = {
      idv_enabled: true,
      bank_linking_enabled: false,
      payroll_enabled: true,
      payroll_start_date: day('2025-05-02'),
      active_property_count: 3,
      is_multi_property: true,
      contributing_property_ids: ids(1, 2, 3),
      priority: 'P1',
    };
    expect(await rowsOf('properties_to_create')).toMatchObject([expected, expected, expected]);
    expect(await rowsOf('properties_aggregated_by_sfdc_id')).toMatchObject([
      { total_feature_count: 2, has_any_features_enabled: true, has_paid_features: true },
    ]);
    expect(await warningsOf(3)).toBe('GROUP_FEATURES_DIFFER');
  });

  it('T20: have no limit on members', async () => {
    const numbers = Array.from({ length: 67 }, (_, index) => index + 1);
    await given({ properties: numbers.map((number) => aProperty(number, { sfdc_id: idA })) });
    const queue = await rowsOf('properties_to_create');
    expect(queue).toHaveLength(67);
    expect(new Set(queue.map((row) => row['contributing_property_ids']))).toEqual(new Set([ids(...numbers)]));
    expect(ids(...numbers).length).toBeLessThan(32_768);
  });

  it('B4, T3: take nothing from members that are disabled, deleted, a test, a placeholder or without company', async () => {
    const rich = { idv: null, bank_linking: '2020-01-01T00:00:00Z' };
    await given({
      properties: [
        aProperty(1, { sfdc_id: idA }),
        aProperty(2, { sfdc_id: idA, status: 'DISABLED' }),
        aProperty(3, { sfdc_id: idA, _fivetran_deleted: true }),
        aProperty(4, { sfdc_id: idA, name: 'Demo' }),
        aProperty(5, { sfdc_id: idA, company_id: null }),
        aProperty(6, { sfdc_id: idA, status: 'PAUSED' }),
      ],
      features: [2, 3, 4, 5, 6].map((number) => aFeatureRow(number, rich)),
    });
    expect(await rowsOf('property_group_features', 'group_key')).toMatchObject([
      {
        active_property_count: 1,
        total_feature_count: 0,
        rds_property_ids: ids(1),
        bank_linking_start_date: null,
      },
    ]);
  });

  it('T5, B5: take the earliest date over the members that have the feature, in UTC', async () => {
    await given({
      properties: [1, 2, 3].map((number) => aProperty(number, { sfdc_id: idA })),
      features: [
        aFeatureRow(1, { bank_linking: '2025-05-01T23:59:59Z' }),
        aFeatureRow(2, { bank_linking: '2025-04-30T20:30:00-05:00' }),
        aFeatureRow(
          3,
          {},
          {
            bank_linking_enabled_at: '2019-01-01T00:00:00Z',
            payroll_linking_enabled_at: '2019-01-01T00:00:00Z',
          },
        ),
      ],
    });
    expect(await rowsOf('property_group_features', 'group_key')).toMatchObject([
      { bank_linking_start_date: day('2025-05-01'), payroll_enabled: false, payroll_start_date: null },
    ]);
  });

  it('DQ6: keep a date of ID verification where one exists', async () => {
    await given({ properties: [aProperty(1)], features: [aFeatureRow(1, { idv: '2025-11-10T00:00:00Z' })] });
    expect(await rowOf('properties_to_create')).toMatchObject({ idv_start_date: day('2025-11-10') });
  });

  it('T4, D8: choose the primary by updated_at, then inserted_at, then id, all its values from one row', async () => {
    const tie = { sfdc_id: idA, updated_at: '2025-12-01T00:00:00Z' };
    const primaryOf = async (): Promise<unknown> => (await rowsOf('properties_aggregated_by_sfdc_id'))[0];
    await given({
      properties: [
        aProperty(1, { ...tie, updated_at: '2025-11-30T00:00:00Z', inserted_at: '2025-12-01T00:00:00Z' }),
        aProperty(2, { ...tie, inserted_at: '2025-01-01T00:00:00Z' }),
        aProperty(3, { ...tie, inserted_at: '2025-02-01T00:00:00Z', name: 'Newest', city: null }),
      ],
    });
    expect(await primaryOf()).toMatchObject({
      rds_property_id: aPropertyId(3),
      property_name: 'Newest',
      city: null,
      short_id: 's3',
      created_at: new Date('2025-02-01T00:00:00Z'),
      rds_last_updated_at: new Date('2025-12-01T00:00:00Z'),
      aggregated_at: businessTime,
    });
    expect([await warningsOf(1), await warningsOf(2)]).toEqual(['GROUP_TIE', 'GROUP_TIE']);
    await given({ properties: [aProperty(2, tie), aProperty(1, tie)] });
    expect(await primaryOf()).toMatchObject({ rds_property_id: aPropertyId(1) });
  });

  it('do not warn of a tie below the newest, nor of one with a property that does not contribute', async () => {
    await given({
      properties: [
        aProperty(1, { sfdc_id: idA, updated_at: '2025-12-01T00:00:00Z' }),
        aProperty(2, { sfdc_id: idA, updated_at: '2025-11-01T00:00:00Z' }),
        aProperty(3, { sfdc_id: idA, updated_at: '2025-11-01T00:00:00Z' }),
        aProperty(4, { sfdc_id: idA, updated_at: '2025-12-01T00:00:00Z', status: 'DISABLED' }),
      ],
    });
    expect(await warningsOf(1)).toBe('');
  });

  it('T23: are both recomputed when a property changes its id', async () => {
    const before = [
      aProperty(1, { sfdc_id: idA }),
      aProperty(2, { sfdc_id: idA }),
      aProperty(3, { sfdc_id: idB }),
    ];
    await given({ properties: before });
    const countsOf = async (): Promise<unknown> =>
      (await rowsOf('properties_aggregated_by_sfdc_id', 'sfdc_id')).map((row) => [
        row['sfdc_id'],
        row['rds_property_ids'],
      ]);
    expect(await countsOf()).toEqual([
      [idB, ids(3)],
      [idA, ids(1, 2)],
    ]);
    await given({ properties: [...before.slice(0, 1), aProperty(2, { sfdc_id: idB }), ...before.slice(2)] });
    expect(await countsOf()).toEqual([
      [idB, ids(2, 3)],
      [idA, ids(1)],
    ]);
  });

  it('T6: never give a row the identity of a sibling', async () => {
    await given({
      properties: [
        aProperty(1, { sfdc_id: idA }),
        aProperty(2, { sfdc_id: idA, name: 'The Newer Phase', updated_at: '2025-12-01T00:00:00Z' }),
      ],
      stagingRows: [aStagingRow(1, { production_id: idA })],
    });
    expect(await rowOf('properties_to_update', 1)).toMatchObject({
      property_name: 'Maple Court 1',
      short_id: 's1',
    });
    expect(await rowOf('properties_to_create', 2)).toMatchObject({ property_name: 'The Newer Phase' });
  });
});

describe('the feature row of a property', () => {
  const neverUpdated = Object.fromEntries(
    Object.values(wideTablePrefixes).map((prefix) => [`${prefix}_updated_at`, null]),
  );
  const flagsOf = async (): Promise<unknown[]> => {
    const row = await rowOf('rds_properties_enriched');
    return [row?.['idv_enabled'], row?.['payroll_enabled']];
  };

  it('is the one with the greatest of the five update times, NULL counting as 1900', async () => {
    await given({
      properties: [aProperty(1)],
      features: [
        aFeatureRow(1, { idv: null }, { fraud_updated_at: '2025-07-01T00:00:00Z' }),
        aFeatureRow(1, { payroll: null }, { idv_updated_at: '2025-06-30T00:00:00Z' }),
      ],
    });
    expect(await flagsOf()).toEqual([true, false]);
  });

  it('is then the one with the greatest enable time, then with the least staging id, NULL last', async () => {
    await given({
      properties: [aProperty(1)],
      features: [
        aFeatureRow(1, { idv: '2025-01-01T00:00:00Z' }),
        aFeatureRow(1, { payroll: '2025-01-02T00:00:00Z' }),
      ],
    });
    expect(await flagsOf()).toEqual([false, true]);
    await given({
      properties: [aProperty(1)],
      features: [
        aFeatureRow(1, { idv: null }),
        aFeatureRow(1, { idv: null }, { product_property_id: 'a13B' }),
        aFeatureRow(1, { payroll: null }, { product_property_id: 'a13A' }),
      ],
    });
    expect(await flagsOf()).toEqual([false, true]);
    expect(await warningsOf()).toBe('DATE_MISSING;FEATURE_ROWS_AMBIGUOUS');
  });

  it('is not ambiguous when the rows that tie are alike, or differ only behind the winner', async () => {
    await given({
      properties: [aProperty(1)],
      features: [
        aFeatureRow(1, { idv: null }),
        aFeatureRow(1, { idv: null }),
        aFeatureRow(1, {}, neverUpdated),
      ],
    });
    expect(await warningsOf()).toBe('');
    await given({
      properties: [aProperty(1)],
      features: [
        aFeatureRow(1, { idv: null }, { idv_updated_at: '2025-07-01T00:00:00Z' }),
        aFeatureRow(1, { idv: null }),
        aFeatureRow(1, {}),
      ],
    });
    expect(await warningsOf()).toBe('');
  });

  it('gives FALSE and no date where there is none or a NULL, and keeps one row per property (V1)', async () => {
    await given({
      properties: [aProperty(1), aProperty(2)],
      features: [
        aFeatureRow(2, {}, { idv_enabled: null }),
        aFeatureRow(2, {}),
        aFeatureRow(9, { idv: null }),
      ],
    });
    expect(await rowsOf('rds_properties_enriched')).toMatchObject([
      { idv_enabled: false, idv_enabled_at: null, document_fraud_enabled: false },
      { idv_enabled: false },
    ]);
  });
});

describe('what is written', () => {
  it('T15, T16: is normalised, with ZIP codes as they are', async () => {
    await given({
      properties: [
        aProperty(1, {
          name: ' Maple\t\r\nCourt   1 ',
          city: '  New  York ',
          state: 'new york',
          zip: '01234',
          address: '',
        }),
        aProperty(2, { state: 'tx', zip: '01234-5678' }),
      ],
    });
    expect(await rowsOf('properties_to_create')).toMatchObject([
      { property_name: 'Maple Court 1', city: 'New York', state: 'NY', postal_code: '01234', address: null },
      { state: 'TX', postal_code: '01234-5678' },
    ]);
    expect([await warningsOf(1), await warningsOf(2)]).toEqual(['', '']);
  });

  it('is no difference when it vanishes under normalisation', async () => {
    await given({
      properties: [aProperty(1, { sfdc_id: idA.slice(0, 15), company_id: 'C1' })],
      stagingRows: [
        aStagingRow(1, {
          property_name: '\tMaple  Court 1\n',
          state: 'Illinois',
          property_status: 'active',
          company_id: ' c1',
          sfdc_id_18: idA.slice(0, 15),
          idv_enabled: null,
          is_multi_property: null,
        }),
      ],
    });
    expect(await changesOf()).toBe('');
  });

  it('compares text with its case, and a NULL number with 0', async () => {
    await given({
      properties: [aProperty(1), aProperty(2, { status: 'DISABLED' })],
      stagingRows: [
        aStagingRow(1, { property_name: 'MAPLE COURT 1' }),
        aStagingRow(2, { ...outsideGroups, property_status: 'DISABLED', active_property_count: null }),
      ],
    });
    expect([await changesOf(1), await changesOf(2)]).toEqual(['Name', 'Active_Property_Count__c']);
  });

  it('cuts a long name to 80 characters with a warning, and leaves one of 80 alone', async () => {
    const long = `${'Maple '.repeat(13)}Co rt`;
    await given({
      properties: [aProperty(1, { name: long }), aProperty(2, { name: 'x'.repeat(80) })],
      stagingRows: [aStagingRow(1, { property_name: `${'Maple '.repeat(13)}Co` })],
    });
    expect(await warningsOf(1)).toBe('NAME_TRUNCATED');
    expect(await rowOf('properties_to_update', 1)).toMatchObject({
      property_name: long.slice(0, 80),
      has_changes: false,
    });
    expect(await warningsOf(2)).toBe('');
    await given({ properties: [aProperty(1, { name: `${'y'.repeat(79)} z` })] });
    expect(await rowOf('properties_to_create', 1)).toMatchObject({ property_name: 'y'.repeat(79) });
  });

  it.each([
    ['Ontario', null, 'INVALID_STATE'],
    ['XX', null, 'INVALID_STATE'],
    ['', null, ''],
    ['  district of   columbia ', 'DC', ''],
    ['Pr', 'PR', ''],
  ])('takes the state %j as %j', async (state, code, warning) => {
    await given({ properties: [aProperty(1, { state })] });
    expect(await rowOf('properties_to_create')).toMatchObject({ state: code });
    expect(await warningsOf()).toBe(warning);
  });

  it.each([
    ['123', 'POSTAL_SUSPECT'],
    ['1234', 'POSTAL_SUSPECT'],
    ['1234567', 'POSTAL_SUSPECT'],
    ['', ''],
    ['01234', ''],
  ])('passes the ZIP %j on, with the warning %j', async (zip, warning) => {
    await given({ properties: [aProperty(1, { zip })] });
    expect(await rowOf('properties_to_create')).toMatchObject({ postal_code: zip === '' ? null : zip });
    expect(await warningsOf()).toBe(warning);
  });

  it('T33: never clears a text that the source lacks, and says so', async () => {
    const blank = { name: ' ', short_id: null, address: '', city: null, state: 'Ontario', zip: '' };
    await given({ properties: [aProperty(1, blank)], stagingRows: [aStagingRow(1)] });
    expect(await changesOf()).toBe('');
    expect(await warningsOf()).toBe('INVALID_STATE;NULL_SOURCE_KEPT');
  });

  it('D15: fills a text that Salesforce lacks', async () => {
    await given({ properties: [aProperty(1)], stagingRows: [aStagingRow(1, { state: null, address: ' ' })] });
    expect(await rowsOf('property_field_changes', 'field')).toMatchObject([
      { field: 'State_Code__c', from_value: null, to_value: 'IL' },
      { field: 'Street__c', from_value: null, to_value: '1 Maple Street' },
    ]);
  });

  it('T22: turns a feature off and clears its date', async () => {
    await given({
      properties: [aProperty(1)],
      features: [aFeatureRow(1, {}, { bank_linking_enabled_at: '2024-01-01T00:00:00Z' })],
      stagingRows: [aStagingRow(1, { bank_linking_enabled: true, bank_linking_start_date: '2024-01-01' })],
    });
    expect(await rowsOf('property_field_changes', 'field')).toEqual([
      {
        rds_property_id: aPropertyId(1),
        field: 'Bank_Linking_Enabled__c',
        from_value: 'true',
        to_value: 'false',
      },
      {
        rds_property_id: aPropertyId(1),
        field: 'Bank_Linking_Start_Date__c',
        from_value: '2024-01-01',
        to_value: null,
      },
    ]);
  });

  it('BC4: turns a feature on, with its date', async () => {
    await given({
      properties: [aProperty(1)],
      features: [aFeatureRow(1, { idv: null, payroll: '2025-05-02T10:00:00Z' })],
      stagingRows: [aStagingRow(1)],
    });
    expect(await rowsOf('property_field_changes', 'field')).toEqual([
      {
        rds_property_id: aPropertyId(1),
        field: 'Connected_Payroll_Enabled__c',
        from_value: 'false',
        to_value: 'true',
      },
      {
        rds_property_id: aPropertyId(1),
        field: 'Connected_Payroll_Start_Date__c',
        from_value: null,
        to_value: '2025-05-02',
      },
      {
        rds_property_id: aPropertyId(1),
        field: 'ID_Verification_Enabled__c',
        from_value: 'false',
        to_value: 'true',
      },
    ]);
  });

  it('T21: takes a disabled property out of its group and keeps its identity', async () => {
    const members = {
      active_property_count: 2,
      is_multi_property: true,
      contributing_property_ids: ids(1, 2),
      sfdc_id_18: idA,
    };
    const on = { payroll_enabled: true, payroll_start_date: '2025-05-02' };
    await given({
      properties: [
        aProperty(1, { sfdc_id: idA, status: 'DISABLED', name: 'Renamed' }),
        aProperty(2, { sfdc_id: idA }),
      ],
      features: [aFeatureRow(1, { payroll: '2025-05-02T10:00:00Z' })],
      stagingRows: [aStagingRow(1, { ...members, ...on }), aStagingRow(2, { ...members, ...on })],
    });
    expect(await rowOf('properties_to_update', 1)).toMatchObject({
      property_status: 'DISABLED',
      property_name: 'Renamed',
      payroll_enabled: false,
      payroll_start_date: null,
      active_property_count: 0,
      is_multi_property: false,
      contributing_property_ids: null,
      sfdc_id_18: idA,
      priority: 'REST',
      population: 'disabled',
      has_changes: true,
    });
    expect(await rowOf('properties_to_update', 2)).toMatchObject({
      payroll_enabled: false,
      active_property_count: 1,
      is_multi_property: false,
      contributing_property_ids: ids(2),
      has_changes: true,
    });
  });

  it('T32: takes a property back into its group when it is active again', async () => {
    await given({
      properties: [aProperty(1, { sfdc_id: idA }), aProperty(2, { sfdc_id: idA })],
      stagingRows: [
        aStagingRow(1, { ...outsideGroups, property_status: 'DISABLED', sfdc_id_18: idA }),
        aStagingRow(2, { sfdc_id_18: idA }),
      ],
    });
    expect([await changesOf(1), await changesOf(2)]).toEqual([
      'Status__c;Active_Property_Count__c;Is_Multi_Property__c;Contributing_Property_IDs__c',
      'Active_Property_Count__c;Is_Multi_Property__c;Contributing_Property_IDs__c',
    ]);
  });

  it('E5: includes what changed a minute ago', async () => {
    await given({
      properties: [aProperty(1, { updated_at: '2026-01-05T11:59:00Z', city: 'Moved' })],
      stagingRows: [aStagingRow(1)],
    });
    expect(await rowOf('properties_to_update')).toMatchObject({
      has_changes: true,
      changed_fields: 'City__c',
    });
  });

  it('V2: inherits a changed company name in both queues, and none from a deleted company', async () => {
    const rows = { properties: [aProperty(1), aProperty(2)], stagingRows: [aStagingRow(1)] };
    await given({ ...rows, companies: [aCompany({ name: ' Renamed\tHomes' })] });
    expect(await rowOf('properties_to_update', 1)).toMatchObject({
      company_name: 'Renamed Homes',
      changed_fields: 'Company_Name__c',
    });
    expect(await rowOf('properties_to_create', 2)).toMatchObject({ company_name: 'Renamed Homes' });
    await given({ ...rows, companies: [aCompany({ _fivetran_deleted: true })] });
    expect(await rowOf('properties_to_create', 2)).toMatchObject({ company_id: 'c1', company_name: null });
    expect([await warningsOf(1), await warningsOf(2)]).toEqual([
      'COMPANY_UNRESOLVED;NULL_SOURCE_KEPT',
      'COMPANY_UNRESOLVED',
    ]);
  });

  it('carries the links, stamps and times of the row, and the clock of the plan', async () => {
    const row = {
      production_id: idB,
      last_modified_at: '2025-08-30T04:52:58Z',
      last_modified_by: '005ZZ000000SyncYAC',
      system_modstamp: '2025-08-30T04:53:00Z',
    };
    await given({ properties: [aProperty(1, { sfdc_id: idA })], stagingRows: [aStagingRow(1, row)] });
    expect(await rowOf('properties_to_update')).toMatchObject({
      staging_id: aStagingId(1),
      production_id: idB,
      sf_last_modified_at: new Date(row.last_modified_at),
      sf_last_modified_by: row.last_modified_by,
      sf_system_modstamp: new Date(row.system_modstamp),
      operation: 'UPDATE',
      queued_at: businessTime,
    });
    expect(await warningsOf()).toBe('LINK_MISMATCH');
  });
});

describe('priorities', () => {
  it.each([
    ['document_fraud', 'P3'],
    ['idv', 'P1'],
    ['bank_linking', 'P1'],
    ['payroll', 'P1'],
    ['income_insights', 'P1'],
  ] as const)('BC2: with %s alone is %s', async (feature, priority) => {
    await given({
      properties: [aProperty(1)],
      features: [aFeatureRow(1, { [feature]: '2025-01-01T00:00:00Z' })],
    });
    expect(await rowOf('properties_to_create')).toMatchObject({
      priority,
      operation: 'CREATE',
      queued_at: businessTime,
    });
  });

  it('BC2: goes by the flags of the group, not by own flags', async () => {
    await given({
      properties: [aProperty(1, { sfdc_id: idA }), aProperty(2, { sfdc_id: idA })],
      features: [aFeatureRow(2, { idv: null })],
      stagingRows: [aStagingRow(2)],
    });
    expect(await rowOf('properties_to_create', 1)).toMatchObject({ priority: 'P1' });
    expect(await rowOf('properties_to_update', 2)).toMatchObject({ priority: 'P2' });
  });

  it('counts what the settings call paid', async () => {
    await writeSyncContext(warehouse, businessTime, {
      ...defaultViewSettings,
      paidFeatures: ['document_fraud'],
    });
    await given({
      properties: [aProperty(1), aProperty(2)],
      features: [aFeatureRow(1, { document_fraud: '2025-01-01T00:00:00Z' }), aFeatureRow(2, { idv: null })],
    });
    const priorities = (await rowsOf('properties_to_create')).map((row) => row['priority']);
    await writeSyncContext(warehouse, businessTime);
    expect(priorities).toEqual(['P1', 'P3']);
  });
});

describe('warnings', () => {
  it('tell a missing date, but not of ID verification', async () => {
    await given({
      properties: [aProperty(1), aProperty(2)],
      features: [aFeatureRow(1, { idv: null }), aFeatureRow(2, { document_fraud: null })],
    });
    expect([await warningsOf(1), await warningsOf(2)]).toEqual(['', 'DATE_MISSING']);
  });

  it('tell of a row of an excluded property, and of an unknown status', async () => {
    await given({
      properties: [
        aProperty(1, { name: 'Demo' }),
        aProperty(2, { status: 'PAUSED' }),
        aProperty(3, { _fivetran_deleted: true }),
      ],
      stagingRows: [aStagingRow(1), aStagingRow(2), aStagingRow(3)],
    });
    expect([await warningsOf(1), await warningsOf(2), await warningsOf(3)]).toEqual([
      'EXCLUDED_WITH_ROW',
      'EXCLUDED_WITH_ROW;UNKNOWN_STATUS',
      'EXCLUDED_WITH_ROW',
    ]);
  });

  it('come in the order of the alphabet and change no class', async () => {
    await given({
      properties: [
        aProperty(1, {
          sfdc_id: 'nonsense',
          state: 'Ontario',
          zip: '123',
          name: 'n'.repeat(81),
          company_id: 'c9',
        }),
      ],
      features: [aFeatureRow(1, { payroll: null }), aFeatureRow(1, { bank_linking: null })],
    });
    expect(await rowOf('property_classification')).toMatchObject({
      class: 'CREATE',
      warnings:
        'COMPANY_UNRESOLVED;DATE_MISSING;FEATURE_ROWS_AMBIGUOUS;INVALID_STATE;MALFORMED_SFDC_ID;NAME_TRUNCATED;POSTAL_SUSPECT',
    });
  });

  it('tell of a link to another record only where the source names one', async () => {
    await given({
      properties: [aProperty(1, { sfdc_id: idA }), aProperty(2, { sfdc_id: idA }), aProperty(3)],
      stagingRows: [
        aStagingRow(1, { production_id: idB }),
        aStagingRow(2, { production_id: null }),
        aStagingRow(3, { production_id: idB }),
      ],
    });
    expect([await warningsOf(1), await warningsOf(2), await warningsOf(3)]).toEqual([
      'LINK_MISMATCH',
      '',
      '',
    ]);
  });
});

describe('the audit log and the dashboard', () => {
  const itemsGiven = async (items: readonly Row[]): Promise<void> => {
    const all = async function* (rows: readonly Row[]): AsyncIterable<readonly Row[]> {
      yield await Promise.resolve(rows);
    };
    const runs = [
      { run_id: 'r1', sync_name: 'Sync A', actor: 'alex', is_dry_run: false },
      { run_id: 'dry', sync_name: 'Sync A', actor: 'alex', is_dry_run: true },
    ];
    await warehouse.mergeRows(syncRun, all(runs), { replaceAll: true });
    await warehouse.mergeRows(syncRunItem, all(items), { replaceAll: true });
  };

  it('show one row per item, with what was sent', async () => {
    await itemsGiven([
      {
        item_id: 'r1:1',
        run_id: 'r1',
        rds_property_id: aPropertyId(1),
        staging_id: aStagingId(1),
        operation: 'CREATE',
        state: 'verified',
        after_image: JSON.stringify({
          Name: 'Maple "Court"',
          Company_ID__c: 'c1',
          Active_Property_Count__c: 3,
          ID_Verification_Enabled__c: true,
          Bank_Linking_Enabled__c: false,
        }),
        contributing_property_ids: ids(1, 2, 3),
        planned_at: '2026-01-05T11:00:00Z',
        ended_at: '2026-01-05T11:05:00Z',
      },
    ]);
    expect(await rowsOf('property_sync_audit_log')).toMatchObject([
      {
        audit_id: 'r1:1',
        sync_timestamp: new Date('2026-01-05T11:05:00Z'),
        sync_operation: 'CREATE',
        sync_name: 'Sync A',
        property_name: 'Maple "Court"',
        company_id: 'c1',
        active_property_count: 3,
        idv_enabled: true,
        bank_linking_enabled: false,
        payroll_enabled: null,
        sync_status: 'SUCCESS',
        run_id: 'r1',
        created_by: 'alex',
      },
    ]);
  });

  it.each([
    ['planned', 'QUEUED'],
    ['sent', 'QUEUED'],
    ['accepted', 'QUEUED'],
    ['unknown', 'QUEUED'],
    ['verified', 'SUCCESS'],
    ['failed', 'FAILED'],
    ['quarantined', 'FAILED'],
    ['skipped', 'SKIPPED'],
  ])('show the state %s as %s', async (state, status) => {
    await itemsGiven([{ item_id: 'i', run_id: 'r1', rds_property_id: 'p', state }]);
    expect(await rowsOf('property_sync_audit_log')).toMatchObject([{ sync_status: status }]);
  });

  it('count the last 24 hours before the clock of the plan, without dry runs', async () => {
    const item = (id: string, state: string, endedAt: string, runId = 'r1'): Row => ({
      item_id: id,
      run_id: runId,
      rds_property_id: id,
      state,
      ended_at: endedAt,
    });
    await itemsGiven([
      item('1', 'verified', '2026-01-04T12:00:01Z'),
      item('2', 'verified', '2026-01-04T12:00:00Z'),
      item('3', 'failed', '2026-01-05T12:00:00Z'),
      item('4', 'quarantined', '2026-01-05T00:00:00Z'),
      item('5', 'failed', '2026-01-05T12:00:01Z'),
      item('6', 'verified', '2026-01-05T11:00:00Z', 'dry'),
      item('7', 'skipped', '2026-01-05T11:00:00Z'),
    ]);
    await given({ properties: [] });
    const stages = await warehouse.query(
      `select stage, "count" from ${warehouse.name('sync_monitoring_dashboard')}`,
    );
    expect(stages.map((row) => Object.values(row))).toEqual([
      ['Properties to Create', 0],
      ['Properties to Update', 0],
      ['Properties Matched', 0],
      ['Multi-Property Aggregations', 0],
      ['Total in Product_Property__c', 0],
      ['Active RDS Properties', 0],
      ['Last 24 h Successful', 1],
      ['Last 24 h Failed', 2],
    ]);
  });
});
