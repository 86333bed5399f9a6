import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  openDuckDbWarehouse,
  type DuckDbWarehouse,
} from '../../middleware/src/adapters/duckdb/duckdbWarehouse.ts';
import { compareRelation, type Comparison } from '../../scripts/spark/compareRelation.ts';
import { showComparisons } from '../../scripts/spark/showComparisons.ts';

let directory: string;
let warehouse: DuckDbWarehouse;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'spark-test-'));
  warehouse = await openDuckDbWarehouse({ readableDirectories: [directory] });
});
afterAll(async () => {
  await warehouse.close();
  await rm(directory, { recursive: true, force: true });
});

const rows = (...values: string[]): string =>
  `select * from (values ${values.join(', ')}) as given (id, name, is_on, size, changed_at)`;
const oak = "('1', 'Oak', true, 1, timestamptz '2026-01-05 12:00:00+00')";
const elm = "('2', NULL, false, NULL, NULL)";

let files = 0;
/** Compares rows of DuckDB with rows that come from a file of parquet, as Spark's do. */
async function compare(duckDbSelect: string, sparkSelect: string, key = ['id']): Promise<Comparison> {
  const file = join(directory, `${String((files += 1))}.parquet`);
  await warehouse.execute(`copy (${sparkSelect}) to '${file}' (format parquet)`);
  return compareRelation(warehouse, {
    name: 'houses',
    key,
    duckDbSelect,
    sparkSelect: `select * from read_parquet('${file}')`,
  });
}

describe('the comparison of DuckDB with Spark', () => {
  it('finds the same rows equal, whatever their order and the width of their integers', async () => {
    const wide = `select * replace (cast(size as bigint) as size) from (${rows(elm, oak)})`;
    expect(await compare(rows(oak, elm), wide)).toEqual({
      relation: 'houses',
      rows: 2,
      differing: 0,
      differences: [],
    });
  });

  it.each([
    ['a text', "name = 'Oak '", 'name', 'Oak', 'Oak '],
    ['an empty text and NULL', "name = ''", 'name', 'Oak', ''],
    ['a value and NULL', 'name = NULL', 'name', 'Oak', null],
    ['a flag', 'is_on = false', 'is_on', 'true', 'false'],
    ['a number', 'size = 2', 'size', '1', '2'],
    [
      'a microsecond',
      "changed_at = timestamptz '2026-01-05 12:00:00.000001+00'",
      'changed_at',
      '2026-01-05 12:00:00+00',
      '2026-01-05 12:00:00.000001+00',
    ],
  ])('tells %s apart', async (_, planted, column, duckDb, spark) => {
    const [name = '', value = ''] = planted.split(' = ');
    const other = `select * replace (case when id = '1' then ${value} else ${name} end as ${name}) from (${rows(oak, elm)})`;
    expect(await compare(rows(oak, elm), other)).toMatchObject({
      differing: 1,
      differences: [{ relation: 'houses', key: '1', column, duckDb, spark }],
    });
  });

  it('finds a row that one engine lacks, and one that it has twice', async () => {
    expect((await compare(rows(oak, elm), rows(oak))).differences).toEqual([
      { relation: 'houses', key: '2', column: '(row)', duckDb: 'has the row', spark: 'lacks the row' },
    ]);
    expect((await compare(rows(oak), rows(oak, oak))).differences).toEqual([
      { relation: 'houses', key: '1', column: '(row)', duckDb: 'lacks the row', spark: 'has the row' },
    ]);
  });

  it('finds rows without a key that differ, NULLs included', async () => {
    expect(await compare(rows(elm, elm, oak), rows(oak, elm, elm), [])).toMatchObject({ differing: 0 });
    expect(await compare(rows(elm, elm), rows(elm, oak), [])).toMatchObject({ differing: 2 });
  });

  it('finds a column that is missing, new or of another type, though there are no rows', async () => {
    const none = `select * from (${rows(oak)}) where false`;
    const other = `select id, cast(name as integer) as name, is_on, size, 1 as extra from (${none})`;
    expect((await compare(none, other)).differences).toEqual([
      { relation: 'houses', key: 'type of the column', column: 'name', duckDb: 'varchar', spark: 'integer' },
      {
        relation: 'houses',
        key: 'type of the column',
        column: 'changed_at',
        duckDb: 'timestamp with time zone',
        spark: null,
      },
      { relation: 'houses', key: 'type of the column', column: 'extra', duckDb: null, spark: 'integer' },
    ]);
  });

  it('lists the first rows and counts them all', async () => {
    const many = (value: string): string =>
      `select cast(i as varchar) as id, ${value} as name from range(1000) as numbers (i)`;
    const comparison = await compare(many("'a'"), many("'b'"));
    expect(comparison.differing).toBe(1_000);
    expect(comparison.differences).toHaveLength(20);
  });
});

describe('the report of the comparison', () => {
  it('has a line per relation, and says that the engines agree', async () => {
    const report = showComparisons([await compare(rows(oak, elm), rows(oak, elm))]);
    expect(report).toMatch(/^equal {3}houses +2 rows\n/);
    expect(report).toContain('Spark and DuckDB say the same: 2 rows of 1 relations.');
  });

  it('shows a planted difference as a row, and the total', async () => {
    const planted = rows("('1', E'Oak\\t', true, 1, timestamptz '2026-01-05 12:00:00+00')", elm);
    const report = showComparisons([await compare(rows(oak, elm), planted)]);
    expect(report).toMatch(/^DIFFERS houses +2 rows, 1 differ\n/);
    expect(report).toContain('houses | 1 | name | "Oak" | "Oak\\t"\n');
    expect(report).toContain('Spark and DuckDB differ in 1 rows.');
  });
});
