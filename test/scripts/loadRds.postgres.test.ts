import { createReadStream } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, readlink, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import type { DuckDbWarehouse } from '../../middleware/src/adapters/duckdb/duckdbWarehouse.ts';
import { loadSourceFiles } from '../../middleware/src/adapters/duckdb/loadSourceFiles.ts';
import { sourceTables, type SourceTable } from '../../middleware/src/planning/sourceContract.ts';
import type { ColumnType, Row } from '../../middleware/src/ports/warehouse.ts';
import { tables, type TableName } from '../../scripts/baseline/tables.ts';
import { writeBaseline } from '../../scripts/baseline/writeBaseline.ts';
import { deriveWideTable } from '../../scripts/rds/deriveWideTable.ts';
import type { LoadedRds } from '../../scripts/rds/loadRds.ts';
import { openSnapshot } from '../../scripts/rds/openSnapshot.ts';
import { openTestWarehouse } from '../sql/testWarehouse.ts';
import { openRdsDatabase, type RdsDatabase } from './rdsDatabase.ts';
import { runLoadRds, startLoadRds, type Loading } from './runLoadRds.ts';

const copiedTables: readonly SourceTable[] = [
  sourceTables.properties,
  sourceTables.companies,
  sourceTables.features,
  sourceTables.propertyFeatures,
  sourceTables.propertyFeatureEvents,
];
const allTables: readonly SourceTable[] = Object.values(sourceTables);
const ofReplication = ['_fivetran_deleted', '_fivetran_synced'];

const propertyId = (number: number): string => `a0000000-0000-4000-8000-${String(number).padStart(12, '0')}`;

let database: RdsDatabase;
let parent: string;
let out: string;

beforeAll(async () => {
  parent = await realpath(await mkdtemp(join(tmpdir(), 'property-sync-rds-')));
  out = join(parent, 'rds');
});
afterAll(() => rm(parent, { recursive: true, force: true }));
beforeEach(async () => {
  database = await openRdsDatabase();
});
afterEach(async () => {
  await database.remove();
  for (const name of await readdir(parent)) await rm(join(parent, name), { recursive: true });
});

async function load(...args: string[]): Promise<LoadedRds> {
  const { exitCode, stdout, stderr } = await runLoadRds(['--out', out, ...args], database.url);
  if (exitCode !== 0) throw new Error(stderr);
  return JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? '') as LoadedRds;
}

/** The warehouse as the middleware opens it on the loaded files, with all views. */
async function withWarehouse<Result>(
  directory: string,
  use: (warehouse: DuckDbWarehouse) => Promise<Result>,
): Promise<Result> {
  const warehouse = await openTestWarehouse({ readableDirectories: [directory] });
  try {
    await loadSourceFiles(warehouse, directory, allTables);
    return await use(warehouse);
  } finally {
    await warehouse.close();
  }
}

/**
 * Every value of a table as text, instants as microseconds, so that both databases say it alike. The sign before it keeps a
 * byte order mark: DuckDB's client drops one at the start of a text.
 */
async function readPostgres({ file, columns }: SourceTable, order: string): Promise<Row[]> {
  const values = ownColumns(columns).map(([column, type]) =>
    type === 'timestamp'
      ? `case when isfinite(${column}) then (extract(epoch from ${column}) * 1000000)::bigint::text
           else ${column}::text end as ${column}`
      : `'=' || ${column}::text as ${column}`,
  );
  const { rows } = await database.client.query<Row>(
    `select ${values.join(', ')} from public.${file} order by ${order}`,
  );
  return rows;
}

async function readDuckDb(
  warehouse: DuckDbWarehouse,
  { table, columns }: SourceTable,
  order: string,
): Promise<Row[]> {
  const values = ownColumns(columns).map(([column, type]) =>
    type === 'timestamp'
      ? `case when isfinite(${column}) then cast(epoch_us(${column}) as varchar)
           else cast(${column} as varchar) end as ${column}`
      : `'=' || cast(${column} as varchar) as ${column}`,
  );
  return warehouse.query(`select ${values.join(', ')} from ${table} order by ${order}`);
}

const ownColumns = (columns: Readonly<Record<string, ColumnType>>): [string, ColumnType][] =>
  Object.entries(columns).filter(([column]) => !ofReplication.includes(column));

