import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { DuckDBInstance } from '@duckdb/node-api';
import { parse } from 'csv-parse/sync';
import { writeCsv } from '../../scripts/baseline/csvFile.ts';
import type { BaselineManifest } from '../../scripts/baseline/writeBaseline.ts';
import { readTable } from './readTable.ts';
import { runBaseline } from './runBaseline.ts';

let dir: string;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'baseline-cli-'));
});

afterAll(async () => {
  await rm(dir, { recursive: true });
});

const manifestOf = async (out: string) =>
  JSON.parse(await readFile(join(out, 'manifest.json'), 'utf8')) as BaselineManifest;

const sha256 = async (path: string) =>
  createHash('sha256')
    .update(await readFile(path))
    .digest('hex');

describe('npm run baseline', () => {
  it('writes a file per table and a manifest that tells the truth about them', async () => {
    const out = join(dir, 'new', 'small');
    const ended = await runBaseline(['--out', out, '--properties', '1000', '--seed', '5']);
    expect(ended).toMatchObject({ exitCode: 0, stderr: '' });
    expect(ended.stdout).toContain('Wrote 1,000 properties with seed 5');

    const manifest = await manifestOf(out);
    expect(manifest).toMatchObject({
      seed: 5,
      properties: 1_000,
      now: '2026-01-05T12:00:00.000Z',
      format: 'csv',
    });
    expect((await readdir(out)).sort()).toEqual([...Object.keys(manifest.files), 'manifest.json'].sort());
    for (const [name, { rows, sha256: expected }] of Object.entries(manifest.files)) {
      expect(await sha256(join(out, name))).toBe(expected);
      expect(await readTable(out, name.replace('.csv', ''))).toHaveLength(rows);
    }
    expect(await readdir(join(dir, 'new'))).toEqual(['small']);
  });

  it('gives the same bytes for the same seed and other bytes for another', async () => {
    const filesOf = async (name: string, seed: string) => {
      const out = join(dir, name);
      await runBaseline(['--out', out, '--properties', '1000', '--seed', seed]);
      return (await manifestOf(out)).files;
    };
    const first = await filesOf('first', '9');
    expect(await filesOf('again', '9')).toEqual(first);
    const other = await filesOf('other', '10');
    expect(other['properties.csv']?.sha256).not.toBe(first['properties.csv']?.sha256);
  });

  it('replaces a baseline, and nothing else', async () => {
    const out = join(dir, 'replaced');
    await runBaseline(['--out', out, '--properties', '1000', '--seed', '1']);
    await runBaseline(['--out', out, '--properties', '1000', '--seed', '2']);
    expect((await manifestOf(out)).seed).toBe(2);

    const mine = join(dir, 'mine');
    await mkdir(mine);
    await writeFile(join(mine, 'manifest.json'), '{"name":"something else"}');
    const ended = await runBaseline(['--out', mine, '--properties', '1000']);
    expect(ended.exitCode).toBe(2);
    expect(ended.stderr).toBe(
      `${mine} holds files that are not a baseline. Name a new or an empty directory.\n`,
    );
    expect(await readFile(join(mine, 'manifest.json'), 'utf8')).toBe('{"name":"something else"}');

    const file = join(dir, 'file');
    await writeFile(file, 'text');
    expect(await runBaseline(['--out', file, '--properties', '1000'])).toMatchObject({ exitCode: 2 });
    expect(await readFile(file, 'utf8')).toBe('text');
    const below = await runBaseline(['--out', join(file, 'below'), '--properties', '1000']);
    expect(below.exitCode).toBe(2);
    expect(below.stderr).toMatch(/^Cannot write there \(.*\)\. Name another directory with --out\.\n$/);
  });

  it.each([
    [[], 'Say where to write: --out DIR.'],
    [['--properties', '999'], '--properties must be a whole number from 1000, not "999".'],
    [['--properties', '2e4'], '--properties must be a whole number from 1000, not "2e4".'],
    [['--properties', '1500.5'], '--properties must be a whole number from 1000, not "1500.5".'],
    [['--seed', 'january'], '--seed must be a whole number from 0, not "january".'],
    [['--seed=-1'], '--seed must be a whole number from 0, not "-1".'],
    [['--format', 'xml'], '--format must be csv or parquet, not "xml".'],
    [['--variant', 'clean'], '--variant must be january or fresh-org, not "clean".'],
    [['--sede', '1'], "Unknown option '--sede'"],
    [['extra'], "Unexpected argument 'extra'"],
  ])('refuses %j in one sentence and writes nothing', async (args, message) => {
    const out = join(dir, 'refused');
    const ended = await runBaseline(args.length === 0 ? [] : ['--out', out, ...args]);
    expect(ended).toMatchObject({ exitCode: 2, stdout: '' });
    expect(ended.stderr).toContain(message);
    expect(ended.stderr.trim().split('\n')).toHaveLength(1);
    expect(await readdir(dir)).not.toContain('refused');
  });

  it('explains itself', async () => {
    const ended = await runBaseline(['--help']);
    expect(ended).toMatchObject({ exitCode: 0, stderr: '' });
    for (const option of ['--out', '--properties', '--seed', '--variant', '--format'])
      expect(ended.stdout).toContain(option);
  });

  it('writes Parquet with the same rows, real types and NULL apart from the empty string', async () => {
    const csv = join(dir, 'csv');
    const parquet = join(dir, 'parquet');
    await runBaseline(['--out', csv, '--properties', '1000', '--seed', '3']);
    await runBaseline(['--out', parquet, '--properties', '1000', '--seed', '3', '--format', 'parquet']);
    expect((await readdir(parquet)).filter((name) => !name.endsWith('.parquet'))).toEqual(['manifest.json']);
    const { files } = await manifestOf(parquet);
    for (const [name, { sha256: expected }] of Object.entries(files)) {
      expect(await sha256(join(parquet, name))).toBe(expected);
    }

    const instance = await DuckDBInstance.create();
    const connection = await instance.connect();
    const rowsOf = async (sql: string) => (await connection.runAndReadAll(sql)).getRowObjectsJson();
    const path = join(parquet, 'properties.parquet');
    const types = await rowsOf(`describe select inserted_at, unit, unit_is_required, name from '${path}'`);
    expect(types.map((column) => column['column_type'])).toEqual([
      'TIMESTAMP WITH TIME ZONE',
      'INTEGER',
      'BOOLEAN',
      'VARCHAR',
    ]);
    const read = await rowsOf(
      `select id, name, sfdc_id, state, cast(unit_is_required as varchar) as unit_is_required,
         strftime(inserted_at at time zone 'UTC', '%Y-%m-%dT%H:%M:%S.%gZ') as inserted_at
       from '${path}'`,
    );
    connection.closeSync();
    instance.closeSync();
    const source = await readTable(csv, 'properties');
    const columns = ['id', 'name', 'sfdc_id', 'state', 'unit_is_required', 'inserted_at'];
    expect(read).toEqual(
      source.map((row) => Object.fromEntries(columns.map((column) => [column, row[column]]))),
    );
    expect(source.some((row) => row['sfdc_id'] === '') && source.some((row) => row['sfdc_id'] === null)).toBe(
      true,
    );
  });
});

