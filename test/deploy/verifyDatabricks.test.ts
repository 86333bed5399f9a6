import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readSqlFiles } from '../../middleware/src/adapters/sqlFiles/readSqlFiles.ts';
import { SyncError } from '../../middleware/src/errors.ts';
import { applyViews } from '../../middleware/src/planning/applyViews.ts';
import { defaultSourceNames } from '../../middleware/src/planning/sourceContract.ts';
import { withSourceViews } from '../../middleware/src/planning/sourceViews.ts';
import type { SqlFiles } from '../../middleware/src/planning/sqlFiles.ts';
import { writeSyncContext } from '../../middleware/src/planning/writeSyncContext.ts';
import type { Row, SqlParameters, Warehouse } from '../../middleware/src/ports/warehouse.ts';
import { grantProofs } from '../../scripts/verifyDatabricks/grantProofs.ts';
import type { Proof } from '../../scripts/verifyDatabricks/proof.ts';
import { readOnly } from '../../scripts/verifyDatabricks/readOnly.ts';
import { readVariables } from '../../scripts/verifyDatabricks/readVariables.ts';
import { sessionProofs } from '../../scripts/verifyDatabricks/sessionProofs.ts';
import { showProofs } from '../../scripts/verifyDatabricks/showProofs.ts';
import { verifyDatabricks } from '../../scripts/verifyDatabricks/verifyDatabricks.ts';
import { openLocalWarehouse, type LocalWarehouse } from './localWarehouse.ts';

let files: SqlFiles;
let local: LocalWarehouse;
let directory: string;

beforeAll(async () => {
  files = await readSqlFiles();
  local = await openLocalWarehouse();
  directory = await mkdtemp(join(tmpdir(), 'verify-databricks-'));
});
afterAll(async () => {
  await local.close();
  await rm(directory, { recursive: true, force: true });
});

const verify = (): Promise<Proof[]> => verifyDatabricks(local.warehouse, files, defaultSourceNames);
const without = (proofs: readonly Proof[], result: Proof['result']): string[] =>
  proofs.filter((proof) => proof.about !== 'grants' && proof.result !== result).map(({ name }) => name);
const resultOf = (proofs: readonly Proof[], name: string): Proof | undefined =>
  proofs.find((proof) => proof.name === name);

/** Runs the command as a user does. */
async function runCommand(
  args: readonly string[],
  changes: Readonly<Record<string, string>> = {},
): Promise<{ code: number; stdout: string; stderr: string }> {
  const { host, port, path, token, caPem } = local.endpoint;
  const caFile = join(directory, 'ca.pem');
  await writeFile(caFile, caPem);
  const env = {
    PATH: process.env['PATH'],
    DATABRICKS_HOST: host,
    DATABRICKS_PORT: String(port),
    DATABRICKS_HTTP_PATH: path,
    DATABRICKS_TOKEN: token,
    DATABRICKS_CA_FILE: caFile,
    DATABRICKS_START_TIMEOUT_MS: '2000',
    ...changes,
  };
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      ['scripts/verify-databricks.ts', ...args],
      { env },
      (error, stdout, stderr) => {
        const code = error === null ? 0 : Number(error.code);
        resolve({ code, stdout, stderr });
      },
    );
  });
}

