import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { openDuckDbWarehouse } from '../../../middleware/src/adapters/duckdb/duckdbWarehouse.ts';
import { loadSourceFiles } from '../../../middleware/src/adapters/duckdb/loadSourceFiles.ts';
import { describeWarehouse } from '../ports/warehouse.contract.ts';

describeWarehouse('DuckDB in memory', () => openDuckDbWarehouse());

describe('DuckDB in a directory', () => {
  let directory: string;
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'warehouse-'));
  });
  afterEach(() => rm(directory, { recursive: true, force: true }));

  it('keeps its rows over a restart', async () => {
    const first = await openDuckDbWarehouse({ directory });
    await first.replaceTable('kept', 'select 1 as one');
    await first.close();
    const second = await openDuckDbWarehouse({ directory });
    expect(await second.query('select one from crm.property_sync.kept')).toEqual([{ one: 1 }]);
    await second.close();
  });

  it('refuses a second opening in the same process', async () => {
    const first = await openDuckDbWarehouse({ directory });
    await expect(openDuckDbWarehouse({ directory })).rejects.toMatchObject({ code: 'STORE_IN_USE' });
    await first.close();
  });

  it('refuses a second process', async () => {
    const first = await openDuckDbWarehouse({ directory });
    const adapter = new URL('../../../middleware/src/adapters/duckdb/duckdbWarehouse.ts', import.meta.url);
    const script = `const { openDuckDbWarehouse } = await import(${JSON.stringify(adapter.href)});
      await openDuckDbWarehouse({ directory: process.argv[1] }).then(
        () => console.log('opened'), (error) => console.log(error.code, error.message));`;
    const { stdout } = await promisify(execFile)(process.execPath, [
      '--input-type=module',
      '-e',
      script,
      directory,
    ]);
    expect(stdout).toContain('STORE_IN_USE The warehouse in');
    await first.close();
  });

  it('opens again right after closing', async () => {
    for (let round = 0; round < 3; round += 1) await (await openDuckDbWarehouse({ directory })).close();
    await expect(
      openDuckDbWarehouse({ directory }).then((warehouse) => warehouse.close()),
    ).resolves.toBeUndefined();
  });
});

describe('DuckDB as it is locked down', () => {
  it('reads no file outside the given directories, attaches nothing and keeps its settings', async () => {
    const warehouse = await openDuckDbWarehouse();
    for (const sql of [
      "select * from read_csv('/etc/passwd')",
      "attach '/tmp/other.duckdb' as other",
      "set memory_limit = '8GB'",
      'set enable_external_access = true',
    ]) {
      await expect(warehouse.execute(sql)).rejects.toMatchObject({ code: 'WAREHOUSE_QUERY_FAILED' });
    }
    await warehouse.close();
  });

  it('counts in UTC and puts NULL first', async () => {
    const warehouse = await openDuckDbWarehouse();
    const rows = await warehouse.query(
      `select cast(cast('2025-11-10T23:30:00-05:00' as timestamptz) as date) as day, x
       from (values (1), (null)) as numbers (x) order by x`,
    );
    expect(rows).toEqual([
      { day: new Date('2025-11-11T00:00:00Z'), x: null },
      { day: new Date('2025-11-11T00:00:00Z'), x: 1 },
    ]);
    await warehouse.close();
  });

  it('stops what runs when it closes', async () => {
    const warehouse = await openDuckDbWarehouse();
    const long = 'select count(*) from range(10000000) as a, range(10000000) as b';
    await warehouse.query('select 1 as one');
    const refused = [1, 2].map(() =>
      expect(warehouse.query(long)).rejects.toMatchObject({ code: 'WAREHOUSE_UNAVAILABLE' }),
    );
    await warehouse.close();
    await Promise.all(refused);
  });

  it('names its memory limit when a statement needs more', async () => {
    const warehouse = await openDuckDbWarehouse({ memoryLimitMb: 20 });
    await expect(
      warehouse.query(
        "select length(string_agg(i || ' some text to fill memory', ';')) as n from range(3000000) as r (i)",
      ),
    ).rejects.toMatchObject({
      code: 'WAREHOUSE_QUERY_FAILED',
      message: expect.stringContaining('memory limit'),
    });
    await warehouse.close();
  });
});

describe('loading source files', () => {
  let directory: string;
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'source-'));
  });
  afterEach(() => rm(directory, { recursive: true, force: true }));

  const columns = {
    id: 'string',
    name: 'string',
    inserted_at: 'timestamp',
    is_on: 'boolean',
    unit: 'integer',
  } as const;
  const file = { file: 'things', table: 'rds.pg_rds_public.things', columns };

  it('keeps NULL, the empty text and what CSV must quote apart, whatever the order of the columns', async () => {
    await writeFile(
      join(directory, 'things.csv'),
      'name,id,not_read,inserted_at,unit,is_on\n' +
        ',1,x,2026-01-05T12:00:00.000Z,7,true\n' +
        '"",2,,,,\n' +
        '"a ""b"",\tc\nd",3,,2026-01-05T12:00:00.000Z,,false\n',
    );
    const warehouse = await openDuckDbWarehouse({ readableDirectories: [directory] });
    await loadSourceFiles(warehouse, directory, [file]);
    const at = new Date('2026-01-05T12:00:00Z');
    expect(await warehouse.query(`select * from ${file.table} order by id`)).toEqual([
      { id: '1', name: null, inserted_at: at, is_on: true, unit: 7 },
      { id: '2', name: '', inserted_at: null, is_on: null, unit: null },
      { id: '3', name: 'a "b",\tc\nd', inserted_at: at, is_on: false, unit: null },
    ]);
    await warehouse.close();
  });

  it('takes Parquet where it is there', async () => {
    const warehouse = await openDuckDbWarehouse({ readableDirectories: [directory] });
    await warehouse.execute(
      `copy (select '1' as id, '' as name, timestamptz '2026-01-05 12:00:00Z' as inserted_at, true as is_on, 7 as unit)
       to '${join(directory, 'things.parquet')}' (format parquet)`,
    );
    await loadSourceFiles(warehouse, directory, [file]);
    expect(await warehouse.query(`select * from ${file.table}`)).toEqual([
      { id: '1', name: '', inserted_at: new Date('2026-01-05T12:00:00Z'), is_on: true, unit: 7 },
    ]);
    await warehouse.close();
  });

  it('names a missing file and missing columns', async () => {
    const warehouse = await openDuckDbWarehouse({ readableDirectories: [directory] });
    await expect(loadSourceFiles(warehouse, directory, [file])).rejects.toMatchObject({
      code: 'SOURCE_INVALID',
      message: expect.stringContaining('things.csv'),
    });
    await writeFile(join(directory, 'things.csv'), 'id,name,is_on\n');
    await expect(loadSourceFiles(warehouse, directory, [file])).rejects.toMatchObject({
      code: 'SOURCE_INVALID',
      message: expect.stringContaining('inserted_at, unit'),
    });
    await warehouse.close();
  });
});
