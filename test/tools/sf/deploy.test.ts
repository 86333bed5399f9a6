import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readResult } from '../../commands/readResult.ts';
import { startOrg, until, type RunningOrg } from '../../local-org/startOrg.ts';
import type { SyncDeployResult } from '../../../src/commands/sync/deploy.ts';
import type { SyncUndeployResult } from '../../../src/commands/sync/undeploy.ts';
import { loggingAll, openSf, type Sf, type SfResult } from './sf.ts';

// A person at a terminal: the real CLI, the linked plugin, an org that begins without our objects.
const secret = 'a-key-that-nobody-may-ever-see';
const answers: SfResult[] = [];
let sf: Sf;
let org: RunningOrg;

const run: Sf['run'] = async (args, options) => {
  const answer = await sf.run(args, options);
  answers.push(answer);
  return answer;
};
const deploy = async (...args: string[]): Promise<SyncDeployResult> =>
  (await readResult<SyncDeployResult>('deploy', await run(['sync', 'deploy', '--json', ...args]))).result;
const statesOf = ({ components }: SyncDeployResult): string[] =>
  [...new Set(components.map(({ state }) => state))].toSorted();

beforeAll(async () => {
  [sf, org] = await Promise.all([openSf(), startOrg({ schemaDir: null })]);
  await sf.login({ url: org.url, accessToken: await org.tokenOf('admin') }, 'empty');
});
afterAll(() => Promise.all([sf.remove(), org.stop()]));

describe('sf sync deploy', () => {
  it('says which objects an org lacks, and sends nothing', async () => {
    const { exitCode, stdout } = await run(['sync', 'deploy']);
    expect(exitCode).toBe(1);
    expect(stdout).toMatch(/Product_Property__c.*no such object.*--with-objects/s);
    expect(stdout).toContain('Nothing was sent and nothing has changed.');
  });

  it('changes nothing in a dry run', async () => {
    const { exitCode, stdout } = await run(['sync', 'deploy', '--with-objects', '--dry-run']);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/CustomField +│ +46/);
    expect((await org.api('GET', '/sobjects/Product_Property__c/describe')).status).toBe(404);
  });

  it('tells how to look at a deploy that is not waited for', async () => {
    await org.control('PUT', '/deploys', { isHeld: true });
    const [{ exitCode, stdout }, unfinished] = await Promise.all([
      run(['sync', 'deploy', '--with-objects', '--async']),
      run(['sync', 'deploy', '--with-objects', '--wait', '0']),
    ]);
    expect([exitCode, unfinished.exitCode]).toEqual([0, 69]);
    expect(unfinished.stdout).toMatch(/sf project deploy report --job-id 0Af\w{15}/);
    const [, jobId = ''] = /sf project deploy report --job-id (0Af\w{15})/.exec(stdout) ?? [];
    await org.control('PUT', '/deploys', { isHeld: false });
    await until(async () => (await org.api('GET', '/sobjects/Property__c/describe')).status === 200);
    const report = await run(['project', 'deploy', 'report', '--job-id', jobId, '--json']);
    expect(report.json()).toMatchObject({ status: 0, result: { status: 'Succeeded' } });
  });

  it('deploys, gives the permission sets, stores address and key, and checks the org', async () => {
    const { exitCode, stdout, stderr } = await run(
      [
        'sync',
        'deploy',
        '--with-objects',
        '--assign-permission-sets',
        '--middleware-url',
        'https://sync.example.com/',
        '--key-stdin',
      ],
      { input: `${secret}\n`, env: loggingAll },
    );
    expect({ exitCode, stderr }).toMatchObject({ exitCode: 0 });
    expect(stderr).toContain('3 of 3 are new to you');
    expect(stdout).toContain('Property Sync is deployed.');
    const named = await org.api('GET', '/named-credentials/named-credential-setup/Property_Sync');
    expect(named.body).toMatchObject({ calloutUrl: 'https://sync.example.com' });
  });

  it('takes another key in place of the first', async () => {
    const { exitCode, stderr } = await run(
      ['sync', 'deploy', '--middleware-url', 'https://sync.example.com'],
      {
        env: { ...loggingAll, PROPERTY_SYNC_SALESFORCE_KEY: `${secret}-2` },
      },
    );
    expect(exitCode).toBe(0);
    expect(stderr).toContain('Storing the API key... done');
  });

  it('changes nothing the second time', async () => {
    const result = await deploy('--with-objects', '--assign-permission-sets');
    expect(result).toMatchObject({ status: 'Succeeded', problems: [] });
    expect(statesOf(result)).toEqual(['Left', 'Unchanged']);
    expect(result.assignments.filter(({ isNew }) => isNew)).toEqual([]);
    expect(result.findings.filter(({ level }) => level === 'error')).toEqual([]);
    expect(result.findings.find(({ check }) => check === 'org.credentialSecret')?.level).toBe('ok');
  });

  it('refuses an address over which the key could be read', async () => {
    const { exitCode, stderr } = await run(['sync', 'deploy', '--middleware-url', 'http://sync.example.com']);
    expect(exitCode).toBe(1);
    expect(stderr).toContain('https');
  });
});

