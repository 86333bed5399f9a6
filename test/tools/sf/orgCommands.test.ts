import { generateKeyPairSync } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { productSchema, startOrg, type RunningOrg } from '../../local-org/startOrg.ts';
import { openSf, type Sf, type SfResult } from './sf.ts';
import { toolProject } from './toolProject.ts';

// The CLI's own commands against the local org, without our plugin: what an admin does beside `sf sync`.
const object = 'Product_Property__c';
let sf: Sf;
let org: RunningOrg;

beforeAll(async () => {
  [sf, org] = await Promise.all([openSf({ isLinked: false }), startOrg({ schemaDir: productSchema })]);
  await sf.login({ url: org.url, accessToken: await org.tokenOf('admin') }, 'admin');
});
afterAll(() => Promise.all([sf.remove(), org.stop()]));

/** A file in the CLI's home. */
async function write(name: string, content: string): Promise<string> {
  const file = path.join(sf.home, name);
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(file, content);
  return file;
}

describe('sf org', () => {
  it('login jwt is let in with the key of the certificate', async () => {
    const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const certificate = publicKey.export({ type: 'spki', format: 'pem' });
    await org.control('PUT', '/app', { certificate, refusal: null });
    // A key that does not fit is not tried here: the CLI would then ask the login hosts of Salesforce.
    const keyFile = await write('own.key', privateKey.export({ type: 'pkcs8', format: 'pem' }).toString());
    const login = await sf.run([
      ...['org', 'login', 'jwt', '--instance-url', org.url, '--client-id', org.clientId, '--json'],
      ...['--jwt-key-file', keyFile, '--username', org.username, '--alias', 'bot'],
    ]);
    expect(login.json()).toMatchObject({ status: 0, result: { username: org.username } });
    const shown = await sf.run(['org', 'display', '--target-org', 'bot', '--json']);
    expect(shown.json()).toMatchObject({
      result: { id: org.orgId, connectedStatus: 'Connected', apiVersion: '66.0' },
    });
  });

  it('display and list show the org of an access token, and never the token', async () => {
    const [display, list] = await Promise.all([sf.run(['org', 'display']), sf.run(['org', 'list'])]);
    expect(display.stdout).toMatch(/Connected Status +Connected/);
    expect(display.stdout).not.toMatch(/00D\w{12,15}!/);
    expect(list.stdout).toMatch(/admin +admin@local-org\.example +00DZZ\w+ +Connected/);
  });
});

describe('sf data', () => {
  const upsert = (file: string) =>
    sf.run([
      ...['data', 'upsert', 'bulk', '--sobject', object, '--external-id', 'RDS_Property_ID__c'],
      ...['--file', file, '--line-ending', 'LF', '--wait', '2', '--json'],
    ]);
  const query = (soql: string, ...args: string[]) => sf.run(['data', 'query', '--query', soql, ...args]);
  const rows = `SELECT Name, City__c FROM ${object} ORDER BY Name`;

  it('upsert bulk writes rows by their key, and tells which were refused', async () => {
    const good = await write(
      'good.csv',
      'RDS_Property_ID__c,Name,City__c\nk-1,"North; ""Tower""",Springfield\nk-2,South,\nk-3,East,Shelby\n',
    );
    const bad = await write('bad.csv', `RDS_Property_ID__c,Name\nk-1,Tower\nk-4,${'x'.repeat(81)}\n`);
    const written = await upsert(good);
    expect(written.json()).toMatchObject({
      status: 0,
      result: { jobInfo: { state: 'JobComplete', numberRecordsProcessed: 3, numberRecordsFailed: 0 } },
    });
    const refused = await upsert(bad);
    expect(refused.json()).toMatchObject({ status: 1, name: 'FailedRecordDetailsError' });
    expect(await org.select(`SELECT Name FROM ${object} WHERE RDS_Property_ID__c IN ('k-1', 'k-4')`)).toEqual(
      [{ Name: 'Tower' }],
    );
  });

  it('query answers as a table, as CSV and as JSON, and names an unknown field', async () => {
    const [table, csv, grouped, unknown] = await Promise.all([
      query(rows),
      query(rows, '--result-format', 'csv'),
      query(`SELECT City__c, COUNT(Id) rowCount FROM ${object} GROUP BY City__c`, '--json'),
      query(`SELECT Town__c FROM ${object}`),
    ]);
    expect(table.stdout).toMatch(/South +null/);
    expect(table.stdout).toContain('Total number of records retrieved: 3.');
    expect(csv.stdout).toBe('Name,City__c\nEast,Shelby\nSouth,\nTower,Springfield\n');
    const { records } = grouped.json<{ records: { City__c: string | null; rowCount: number }[] }>().result;
    expect(new Map(records.map(({ City__c, rowCount }) => [City__c, rowCount]))).toEqual(
      new Map([
        ['Shelby', 1],
        ['Springfield', 1],
        [null, 1],
      ]),
    );
    expect(unknown.exitCode).toBe(1);
    expect(unknown.stderr).toContain("No such column 'Town__c' on entity 'Product_Property__c'");
  });

  it('create, get, update and delete work on one record, export bulk on all', async () => {
    const record = (verb: string, ...args: string[]) =>
      sf.run(['data', verb, 'record', '--sobject', object, ...args, '--json']);
    const made = await record('create', '--values', "Name='Own Hall' City__c='Shelby'");
    const { id } = made.json<{ id: string }>().result;
    const changed = await record('update', '--where', "Name='Own Hall'", '--values', 'City__c=Ogden');
    expect(changed.json()).toMatchObject({ result: { id, success: true } });
    const [read, exported] = await Promise.all([
      record('get', '--record-id', id),
      sf.run([
        ...['data', 'export', 'bulk', '--query', `SELECT Name, City__c FROM ${object}`, '--wait', '2'],
        ...['--output-file', 'all.csv', '--result-format', 'csv', '--json'],
      ]),
    ]);
    expect(read.json()).toMatchObject({ result: { Name: 'Own Hall', City__c: 'Ogden' } });
    expect(exported.json()).toMatchObject({ result: { totalSize: 4 } });
    expect(await readFile(path.join(sf.home, 'empty/all.csv'), 'utf8')).toContain('"Own Hall","Ogden"\n');
    expect((await record('delete', '--record-id', id)).exitCode).toBe(0);
    expect(await org.select(`SELECT Id FROM ${object} WHERE Id = '${id}'`)).toEqual([]);
  });

  it('sobject describe says what a field is', async () => {
    const described = await sf.run(['sobject', 'describe', '--sobject', object, '--json']);
    const { fields } = described.json<{ fields: { name: string }[] }>().result;
    expect(fields.find(({ name }) => name === 'RDS_Property_ID__c')).toMatchObject({
      type: 'string',
      length: 36,
      externalId: true,
      unique: true,
      custom: true,
    });
  });
});