const nastyTexts = [
  '',
  ' ',
  'null',
  'NULL',
  '\\N',
  '\\.',
  'a,b',
  '"',
  '""',
  'She said "no", twice',
  'two\nlines',
  'two\r\nlines',
  'a return\ronly',
  '\ttab and outer spaces ',
  'back\\slash and \\n',
  "an apostrophe's",
  'Ünïcödé, 日本, 🏠, e\u0301, \u202eright to left',
  '\ufeffbyte order mark',
  '007',
  'x'.repeat(255),
];

/** A property for each nasty text, in every column that takes it; one more with all that can be NULL left NULL. */
async function insertNastyRows(client: pg.Client): Promise<void> {
  for (const [index, nasty] of nastyTexts.entries()) {
    await client.query(
      `insert into companies (id, name, address, zip, inserted_at, updated_at)
       values ($1, $2::text, $2::text, $2::text, '2026-01-05 12:00:00.123456', 'infinity')`,
      [propertyId(900 + index), nasty],
    );
    await client.query(
      `insert into properties (id, name, entity_name, city, zip, sfdc_id, unit, inserted_at, updated_at, company_id,
         unit_is_required, supported_doctypes, textsearchable_index_col)
       values ($1, $2::text, $2::text, $2::text, $2::text, $2::text, $3, '2025-07-01T00:30:00.000001+05:30', '2025-03-09 02:30:00', $4, $5,
         jsonb_build_object('text', $2::text, 'list', '[1, null, "x"]'::jsonb), to_tsvector('simple', $2::text))`,
      [propertyId(index), nasty, index - 2_147_483_648, propertyId(900 + index), index % 2 === 0],
    );
  }
  await client.query(
    `insert into properties (id, inserted_at, updated_at, bank_statement, unit_is_required, supported_doctypes)
     values ($1, '0044-03-15', '1999-12-31', null, null, 'null')`,
    [propertyId(999)],
  );
}

/** `[property, feature, state, inserted, updated]`, in the order of their ids. */
type FeatureRow = [number, string, 'enabled' | 'disabled' | 'testing', string, string];

async function insertFeatureRows(rows: readonly FeatureRow[]): Promise<void> {
  for (const [index, [property, code, state, insertedAt, updatedAt]] of rows.entries()) {
    await database.client.query('insert into property_features values ($1, $2, $3, $4, $5, $6)', [
      index,
      code,
      propertyId(property),
      state,
      insertedAt,
      updatedAt,
    ]);
  }
}

describe('every value', () => {
  it('arrives in the warehouse as it is in PostgreSQL', async () => {
    await insertNastyRows(database.client);
    await insertFeatureRows([[1, 'bank_linking', 'testing', '2025-01-01T00:00:00Z', 'infinity']]);
    await database.client.query(
      `insert into property_feature_events values ($1, 'bank_linking', $1, 'enabled', '2025-01-01')`,
      [propertyId(1)],
    );
    const { rows } = await load('--without-fraud');

    await withWarehouse(out, async (warehouse) => {
      for (const table of copiedTables) {
        const expected = await readPostgres(table, 'id::text collate "C"');
        expect({ table: table.file, rows: await readDuckDb(warehouse, table, 'id') }).toEqual({
          table: table.file,
          rows: expected,
        });
        expect(rows[table.file]).toBe(expected.length);
      }
    });
    expect(rows['properties']).toBe(nastyTexts.length + 1);
    expect(await readFile(join(out, 'properties.csv'), 'utf8')).not.toContain('not to be copied');
  });

  it('has what a replication tool adds: not deleted, and synced at the instant of the snapshot', async () => {
    await insertNastyRows(database.client);
    const clock = async (): Promise<Date> =>
      (await database.client.query<{ now: Date }>('select now() as now')).rows[0]?.now ?? new Date(0);
    const before = await clock();
    const loaded = await load('--without-fraud');
    const after = await clock();

    const snapshotAt = new Date(loaded.snapshotAt);
    expect(loaded.snapshotAt).toBe(snapshotAt.toISOString());
    expect(snapshotAt.getTime()).toBeGreaterThanOrEqual(before.getTime());
    expect(snapshotAt.getTime()).toBeLessThanOrEqual(after.getTime());
    await withWarehouse(out, async (warehouse) => {
      for (const { table } of [sourceTables.properties, sourceTables.companies]) {
        const seen = await warehouse.query(
          `select _fivetran_deleted, date_trunc('millisecond', _fivetran_synced) as synced, count(*) > 0 as is_there
           from ${table} group by all`,
        );
        expect(seen).toEqual([{ _fivetran_deleted: false, synced: snapshotAt, is_there: true }]);
      }
    });
  });
});