describe('verifying a warehouse', () => {
  it('before the views are applied proves the session and the source, and says what is missing', async () => {
    const proofs = await verify();
    expect(proofs.filter(({ result }) => result === 'refuted')).toEqual([]);
    expect(
      without(
        proofs.filter(({ about }) => ['session', 'source'].includes(about)),
        'proved',
      ),
    ).toEqual([]);
    expect(resultOf(proofs, 'view source_properties')).toMatchObject({ result: 'proved' });
    expect(resultOf(proofs, 'view property_classification')).toMatchObject({
      result: 'unproved',
      detail: 'It reads what is not there: property_comparison.',
      action: expect.stringContaining('Apply the views'),
    });
    expect(resultOf(proofs, 'are as they were applied, and as they are here')?.result).toBe('unproved');
  });

  it('with the views applied proves all but the grants, which this endpoint does not show', async () => {
    await applyViews(local.warehouse, withSourceViews(files, defaultSourceNames));
    await writeSyncContext(local.warehouse, new Date('2026-01-05T12:00:00Z'));
    const proofs = await verify();
    expect(without(proofs, 'proved')).toEqual([]);
    expect(proofs.filter(({ about }) => about === 'plans')).toHaveLength(
      [files.views, files.snapshots, files.checks].flatMap((kind) => Object.keys(kind)).length + 3,
    );
    expect(proofs.filter(({ about }) => about === 'data')).toHaveLength(Object.keys(files.checks).length);
    const grants = proofs.filter(({ about }) => about === 'grants');
    expect(new Set(grants.map(({ result }) => result))).toEqual(new Set(['unproved']));
  });

  it('sends nothing but questions', async () => {
    const before = local.endpoint.control.statements.length;
    await verify();
    const sent = local.endpoint.control.statements.slice(before);
    expect(sent.length).toBeGreaterThan(60);
    for (const statement of sent) {
      expect(statement).toMatch(/^(select|explain|show|describe|set)\b/i);
    }
  });

  it('refuses to be used for a write', async () => {
    const asked = readOnly(local.warehouse);
    await expect(asked.query('create table x (a int)')).rejects.toThrow('writes nothing');
    await expect(asked.query('-- select\ndrop table x')).rejects.toThrow('writes nothing');
    expect(() => asked.execute('select 1')).toThrow('writes nothing');
  });

  it('finds a rule that does not hold, with its rows', async () => {
    await local.warehouse.execute(
      `insert into crm.property_sync.sync_context select 'second', business_time, production_key_prefix,
         true, true, '', true, true, true, true, true from crm.property_sync.sync_context`,
    );
    try {
      const proofs = await verify();
      expect(without(proofs, 'proved')).toContain('sync_context_has_one_row');
      expect(resultOf(proofs, 'sync_context_has_one_row')).toMatchObject({ result: 'refuted' });
    } finally {
      await local.warehouse.execute(`delete from crm.property_sync.sync_context where context_id = 'second'`);
    }
  });

  it('finds SQL that the warehouse does not take, and a view that is not the one here', async () => {
    const view = 'create or replace view ${catalog}.${schema}.property_classification as\n';
    const changed = {
      ...files,
      views: {
        ...files.views,
        property_classification: `${view}select no_such_column from \${catalog}.\${schema}.us_state`,
      },
    };
    const proofs = await verifyDatabricks(local.warehouse, changed, defaultSourceNames);
    expect(resultOf(proofs, 'view property_classification')).toMatchObject({
      result: 'refuted',
      detail: expect.stringContaining('no_such_column'),
    });
    expect(resultOf(proofs, 'are as they were applied, and as they are here')).toMatchObject({
      result: 'refuted',
      detail: expect.stringContaining('property_classification'),
    });
  });

  it('finds a source that differs from its contract', async () => {
    const names = { ...defaultSourceNames, companies: { table: 'rds.pg_rds_public.company' } };
    const proofs = await verifyDatabricks(local.warehouse, files, names);
    expect(resultOf(proofs, 'columns are those of the contract')).toMatchObject({
      result: 'refuted',
      detail: expect.stringContaining('nearest: rds.pg_rds_public.companies'),
    });
    expect(resultOf(proofs, 'rds.pg_rds_public.company can be read')?.result).toBe('refuted');
  });
});

describe('the session', () => {
  it.each([
    ['select :text', { text: null, number: null }, 'parameters arrive'],
    ['9007199254740993', { big: 9_007_199_254_740_992n, exact: '1' }, 'numbers are exact'],
    ['as noon', { noon: new Date('2026-01-05T17:00:00Z') }, 'time zone is UTC'],
    ['as day', { day: new Date('2026-01-04T23:00:00Z') }, 'date is whole'],
    [`cast('x' as int)`, { number: null }, 'ANSI mode is on'],
  ])('is refuted where it answers otherwise: %s', async (part, answer: Row, name) => {
    const { warehouse } = local;
    const other = {
      query: (sql: string, parameters?: SqlParameters) =>
        sql.includes(part) ? Promise.resolve([answer]) : warehouse.query(sql, parameters),
    } as unknown as Warehouse;
    expect(resultOf(await sessionProofs(other), name)?.result).toBe('refuted');
  });
});