describe('sf project, with a component, its controller and an object', () => {
  let cwd = '';
  const inProject = (...args: string[]): Promise<SfResult> => sf.run(args, { cwd });
  const deploy = (...args: string[]) => inProject('project', 'deploy', ...args, '--source-dir', 'force-app');
  const objectStatus = async () => (await org.api('GET', '/sobjects/Tool__c/describe')).status;
  const states = (stdout: string): string[] => [
    ...new Set(stdout.match(/^ (Created|Changed|Unchanged)(?= )/gm)),
  ];

  beforeAll(async () => {
    for (const [file, content] of Object.entries(toolProject)) await write(`project/${file}`, content);
    cwd = path.join(sf.home, 'project');
  });

  it('deploy validate says what would be made, and makes nothing', async () => {
    const { exitCode, stdout } = await deploy('validate');
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/Created +hello +LightningComponentBundle/);
    expect(await objectStatus()).toBe(404);
  });

  it('deploy start makes it, and the second time changes nothing', async () => {
    const first = await deploy('start');
    expect(first.exitCode).toBe(0);
    expect(states(first.stdout)).toEqual([' Created']);
    expect(await objectStatus()).toBe(200);
    expect(states((await deploy('start')).stdout)).toEqual([' Unchanged']);
  });

  it('org list metadata, the Tooling API and project retrieve give it back', async () => {
    const [listed, tooling, retrieved] = await Promise.all([
      inProject('org', 'list', 'metadata', '--metadata-type', 'LightningComponentBundle'),
      inProject('data', 'query', '--use-tooling-api', '--query', 'SELECT Name FROM ApexClass', '--json'),
      inProject(
        ...['project', 'retrieve', 'start', '--output-dir', 'back', '--metadata', 'CustomObject:Tool__c'],
        ...['--metadata', 'LightningComponentBundle:hello', '--metadata', 'ApexClass:ToolController'],
      ),
    ]);
    expect(listed.stdout).toMatch(/Ada Admin .*hello/);
    expect(tooling.json()).toMatchObject({ result: { records: [{ Name: 'ToolController' }] } });
    expect(retrieved.exitCode).toBe(0);
    for (const file of ['lwc/hello/hello.js', 'lwc/hello/hello.html', 'classes/ToolController.cls'])
      expect(await readFile(path.join(cwd, 'back', file), 'utf8')).toBe(
        toolProject[`force-app/main/default/${file}`],
      );
    expect(
      await readFile(path.join(cwd, 'back/objects/Tool__c/fields/Size__c.field-meta.xml'), 'utf8'),
    ).toMatch(/<length>20<\/length>\s+<type>Text<\/type>/);
  });

  it('org assign permset gives what was deployed, once', async () => {
    const assign = () => inProject('org', 'assign', 'permset', '--name', 'Tools');
    expect((await assign()).stdout).toMatch(/admin@local-org\.example +Tools/);
    const again = await assign();
    expect(again.exitCode).toBe(1);
    expect(again.stdout).toContain('Duplicate PermissionSetAssignment');
    expect(
      await org.select("SELECT Id FROM PermissionSetAssignment WHERE PermissionSet.Name = 'Tools'"),
    ).toHaveLength(1);
  });

  it('deploy start that fails names component, line and column, and leaves the org as it was', async () => {
    const edit = async (file: string, from: string, to: string) => {
      const source = `force-app/main/default/${file}`;
      await write(`project/${source}`, toolProject[source]?.replace(from, to) ?? '');
    };
    await edit('lwc/hello/hello.js', 'c.Hello_Title', 'c.Hello_Titel');
    await edit('classes/ToolController.cls', 'Size__c', 'Sise__c');
    await edit('objects/Tool__c/fields/Size__c.field-meta.xml', '<length>20', '<length>30');
    const { exitCode, stdout } = await deploy('start');
    expect(exitCode).toBe(1);
    expect(stdout).toContain('Component Failures [2]');
    expect(stdout).toMatch(/ApexClass +ToolController +Variable does not exist: Sise__c.* 4:24/);
    expect(stdout).toMatch(
      /LightningComponentBundle +hello +.*no CustomLabel named Hello_Titel found.* 3:40/,
    );
    const { body } = await org.api<{ fields: { name: string; length: number }[] }>(
      'GET',
      '/sobjects/Tool__c/describe',
    );
    expect(body.fields.find(({ name }) => name === 'Size__c')?.length).toBe(20);
  });
});
