import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { DBSQLClient } from '@databricks/sql';
import {
  startDatabricksLocal,
  type DatabricksLocal,
} from '../../scripts/databricks-local/startDatabricksLocal.ts';
import { connect, query, type Session, type StatementOptions } from './databricksLocalClient.ts';

const inArrow: StatementOptions = { useCloudFetch: false, useLZ4Compression: false };
const inLz4: StatementOptions = { useCloudFetch: false, useLZ4Compression: true };
const byLinks: StatementOptions = { useCloudFetch: true };

describe('the local Databricks endpoint, met with the unmodified driver', () => {
  let warehouse: DatabricksLocal;
  let client: DBSQLClient;
  let session: Session;
  /** A session of a client that takes columns only. */
  let columnSession: Session;

  beforeAll(async () => {
    warehouse = await startDatabricksLocal({ linksFromRows: 2 });
    client = await connect(warehouse);
    session = await client.openSession();
    const columnClient = await connect(warehouse);
    Object.assign(columnClient.getConfig(), { arrowEnabled: false });
    columnSession = await columnClient.openSession();
  });
  afterAll(async () => {
    await session.close();
    await columnSession.close();
    await warehouse.close();
  });

  describe('types', () => {
    const instant = new Date('2026-01-05T12:00:00.123Z');
    // type, value in DuckDB, as Arrow brings it, as columns bring it
    const types: readonly (readonly [string, string, unknown, unknown])[] = [
      ['boolean', 'true', true, true],
      ['int', '-2147483648', -2_147_483_648, -2_147_483_648],
      ['bigint', '-9007199254740991', -9_007_199_254_740_991n, -9_007_199_254_740_991],
      // Beyond 2^53 the driver makes this of a column, where it keeps Arrow's exact.
      ['bigint', '9007199254740993', 9_007_199_254_740_993n, Infinity],
      ['decimal(10, 2)', '-1.25', '-1.25', -1.25],
      [
        'decimal(38, 10)',
        "'12345678901234567890.0123456789'",
        '12345678901234567890.0123456789',
        12345678901234567000,
      ],
      ['double', '0.1', 0.1, 0.1],
      ['string', "'ünïcode 🙂 ''quoted'''", "ünïcode 🙂 'quoted'", "ünïcode 🙂 'quoted'"],
      ['string', "''", '', ''],
      ['date', "'1969-12-31'", new Date('1969-12-31T00:00:00.000Z'), '1969-12-31'],
      ['timestamp', "'2026-01-05T12:00:00.123Z'", instant, '2026-01-05 12:00:00.123'],
      ['array<string>', "['a', null, '']", ['a', null, ''], ['a', null, '']],
      ['array<bigint>', '[]', [], []],
      ['array<timestamp>', "['2026-01-05T12:00:00.123Z']", [instant], ['2026-01-05 12:00:00.123']],
    ];
    const select = (type: string, value: string): string =>
      `select cast(v as ${type}) as v from (values (1, ${value}), (2, null)) as rows_of(i, v) order by i`;
    const both = (value: unknown): object[] => [{ v: value }, { v: null }];

    it.each(types)(
      '%s %s in Arrow, compressed Arrow, links and columns',
      async (type, value, arrow, columns) => {
        const sql = select(type, value);
        expect(await query(session, sql, inArrow)).toEqual(both(arrow));
        expect(await query(session, sql, inLz4)).toEqual(both(arrow));
        expect(await query(session, sql, byLinks)).toEqual(both(arrow));
        expect(await query(columnSession, sql)).toEqual(both(columns));
      },
    );

    it('structs, also in lists, and what has no rows', async () => {
      const sql = "select {'a': 1, 'b': [{'c': 'x'}]} as v from range(2)";
      const rows = Array.from({ length: 2 }, () => ({ v: { a: 1, b: [{ c: 'x' }] } }));
      expect(await query(session, sql, inArrow)).toEqual(rows);
      expect(await query(session, sql, byLinks)).toEqual(rows);
      expect(await query(columnSession, sql)).toEqual(rows);
      expect(await query(session, 'select 1 as v where false')).toEqual([]);
      expect(await query(columnSession, 'select 1 as v where false')).toEqual([]);
    });

    it('sums and counts of integers are BIGINT, and overflow as such', async () => {
      const operation = await session.executeStatement('select sum(range) as s, count(*) as n from range(3)');
      const columns = (await operation.getSchema())?.columns.map(
        ({ typeDesc }) => typeDesc.types[0]?.primitiveEntry?.type,
      );
      const bigint = 4; // TTypeId.BIGINT_TYPE
      expect(columns).toEqual([bigint, bigint]);
      expect(await operation.fetchAll()).toEqual([{ s: 3n, n: 3n }]);
    });
  });

  describe('large results', () => {
    const rowCount = 100_000;
    const sql = `select range as id, 'row ' || range as name from range(${rowCount})`;
    const expectAll = (rows: object[]): void => {
      expect(rows).toHaveLength(rowCount);
      for (const i of [0, 2_047, 2_048, 39_999, 40_000, 99_999]) {
        expect(rows[i]).toEqual({ id: expect.anything(), name: `row ${i}` });
        expect(Number((rows[i] as { id: bigint }).id)).toBe(i);
      }
    };

    it('come in pages of Arrow', async () => {
      const before = warehouse.control.calls['FetchResults'] ?? 0;
      expectAll(await query(session, sql, { ...inLz4, maxRows: 5_000 }));
      // 5 000 rows at once, then 40 000 at most in each answer.
      expect((warehouse.control.calls['FetchResults'] ?? 0) - before).toBe(3);
    });

    it('come in pages of columns', async () => expectAll(await query(columnSession, sql)));

    it('come by links', async () => {
      const before = warehouse.control.calls['DownloadResult'] ?? 0;
      expectAll(await query(session, sql, byLinks));
      expect((warehouse.control.calls['DownloadResult'] ?? 0) - before).toBe(3);
    });

    it('are cut where the client cuts them, within what DuckDB holds together', async () => {
      const operation = await session.executeStatement('select range as id from range(5000)', {
        ...inArrow,
        maxRows: null,
      });
      const sizes: number[] = [];
      const ids: unknown[] = [];
      do {
        const rows = (await operation.fetchChunk({ maxRows: 1_500 })) as { id: bigint }[];
        sizes.push(rows.length);
        ids.push(...rows.map(({ id }) => Number(id)));
      } while (await operation.hasMoreRows());
      await operation.close();
      expect(sizes).toEqual([1_500, 1_500, 1_500, 500]);
      expect(ids).toEqual(Array.from({ length: 5_000 }, (_, i) => i));
    });
  });

  describe('parameters', () => {
    it('come typed, whatever a text or a comment holds', async () => {
      const namedParameters = {
        big: 9_007_199_254_740_993n,
        small: 7,
        half: 0.5,
        isOn: false,
        text: "it's :small",
        at: new Date('2026-01-05T12:00:00.123Z'),
        none: null,
      };
      const sql = `select :big as big, :small as small, :half as half, :isOn as is_on, :text as text, :at as at_time,
        :none as none, ':small' as kept, '1'::int as casted -- :small`;
      expect(await query(session, sql, { namedParameters })).toEqual([
        {
          big: 9_007_199_254_740_993n,
          small: 7,
          half: 0.5,
          is_on: false,
          text: "it's :small",
          at_time: namedParameters.at,
          none: null,
          kept: ':small',
          casted: 1,
        },
      ]);
    });

    it('are refused where Databricks refuses them', async () => {
      const namedParameters = { x: 1 };
      await expect(
        query(session, 'create table t as select :x as x', { namedParameters }),
      ).rejects.toMatchObject({
        response: { sqlState: '0A000' },
      });
      await expect(query(session, 'select :y', { namedParameters })).rejects.toMatchObject({
        response: { sqlState: '42P02' },
      });
    });
  });

  it.each([
    ['selec 1', '42601', 'PARSE_SYNTAX_ERROR'],
    ['select 1; select 2', '42601', 'PARSE_SYNTAX_ERROR'],
    ['', '42601', 'PARSE_SYNTAX_ERROR'],
    ['select * from missing', '42P01', 'TABLE_OR_VIEW_NOT_FOUND'],
    ['select * from nowhere.at_all.missing', '42704', 'SCHEMA_NOT_FOUND'],
    ['select missing', '42703', 'UNRESOLVED_COLUMN'],
    ['select missing(1)', '42883', 'UNRESOLVED_ROUTINE'],
    ["select cast('a' as int)", '22018', 'CAST_INVALID_INPUT'],
    ['select 9223372036854775807 + 1', '22003', 'ARITHMETIC_OVERFLOW'],
    ['select 1 / 0', '22012', 'DIVIDE_BY_ZERO'],
    ["select raise_error('no')", 'P0001', 'USER_RAISED_EXCEPTION'],
  ])('says what is wrong with %s', async (sql, sqlState, condition) => {
    await expect(query(session, sql)).rejects.toMatchObject({
      response: { sqlState, displayMessage: expect.stringContaining(`[${condition}]`) },
    });
    // The same for who does not take the result with the answer.
    await expect(query(session, sql, { maxRows: null })).rejects.toMatchObject({ response: { sqlState } });
  });

  describe('statements', () => {
    it('create, write, merge and describe a table as on Databricks', async () => {
      const run = (sql: string): Promise<object[]> => query(session, sql);
      expect(
        await run(
          "create table if not exists made (id string comment 'key', at_time timestamp, tags array<string>) using delta",
        ),
      ).toEqual([]);
      expect(await run("insert into made values ('a', '2026-01-05T12:00:00Z', ['x'])")).toEqual([
        { num_affected_rows: 1n },
      ]);
      expect(
        await run(`merge into made as target using (select explode(from_json('[{"id": "a"}, {"id": "b"}]',
            'array<struct<id: string, at_time: timestamp>>')) as given) as source
          on target.id = source.given.id
          when matched then update set target.at_time = source.given.at_time
          when not matched then insert (id, at_time) values (source.given.id, current_timestamp())`),
      ).toEqual([{ num_affected_rows: 2n }]);
      expect(await run('select id, at_time is null as is_cleared from made order by id')).toEqual([
        { id: 'a', is_cleared: true },
        { id: 'b', is_cleared: false },
      ]);
      expect(
        await run(`select column_name, data_type from system.information_schema.columns
          where table_catalog = 'crm' and table_name = 'made' order by ordinal_position`),
      ).toEqual([
        { column_name: 'id', data_type: 'STRING' },
        { column_name: 'at_time', data_type: 'TIMESTAMP' },
        { column_name: 'tags', data_type: 'ARRAY' },
      ]);
      expect(await run('drop table made')).toEqual([]);
    });

    it('explain themselves, also what is wrong with them', async () => {
      expect(await query(session, 'explain select 1 as x')).toEqual([
        { plan: expect.stringMatching(/PROJECTION/) },
      ]);
      expect(await query(session, 'explain formatted select * from missing')).toEqual([
        { plan: expect.stringMatching(/^Error occurred during query planning.*TABLE_OR_VIEW_NOT_FOUND/s) },
      ]);
      await expect(query(session, 'explain selec')).rejects.toMatchObject({
        response: { sqlState: '42601' },
      });
    });

    it('ask for functions: the product has its own here already, others are refused', async () => {
      const sql = (name: string): string =>
        `create or replace function crm.property_sync.${name}(x string) returns string return trim(x)`;
      expect(await query(session, sql('text_value'))).toEqual([]);
      await expect(query(session, sql('unheard_of'))).rejects.toMatchObject({
        response: { sqlState: '0A000' },
      });
    });

    it('look names up where the session is', async () => {
      await query(session, 'create table rds.pg_rds_public.here as select 1 as x');
      await expect(query(session, 'select * from here')).rejects.toMatchObject({
        response: { sqlState: '42P01' },
      });
      await query(session, 'use rds.pg_rds_public');
      expect(await query(session, 'select * from here')).toEqual([{ x: 1 }]);
      await query(session, 'use catalog crm');
      await query(session, 'use schema property_sync');
      const there = await client.openSession({ initialCatalog: 'rds', initialSchema: 'pg_rds_public' });
      expect(await query(there, 'select * from here')).toEqual([{ x: 1 }]);
      await there.close();
    });
  });

  describe('what takes long', () => {
    /** Takes minutes. */
    const slow =
      'select count(*) as n from range(100000000) a, range(100000000) b where a.range * b.range = 7';

    it('is cancelled', async () => {
      const operation = await session.executeStatement(slow, { maxRows: null });
      const reading = operation.fetchAll();
      reading.catch(() => undefined);
      await operation.cancel();
      await expect(reading).rejects.toThrow(/cancel/i);
    });

    it('ends when its session is closed', async () => {
      // The driver leaves what it has cancelled to the session.
      const before = warehouse.control.openOperations;
      const own = await client.openSession();
      await own.executeStatement(slow, { maxRows: null });
      const cancelled = await own.executeStatement(slow, { maxRows: null });
      await cancelled.cancel();
      expect(warehouse.control.openOperations).toBe(before + 2);
      await own.close();
      expect(warehouse.control.openOperations).toBe(before);
    });

    it('ends at the timeout of the statement or of the session', async () => {
      await expect(query(session, slow, { queryTimeout: 1 })).rejects.toMatchObject({ errorCode: 'TIMEOUT' });
      await query(session, 'set statement_timeout = 1');
      await expect(query(session, slow)).rejects.toMatchObject({ errorCode: 'TIMEOUT' });
      await query(session, 'set statement_timeout = 0');
    });
  });

  it('serves several sessions at once', async () => {
    const work = Array.from({ length: 8 }, async (_, i) => {
      const own = await client.openSession();
      const rows = await Promise.all(
        Array.from({ length: 5 }, (__, j) =>
          query(own, 'select :x as x', { namedParameters: { x: i * 10 + j } }),
        ),
      );
      await own.close();
      return rows.map(([row]) => (row as { x: number }).x);
    });
    expect(await Promise.all(work)).toEqual(
      Array.from({ length: 8 }, (_, i) => Array.from({ length: 5 }, (__, j) => i * 10 + j)),
    );
  });
});