describe('a CSV file of a baseline', () => {
  it('is read back cell by cell by another reader, NULL apart from the empty string', async () => {
    const path = join(dir, 'cells.csv');
    const columns = ['text', 'next', 'number', 'flag'];
    const rows = [
      [null, '', 0, false],
      ['', null, null, true],
      [' outer ', 'tab\there', -1, null],
      ['comma, quote " and\nnewline', '#N/A', 1.5, false],
      ['null', 'Café 🏙️', 7, true],
      ['   ', '\r', 1, true],
    ];
    const written = await writeCsv(path, columns, rows);
    expect(written.rows).toBe(rows.length);
    const text = await readFile(path, 'utf8');
    expect(text.startsWith('text,next,number,flag\n,"",0,false\n"",,,true\n')).toBe(true);
    const read = parse(text, {
      from_line: 2,
      cast: (value, { quoting }) => (value === '' && !quoting ? null : value),
    }) as unknown;
    expect(read).toEqual(rows.map((row) => row.map((cell) => (cell === null ? null : String(cell)))));
    const ours = await readTable(dir, 'cells');
    expect(ours.map((row) => columns.map((column) => row[column]))).toEqual(read);
  });

  it('refuses a row that does not fit its columns', async () => {
    await expect(writeCsv(join(dir, 'wrong.csv'), ['one'], [['a', 'b']])).rejects.toThrow('has 2 cells');
  });
});