describe('the wide table', () => {
  const early = '2025-01-01T00:00:00Z';
  const late = '2025-06-01T00:00:00Z';

  it('is made from the feature rows and events, with document fraud unknown', async () => {
    await database.client.query(
      `insert into properties (id, inserted_at, updated_at, sfdc_id)
       select ('a0000000-0000-4000-8000-' || lpad(number::text, 12, '0'))::uuid, now(), now(), 'sfdc ' || number
       from generate_series(1, 5) as number`,
    );
    await insertFeatureRows([
      // Enabled: its date is the latest event, else the row's; for ID verification an event alone.
      [1, 'bank_linking', 'enabled', early, late],
      [1, 'payroll_linking', 'enabled', early, late],
      [1, 'identity_verification', 'enabled', early, late],
      [2, 'identity_verification', 'enabled', early, late],
      // Not enabled, whatever the events say.
      [3, 'income_verification', 'testing', early, late],
      [3, 'bank_linking', 'disabled', early, late],
      // The latest row counts; of two as late the higher id.
      [4, 'bank_linking', 'disabled', early, late],
      [4, 'bank_linking', 'enabled', early, early],
      [4, 'payroll_linking', 'disabled', early, late],
      [4, 'payroll_linking', 'enabled', early, late],
      // Of no interest: a feature that is not synced, and a property that is not there.
      [5, 'rental_history', 'enabled', early, late],
      [6, 'bank_linking', 'enabled', early, late],
    ]);
    const events: [number, string, string, string][] = [
      [1, 'bank_linking', 'enabled', '2025-02-02'],
      [1, 'bank_linking', 'enabled', '2025-03-03'],
      [1, 'bank_linking', 'disabled', '2025-04-04'],
      [2, 'identity_verification', 'enabled', '2025-05-05'],
      [3, 'bank_linking', 'enabled', '2025-02-02'],
    ];
    for (const [index, [property, code, type, at]] of events.entries()) {
      await database.client.query('insert into property_feature_events values ($1, $2, $3, $4, $5)', [
        propertyId(index),
        code,
        propertyId(property),
        type,
        at,
      ]);
    }
    const loaded = await load('--without-fraud');

    expect(loaded.isFraudMapped).toBe(false);
    const off = { enabled: false, at: null, updated: null };
    const on = (at: string | null): object => ({
      enabled: true,
      at: at && new Date(at),
      updated: new Date(late),
    });
    const offSince = { ...off, updated: new Date(late) };
    await withWarehouse(out, async (warehouse) => {
      const prefixes = ['idv', 'bank_linking', 'payroll_linking', 'iv', 'fraud'];
      const rows = await warehouse.query(
        `select * from ${sourceTables.wideFeatures.table} order by property_id`,
      );
      const seen = rows.map((row) => ({
        id: row['property_id'],
        sfdc: row['sfdc_id'],
        staging: row['product_property_id'],
        ...Object.fromEntries(
          prefixes.map((prefix) => [
            prefix,
            {
              enabled: row[`${prefix}_enabled`],
              at: row[`${prefix}_enabled_at`],
              updated: row[`${prefix}_updated_at`],
            },
          ]),
        ),
      }));
      const fraud = { enabled: null, at: null, updated: null };
      const expected = (number: number, features: object): object => ({
        id: propertyId(number),
        sfdc: `sfdc ${String(number)}`,
        staging: null,
        idv: off,
        bank_linking: off,
        payroll_linking: off,
        iv: off,
        fraud,
        ...features,
      });
      expect(seen).toEqual([
        expected(1, { idv: on(null), bank_linking: on('2025-03-03T00:00:00Z'), payroll_linking: on(early) }),
        expected(2, { idv: on('2025-05-05T00:00:00Z') }),
        expected(3, { iv: offSince, bank_linking: offSince }),
        expected(4, { bank_linking: offSince, payroll_linking: on(early) }),
      ]);
    });
  });

  it('gives the January baseline the flags and dates that its own wide table gives', async () => {
    const baseline = join(parent, 'baseline');
    await writeBaseline({ outDir: baseline, properties: 1_000 });
    await database.client.query('create schema january');
    for (const { file, columns } of copiedTables) await importTable(baseline, file, columns);
    await load('--schema', 'january', '--without-fraud');

    // A wide row may keep the date of a feature that is off; nothing reads it.
    const dates = ['bank_linking', 'payroll', 'income_insights'].map(
      (feature) => `case when ${feature}_enabled then ${feature}_enabled_at end as ${feature}_enabled_at`,
    );
    const readEnriched = (warehouse: DuckDbWarehouse): Promise<Row[]> =>
      warehouse.query(
        `select * exclude (document_fraud_enabled, document_fraud_enabled_at) replace (${dates.join(', ')})
         from ${warehouse.name('rds_properties_enriched')}
         where not is_deleted
         order by rds_property_id`,
      );
    const expected = await withWarehouse(baseline, readEnriched);
    const seen = await withWarehouse(out, readEnriched);
    expect(expected).toHaveLength(1_000);
    expect(expected.filter((row) => row['idv_enabled'] === true).length).toBeGreaterThan(100);
    expect(seen).toEqual(expected);
  });

  it('is made by no join that grows with the square of the properties, although nothing was counted before', async () => {
    await database.client.query(`
      insert into properties (id, inserted_at, updated_at)
      select gen_random_uuid(), now(), now() from generate_series(1, 5000);
      insert into property_features
      select row_number() over (), 'bank_linking', id, 'enabled', now(), now() from properties;
    `);
    const snapshot = await openSnapshot({
      url: database.url,
      statementTimeoutMs: 60_000,
      signal: new AbortController().signal,
    });
    const { rows } = await snapshot.client.query(`explain ${deriveWideTable('public')}`);
    await snapshot.commit();
    expect(JSON.stringify(rows)).toMatch(/Group/);
    expect(JSON.stringify(rows)).not.toMatch(/Nested Loop/);
  });

  it('is copied where the database has one, and then document fraud is mapped', async () => {
    await database.client.query(
      `create schema crm;
       create table crm.wide_features (
         property_id uuid, sfdc_id text, product_property_id text,
         ${['idv', 'bank_linking', 'payroll_linking', 'iv', 'fraud']
           .map(
             (prefix) =>
               `${prefix}_enabled boolean, ${prefix}_enabled_at timestamp, ${prefix}_updated_at timestamp`,
           )
           .join(', ')});
       insert into crm.wide_features (property_id, product_property_id, fraud_enabled, fraud_enabled_at)
       values ('${propertyId(1)}', 'a13ZZ000002PKsbYAG', true, '2025-11-10'), ('${propertyId(1)}', '', false, null);`,
    );
    const loaded = await load('--wide-table', 'crm.wide_features');

    expect(loaded.isFraudMapped).toBe(true);
    expect(loaded.rows['product_property_w_features']).toBe(2);
    await withWarehouse(out, async (warehouse) => {
      expect(
        await warehouse.query(
          `select property_id, product_property_id, idv_enabled, fraud_enabled, fraud_enabled_at
           from ${sourceTables.wideFeatures.table} order by product_property_id`,
        ),
      ).toEqual([
        {
          property_id: propertyId(1),
          product_property_id: '',
          idv_enabled: null,
          fraud_enabled: false,
          fraud_enabled_at: null,
        },
        {
          property_id: propertyId(1),
          product_property_id: 'a13ZZ000002PKsbYAG',
          idv_enabled: null,
          fraud_enabled: true,
          fraud_enabled_at: new Date('2025-11-10T00:00:00Z'),
        },
      ]);
    });
  });
});