describe('the org that was deployed', () => {
  it('is described, written and queried by the CLI itself', async () => {
    const described = await run(['sobject', 'describe', '--sobject', 'Product_Property__c', '--json']);
    const { fields } = described.json<{ fields: { name: string; unique: boolean }[] }>().result;
    expect(fields.find(({ name }) => name === 'RDS_Property_ID__c')?.unique).toBe(true);

    const file = `${sf.home}/rows.csv`;
    await (
      await import('node:fs/promises')
    ).writeFile(
      file,
      'RDS_Property_ID__c,Name,City__c\n5b1d4d0e-0000-4000-8000-000000000001,North Tower,Springfield\n',
    );
    const upserted = await run([
      'data',
      'upsert',
      'bulk',
      '--sobject',
      'Product_Property__c',
      '--external-id',
      'RDS_Property_ID__c',
      '--file',
      file,
      '--line-ending',
      'LF',
      '--wait',
      '2',
      '--json',
    ]);
    expect(upserted.json()).toMatchObject({ status: 0 });

    const queried = await run([
      'data',
      'query',
      '--query',
      'SELECT Name, City__c FROM Product_Property__c',
      '--json',
    ]);
    expect(queried.json()).toMatchObject({
      result: { totalSize: 1, records: [{ Name: 'North Tower', City__c: 'Springfield' }] },
    });
  });
});

describe('sf sync undeploy', () => {
  it('asks first, and where nobody can be asked it does nothing', async () => {
    const { exitCode, stderr } = await run(['sync', 'undeploy']);
    expect(exitCode).toBe(1);
    expect(stderr).toContain('--no-prompt');
  });

  it('says first what would go and what would stay', async () => {
    const planned = await run(['sync', 'undeploy', '--dry-run', '--json']);
    const { status, result } = await readResult<SyncUndeployResult>('undeploy', planned);
    expect(status).toBe(0);
    expect(result).toMatchObject({ status: 'Planned', deployId: null, problems: [] });
    expect(result.removed).toContainEqual({ type: 'PermissionSet', fullName: 'Property_Sync_Viewer' });
    expect(result.kept).toContainEqual({
      type: 'CustomField',
      fullName: 'Product_Property__c.City__c',
      reason: '1 row holds a value, the recycle bin included',
    });
    expect((await org.api('GET', '/query?q=SELECT+Street__c+FROM+Product_Property__c')).status).toBe(200);
  });

  it('takes out what was deployed, and leaves every field and object that holds data', async () => {
    const { exitCode, stdout } = await run(['sync', 'undeploy', '--with-objects', '--no-prompt']);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/Product_Property__c.City__c.*1 row holds a value/s);
    expect(stdout).toContain('it holds 1 row');
    const [row] = await org.select('SELECT City__c, RDS_Property_ID__c FROM Product_Property__c');
    expect(row).toMatchObject({ City__c: 'Springfield' });
    const { status } = await org.api('GET', '/query?q=SELECT+Street__c+FROM+Product_Property__c');
    expect(status).toBe(400);
    expect((await org.api('GET', '/sobjects/Property__c/describe')).status).toBe(404);
  });
});

it('shows the key nowhere, and writes it into no file and no log', async () => {
  const shown = answers.map(({ stdout, stderr }) => stdout + stderr).join('\n');
  expect(shown).toContain('Storing the API key');
  expect(shown).not.toContain(secret);
  const files = await sf.readFiles();
  expect(files).toContain('named-credential-setup');
  expect(files).not.toContain(secret);
});
