import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { openRdsDatabase, type RdsDatabase } from './rdsDatabase.ts';
import type { Ended } from './runBaseline.ts';
import { runLoadRds } from './runLoadRds.ts';

let database: RdsDatabase;
let parent: string;
let out: string;

beforeAll(async () => {
  parent = await mkdtemp(join(tmpdir(), 'property-sync-rds-refusals-'));
  out = join(parent, 'rds');
});
afterAll(() => rm(parent, { recursive: true, force: true }));

/** Refused with this exit code, without a result and without a file. */
async function expectRefusal(ended: Promise<Ended>, exitCode: number): Promise<string> {
  const { stderr, ...rest } = await ended;
  expect(rest).toEqual({ exitCode, stdout: '' });
  expect(await readdir(parent)).toEqual([]);
  return stderr;
}

describe('before it connects, a load', () => {
  const url = 'postgres://user:hunter2@127.0.0.1:1/none';

  it.each<[string, string[], string | undefined, RegExp]>([
    ['needs --out', ['--without-fraud'], url, /^Say where to write: --out DIR\./],
    ['needs the URL', ['--out', 'DIR', '--without-fraud'], undefined, /^RDS_DATABASE_URL is not set/],
    ['takes an empty URL for none', ['--out', 'DIR', '--without-fraud'], '', /^RDS_DATABASE_URL is not set/],
    [
      'refuses a schema that is no name',
      ['--out', 'DIR', '--schema', 'a"; drop'],
      url,
      /^"a"; drop" is not a name/,
    ],
    [
      'refuses a wide table without a schema',
      ['--out', 'DIR', '--wide-table', 'wide'],
      url,
      /must be schema\.table/,
    ],
    [
      'refuses a wide table that is no name',
      ['--out', 'DIR', '--wide-table', 'a.b c'],
      url,
      /^"b c" is not a name/,
    ],
    [
      'refuses two answers on fraud',
      ['--out', 'DIR', '--wide-table', 'a.b', '--without-fraud'],
      url,
      /exclude each other/,
    ],
    [
      'refuses no time at all',
      ['--out', 'DIR', '--without-fraud', '--timeout-minutes', '0'],
      url,
      /from 1 to 1440, not "0"/,
    ],
    ['refuses an unknown option', ['--url', 'x'], url, /Unknown option '--url'.*\n.*--help/],
  ])('%s', async (_, args, givenUrl, reason) => {
    const given = args.map((arg) => (arg === 'DIR' ? out : arg));
    expect(await expectRefusal(runLoadRds(given, givenUrl), 2)).toMatch(reason);
  });

  it.each([
    'not a URL hunter2',
    'mysql://user:hunter2@127.0.0.1/none',
    'postgres://user:hunter2#@127.0.0.1/none',
    'postgres://user:1/hunter2@127.0.0.1/none',
    'postgres://user:1?hunter2@127.0.0.1/none',
    'postgres://user:1#hunter2@127.0.0.1/none',
  ])('refuses the URL %p without repeating it', async (badUrl) => {
    const stderr = await expectRefusal(runLoadRds(['--out', out, '--without-fraud'], badUrl), 2);
    expect(stderr).toMatch(/RDS_DATABASE_URL is not a URL of a PostgreSQL database\.\n.*%40/);
    expect(stderr).not.toContain('hunter2');
  });

  it('wants an answer on document fraud, and says which', async () => {
    const stderr = await expectRefusal(runLoadRds(['--out', out], url), 1);
    expect(stderr).toMatch(/switch document\s+fraud OFF/);
    expect(stderr).toMatch(/--wide-table schema\.table\n.*--without-fraud/);
  });

  it('says so when the server is not there, and keeps the password to itself', async () => {
    const stderr = await expectRefusal(runLoadRds(['--out', out, '--without-fraud'], url), 1);
    expect(stderr).toMatch(/Cannot connect to 127\.0\.0\.1:1: .*ECONNREFUSED/);
    expect(stderr).not.toContain('hunter2');
  });

  it('explains itself', async () => {
    const { exitCode, stdout } = await runLoadRds(['--help']);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/WAREHOUSE_SOURCE_DIR=DIR/);
  });
});

describe('of tables that are not as they must be, a load', () => {
  beforeEach(async () => {
    database = await openRdsDatabase();
  });
  afterEach(async () => {
    await database.remove();
    for (const name of await readdir(parent)) await rm(join(parent, name), { recursive: true });
  });

  it('names every difference at once', async () => {
    await database.client.query(`
      alter table properties rename column zip to zips;
      alter table properties alter column unit type text;
      alter table properties drop column textsearchable_index_col;
      alter table companies alter column zip type integer using 0;
      alter table companies alter column updated_at type date;
      drop table property_feature_events;
      alter table features alter column id type uuid using gen_random_uuid();
    `);
    const stderr = await expectRefusal(runLoadRds(['--out', out, '--without-fraud'], database.url), 2);
    const lines = stderr.split('\n').filter((line) => line.startsWith('  '));
    expect(lines).toEqual([
      '  public.properties.unit is text; expected integer or smallint.',
      '  public.properties.zip is not there; expected text of any type; nearest: zips.',
      '  public.properties.textsearchable_index_col is not there; expected text of any type.',
      '  public.companies.zip is integer; expected text of any type.',
      '  public.companies.updated_at is date; expected timestamp with time zone or timestamp without time zone.',
      '  public.property_feature_events is not there, or this user may not see it.',
    ]);
  });

  it('says which schemas there are when the named one is not', async () => {
    await database.client.query('create schema empty_one');
    const args = ['--out', out, '--without-fraud', '--schema', 'nowhere'];
    const stderr = await expectRefusal(runLoadRds(args, database.url), 2);
    expect(stderr).toMatch(/There is no schema "nowhere".*\n.*a table "properties" is in: public\./);
  });

  it('does not take a missing wide table for an empty one', async () => {
    const args = ['--out', out, '--wide-table', 'public.wide'];
    const stderr = await expectRefusal(runLoadRds(args, database.url), 2);
    expect(stderr).toMatch(/public\.wide is not there/);
  });

  it('does not switch a feature off whose code the catalogue does not have', async () => {
    await database.client.query(`update features set code = 'payroll' where code = 'payroll_linking'`);
    const stderr = await expectRefusal(runLoadRds(['--out', out, '--without-fraud'], database.url), 2);
    expect(stderr).toMatch(/public\.features has no row with the code 'payroll_linking'/);
  });

  it('names the columns that its user may not read', async () => {
    const { user, url } = await database.createReader();
    const others = 'companies, features, property_features, property_feature_events';
    await database.client.query(`grant select on ${others} to ${user}`);
    await database.client.query(`grant select (id), insert (name) on properties to ${user}`);
    const stderr = await expectRefusal(runLoadRds(['--out', out, '--without-fraud'], url), 2);
    const lines = stderr.split('\n').filter((line) => line.startsWith('  '));
    expect(lines[0]).toBe('  public.properties.name may not be read by this user; grant it SELECT.');
    expect(lines[1]).toMatch(/^ {2}public\.properties\.entity_name is not there/);
  });

  it('fails when a policy hides rows from its user, instead of copying fewer', async () => {
    const { user, url } = await database.createReader();
    await database.client.query(`grant select on all tables in schema public to ${user}`);
    await database.client.query(`
      create policy only_some on companies using (name = 'Visible Homes');
      alter table companies enable row level security;
    `);
    const stderr = await expectRefusal(runLoadRds(['--out', out, '--without-fraud'], url), 1);
    expect(stderr).toMatch(/row-level security policy for table "companies"/);
  });
});