/** A table of a baseline as `january.<file>`: the files hold texts, a view gives them their types. */
async function importTable(
  baseline: string,
  file: string,
  columns: Readonly<Record<string, ColumnType>>,
): Promise<void> {
  const header = Object.keys(tables[file as TableName]);
  await database.client.query(
    `create table january.raw_${file} (${header.map((column) => `${column} text`).join(', ')})`,
  );
  await pipeline(
    createReadStream(join(baseline, `${file}.csv`)),
    database.client.query(copyFrom(`copy january.raw_${file} from stdin with (format csv, header true)`)),
  );
  const types: Readonly<Partial<Record<ColumnType, string>>> = { string: 'text', timestamp: 'timestamptz' };
  const values = ownColumns(columns).map(
    ([column, type]) => `${column}::${types[type] ?? type} as ${column}`,
  );
  await database.client.query(
    `create view january.${file} as select ${values.join(', ')} from january.raw_${file}
     where _fivetran_deleted <> 'true'`,
  );
}

describe('one moment', () => {
  it('is what all files show: what is committed between two tables is in none of them', async () => {
    await insertNastyRows(database.client);
    await insertFeatureRows([[1, 'bank_linking', 'enabled', '2025-01-01', '2025-01-01']]);
    const writer = await database.connect();
    const release = await lock(writer, 'companies');
    const loading = startLoadRds(['--out', out, '--without-fraud'], database.url);
    // The properties are copied now, and nothing else.
    await waitAt('companies', loading);
    await writer.query(
      `insert into companies values ($1, 'Too late', '', '', '', '', '', '', '', '', '', now(), now())`,
      [propertyId(800)],
    );
    await writer.query(`update companies set name = 'Renamed too late'`);
    await writer.query(`update property_features set state = 'disabled'`);
    await writer.query(`delete from features where code = 'rental_history'`);
    await release();

    const { exitCode, stdout } = await loading.ended;
    expect(exitCode).toBe(0);
    expect((JSON.parse(stdout) as LoadedRds).rows).toMatchObject({
      properties: nastyTexts.length + 1,
      companies: nastyTexts.length,
      features: 5,
    });
    expect(await readFile(join(out, 'companies.csv'), 'utf8')).not.toContain('too late');
    await withWarehouse(out, async (warehouse) => {
      const { table } = sourceTables.wideFeatures;
      expect(await warehouse.query(`select bank_linking_enabled as flag from ${table}`)).toEqual([
        { flag: true },
      ]);
    });
  });
});

