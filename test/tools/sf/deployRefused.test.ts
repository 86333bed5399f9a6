import { rm } from 'node:fs/promises';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { customerSchema } from '../../org/customerSchema.ts';
import { startOrg, type RunningOrg } from '../../local-org/startOrg.ts';
import { openSf, type Sf } from './sf.ts';

// Orgs that are not as one would wish, by the real CLI.
let sf: Sf;
const orgs: RunningOrg[] = [];

async function login(alias: string, fields: Readonly<Record<string, string>>): Promise<RunningOrg> {
  const schemaDir = customerSchema(fields);
  // The org has read it when it answers.
  const org = await startOrg({ schemaDir });
  await rm(schemaDir, { recursive: true });
  orgs.push(org);
  await sf.login({ url: org.url, accessToken: await org.tokenOf('admin') }, alias);
  return org;
}

beforeAll(async () => {
  sf = await openSf();
});
afterAll(() => Promise.all([sf.remove(), ...orgs.map((org) => org.stop())]));

it('says which component failed, in which line, and what to do', async () => {
  await login('required', {
    City__c: '<label>Town</label><length>255</length><required>true</required><type>Text</type>',
  });
  const { exitCode, stdout } = await sf.run(['sync', 'deploy']);
  expect(exitCode).toBe(1);
  expect(stdout).toMatch(/PermissionSet +│ Property_Sync_Integration +│ You cannot deploy to a required/);
  expect(stdout).toContain('Property_Sync_Viewer');
  expect(stdout).toMatch(/│ ↳ line \d+, column \d+ +│/);
  expect(stdout).toContain('Make it optional');
  expect(stdout).toContain('The deploy failed (0Af');
});

it('deploys the key without Unique while keys are there twice, and says how many rows are too many', async () => {
  const org = await login('duplicates', {
    RDS_Property_ID__c: '<externalId>true</externalId><label>Key</label><length>36</length><type>Text</type>',
  });
  for (const name of ['first', 'second', 'third']) {
    await org.api('POST', '/sobjects/Product_Property__c', { Name: name, RDS_Property_ID__c: 'k-1' });
  }
  const { exitCode, stdout } = await sf.run(['sync', 'deploy']);
  expect(exitCode).toBe(0);
  expect(stdout).toContain('The key cannot be Unique yet: 2 rows too many, on 1 key, such as\n  k-1');
  const { body } = await org.api<{ fields: { name: string; unique: boolean }[] }>(
    'GET',
    '/sobjects/Product_Property__c/describe',
  );
  expect(body.fields.find(({ name }) => name === 'RDS_Property_ID__c')?.unique).toBe(false);
  expect(await org.select('SELECT Name FROM Product_Property__c ORDER BY Name')).toHaveLength(3);
});