describe('the grants', () => {
  /** Answers as a workspace is documented to; whether one does, only one can tell. */
  const withGrants = (grants: Readonly<Record<string, Row[]>>): Warehouse =>
    ({
      catalog: 'crm',
      schema: 'property_sync',
      query: (sql: string, parameters?: Readonly<Record<string, unknown>>) => {
        const object = /^show grants on (.+)$/.exec(sql)?.[1];
        if (object === undefined)
          return Promise.resolve([{ is_me: parameters?.['principal'] === 'sync-app' }]);
        const rows = grants[object];
        return rows === undefined
          ? Promise.reject(new SyncError('WAREHOUSE_QUERY_FAILED', 'No rights to look.'))
          : Promise.resolve(rows);
      },
    }) as unknown as Warehouse;
  const grant = (principal: string, action: string): Row => ({ Principal: principal, ActionType: action });

  it('are proved where they are on the login or a group of it, and open otherwise', async () => {
    const proofs = await grantProofs(
      withGrants({
        'catalog crm': [grant('others', 'USE CATALOG'), grant('sync-app', 'USE_CATALOG')],
        'catalog rds': [grant('others', 'USE CATALOG')],
        'schema crm.property_sync': [grant('sync-app', 'ALL PRIVILEGES')],
        'table rds.pg_rds_public.properties': [grant('sync-app', 'MODIFY')],
        'table rds.pg_rds_public.companies': [grant('sync-app', 'SELECT')],
        'volume crm.property_sync.files': [grant('sync-app', 'READ_VOLUME')],
      }),
      defaultSourceNames,
      'files',
    );
    expect(proofs.filter(({ result }) => result === 'proved').map(({ name }) => name)).toEqual([
      'USE CATALOG on catalog crm',
      'USE SCHEMA on schema crm.property_sync',
      'CREATE TABLE on schema crm.property_sync',
      'CREATE FUNCTION on schema crm.property_sync',
      'SELECT on table rds.pg_rds_public.companies',
      'READ VOLUME on volume crm.property_sync.files',
    ]);
    expect(resultOf(proofs, 'SELECT on table rds.pg_rds_public.properties')).toMatchObject({
      result: 'unproved',
      action:
        'If it is missing: grant select on table rds.pg_rds_public.properties to the service principal.',
    });
    expect(resultOf(proofs, 'USE SCHEMA on schema rds.pg_rds_public')?.detail).toContain(
      'No rights to look.',
    );
  });
});

describe('the command', () => {
  it('prints what was proved as JSON, and by its exit code that not everything could be', async () => {
    const { code, stdout, stderr } = await runCommand(['--json']);
    expect(stderr).toBe('');
    expect(code).toBe(68);
    const { refuted, proofs } = JSON.parse(stdout) as { refuted: number; proofs: Proof[] };
    expect(refuted).toBe(0);
    expect(showProofs(proofs)).toMatch(/^session\n {2}✓ warehouse answers +version /);
  });

  it.each<[string, number, Record<string, string>, string]>([
    ['a source is another', 1, { PROPERTY_SYNC_SETTINGS: 'settings.yaml' }, 'refuted'],
    ['nobody answers', 69, { DATABRICKS_PORT: '1' }, ''],
    ['the login is refused', 2, { DATABRICKS_TOKEN: 'wrong' }, ''],
    ['the host is not set', 2, { DATABRICKS_HOST: '' }, ''],
  ])('tells by its exit code that %s', async (_, expected, changes, said) => {
    const settings = join(directory, 'settings.yaml');
    await writeFile(settings, 'source: { companies: { table: rds.pg_rds_public.firms } }\n');
    const { code, stdout, stderr } = await runCommand([], {
      ...changes,
      ...('PROPERTY_SYNC_SETTINGS' in changes ? { PROPERTY_SYNC_SETTINGS: settings } : {}),
    });
    expect([code, stderr]).toEqual([expected, expected === 1 ? '' : expect.stringMatching(/\S/)]);
    expect(stdout).toContain(said);
  });

  it('needs none of the variables of Salesforce, and keeps the rules of the middleware', async () => {
    const names = {
      DATABRICKS_HOST: 'example.cloud.databricks.com',
      DATABRICKS_HTTP_PATH: '/sql/1.0/warehouses/a',
    };
    await expect(readVariables({ ...names, DATABRICKS_TOKEN: 'secret' })).resolves.toMatchObject({
      login: { token: 'secret' },
      catalog: 'crm',
      schema: 'property_sync',
    });
    await expect(readVariables({ ...names, DATABRICKS_CLIENT_ID: 'id' })).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
      details: ['DATABRICKS_CLIENT_SECRET: is not set'],
    });
  });
});