describe('the directory', () => {
  it('is turned to the new files in one step, and the ones before are gone', async () => {
    await mkdir(out);
    const first = await load('--without-fraud');
    const firstSet = await readlink(out);
    await insertNastyRows(database.client);
    const second = await load('--without-fraud');

    expect(first.rows['properties']).toBe(0);
    expect(second).toMatchObject({ directory: out, isFraudMapped: false });
    expect(JSON.parse(await readFile(join(out, 'manifest.json'), 'utf8'))).toEqual(second);
    expect(await readlink(out)).not.toBe(firstSet);
    expect((await readdir(parent)).sort()).toEqual(['rds', await readlink(out)]);
    expect((await readdir(out)).sort()).toEqual(
      [...allTables.map(({ file }) => `${file}.csv`), 'manifest.json'].sort(),
    );
  });

  it.each<[string, (loading: Loading) => Promise<unknown>, RegExp]>([
    [
      'is interrupted',
      (loading) => Promise.resolve(loading.process.kill('SIGTERM')),
      /Interrupted: nothing was changed/,
    ],
    [
      'loses its connection',
      () =>
        database.client.query(
          `select pg_terminate_backend(pid) from pg_stat_activity
           where application_name = 'property-sync load:rds' and datname = current_database()`,
        ),
      /terminating connection due to administrator command/,
    ],
  ])('keeps the old files when a load %s', async (_, disturb, reason) => {
    await load('--without-fraud');
    const before = await readdir(parent);
    await insertNastyRows(database.client);
    const release = await lock(await database.connect(), 'companies');
    const loading = startLoadRds(['--out', out, '--without-fraud'], database.url);
    await waitAt('companies', loading);
    expect(await readdir(parent)).not.toEqual(before);
    await disturb(loading);

    const { exitCode, stdout, stderr } = await loading.ended;
    await release();
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' });
    expect(stderr).toMatch(reason);
    expect(await readdir(parent)).toEqual(before);
    expect(await readFile(join(out, 'properties.csv'), 'utf8')).toMatch(/^id,name,[^\n]*\n$/);
  });

  it('is refused when it holds files of somebody else', async () => {
    await mkdir(out);
    await writeFile(join(out, 'mine.txt'), '');
    const { exitCode, stderr } = await runLoadRds(['--out', out, '--without-fraud'], database.url);
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(/rds holds something that this command did not write.*\n.*--out DIR/);
    expect(await readdir(out)).toEqual(['mine.txt']);
  });
});

/** Lets nobody read the table until the returned function is called. */
async function lock(holder: pg.Client, table: string): Promise<() => Promise<unknown>> {
  await holder.query('begin');
  await holder.query(`lock table ${table} in access exclusive mode`);
  return () => holder.query('commit');
}

/** Resolves once the load waits for the locked table. */
async function waitAt(table: string, loading: Loading): Promise<void> {
  const countWaiting = `select from pg_locks where not granted and relation = '${table}'::regclass`;
  while ((await database.client.query(countWaiting)).rowCount === 0) {
    if (loading.process.exitCode !== null) throw new Error((await loading.ended).stderr);
  }
}
