import { rm } from 'node:fs/promises';
import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { SfError, type Connection } from '@salesforce/core';
import { deployToOrg, type DeployOptions, type DeployProgress } from '../../src/org/deployToOrg.ts';
import type { LocalOrgOptions } from '../../local-org/src/createLocalOrg.ts';
import { productSchema, startOrg, type RunningOrg } from '../local-org/startOrg.ts';
import { connectTo } from './connectTo.ts';
import { customerSchema } from './customerSchema.ts';

const silent: DeployProgress = { start: () => undefined, update: () => undefined, stop: () => undefined };
const defaults: DeployOptions = {
  isDryRun: false,
  withObjects: true,
  middlewareUrl: null,
  secret: null,
  applyViews: null,
  permissionSets: [],
  testLevel: 'RunSpecifiedTests',
  waitMinutes: 1,
};

let org: RunningOrg;
let connection: Connection;
const schemas: string[] = [];

async function start(options: Partial<LocalOrgOptions>): Promise<void> {
  org = await startOrg(options);
  connection = await connectTo({ url: org.url, accessToken: await org.tokenOf('admin') });
}
/** An org whose customer has both objects, and these fields on the staging object. */
async function startCustomerOrg(fields: Readonly<Record<string, string>>): Promise<void> {
  const schemaDir = customerSchema(fields);
  schemas.push(schemaDir);
  await start({ schemaDir });
}
afterEach(async () => {
  await org.stop();
  await Promise.all(schemas.splice(0).map((dir) => rm(dir, { recursive: true })));
});

const deploy = (options: Partial<DeployOptions> = {}) =>
  deployToOrg(connection, { ...defaults, ...options }, silent);
type Report = Awaited<ReturnType<typeof deploy>>;
const statesOf = ({ components }: Report): string[] =>
  [...new Set(components.map(({ state }) => state))].toSorted();
const describedField = async (name: string) => {
  const { body } = await org.api<{ fields: { name: string }[] }>(
    'GET',
    '/sobjects/Product_Property__c/describe',
  );
  return body.fields.find((field) => field.name === name);
};

describe('deployToOrg', () => {
  it('changes nothing in a dry run, all in the first run, and nothing in the second', async () => {
    await start({ schemaDir: null });
    const dryRun = await deploy({ isDryRun: true });
    expect(dryRun).toMatchObject({ status: 'Succeeded', problems: [], findings: [] });
    expect((await org.api('GET', '/sobjects/Product_Property__c/describe')).status).toBe(404);

    const permissionSets = ['Property_Sync_Viewer', 'Property_Sync_App'];
    const first = await deploy({ permissionSets });
    expect(first).toMatchObject({ status: 'Succeeded', problems: [], key: { isUnique: true } });
    expect(statesOf(first)).toEqual(['Created']);
    expect(first.assignments.map(({ isNew }) => isNew)).toEqual([true, true]);

    const second = await deploy({ permissionSets });
    expect(second.assignments.map(({ isNew }) => isNew)).toEqual([false, false]);
    expect(second.problems).toEqual([]);
    expect(statesOf(second)).toEqual(['Left', 'Unchanged']);
    expect(second.components).toContainEqual(
      expect.objectContaining({ fullName: 'Property__c-Property Layout', state: 'Left' }),
    );
  });

  it('asks for all or nothing, and for our own tests alone', async () => {
    await start({ schemaDir: null });
    const sent = jest.spyOn(connection.metadata, 'deploy');
    await deploy({ isDryRun: true });
    await deploy({ isDryRun: true, testLevel: 'RunLocalTests' });
    expect(sent.mock.calls.map(([, options]) => options)).toMatchObject([
      {
        rollbackOnError: true,
        checkOnly: true,
        testLevel: 'RunSpecifiedTests',
        runTests: ['PropertyRollupHandlerTest', 'PropertySyncControllerTest'],
      },
      { rollbackOnError: true, testLevel: 'RunLocalTests' },
    ]);
    expect(sent.mock.calls[1]?.[1]).not.toHaveProperty('runTests');
  });

  it('sends nothing to a production org without tests', async () => {
    await start({ schemaDir: null });
    const kind = {
      Name: 'Acme',
      IsSandbox: false,
      TrialExpirationDate: null,
      OrganizationType: 'Unlimited Edition',
    };
    const organization = jest.spyOn(connection, 'singleRecordQuery').mockResolvedValue(kind);
    const sent = jest.spyOn(connection.metadata, 'deploy');
    expect(await deploy({ testLevel: 'NoTestRun' })).toMatchObject({
      status: 'Refused',
      problems: [{ fullName: '--test-level NoTestRun' }],
    });
    expect(sent).not.toHaveBeenCalled();
    organization.mockResolvedValue({ ...kind, IsSandbox: true });
    expect(await deploy({ testLevel: 'NoTestRun', isDryRun: true })).toMatchObject({ status: 'Succeeded' });
  });

  it('leaves a deploy that takes longer than is waited for to the org', async () => {
    await start({ schemaDir: null });
    await org.control('PUT', '/deploys', { isHeld: true });
    const report = await deploy({ waitMinutes: 0.01, permissionSets: ['Property_Sync_Viewer'] });
    expect(report).toMatchObject({ status: 'Pending', problems: [], assignments: [], findings: [] });
    expect(report.deployId).toMatch(/^0Af/);
  });

  it('leaves the fields of a customer as they are', async () => {
    await startCustomerOrg({ City__c: '<label>Town</label><length>255</length><type>Text</type>' });
    const report = await deploy({ withObjects: false });
    expect(report).toMatchObject({ status: 'Succeeded', problems: [] });
    expect(report.components).toContainEqual(
      expect.objectContaining({ fullName: 'Product_Property__c.City__c', state: 'Left' }),
    );
    expect(await describedField('City__c')).toMatchObject({ label: 'Town' });
    expect(await describedField('Street__c')).toMatchObject({ label: 'Street' });
  });

  it('sends nothing to an org whose field cannot hold the values', async () => {
    await startCustomerOrg({
      City__c: '<defaultValue>false</defaultValue><label>Is City</label><type>Checkbox</type>',
    });
    const report = await deploy({ withObjects: false });
    expect(report).toMatchObject({ status: 'Refused', deployId: null });
    expect(report.problems).toMatchObject([
      { fullName: 'Product_Property__c.City__c', problem: expect.stringContaining('boolean') },
    ]);
    expect(await describedField('Street__c')).toBeUndefined();
  });

  it('says which component the org refuses, where, and what to do, and leaves the org as it was', async () => {
    await startCustomerOrg({
      City__c: '<label>Town</label><length>255</length><required>true</required><type>Text</type>',
    });
    const report = await deploy({ withObjects: false });
    expect(report.status).toBe('Failed');
    expect(report.problems).toContainEqual({
      type: 'PermissionSet',
      fullName: 'Property_Sync_Viewer',
      problem: expect.stringContaining('required field'),
      action: expect.stringContaining('Make it optional'),
      file: 'force-app/main/default/permissionsets/Property_Sync_Viewer.permissionset-meta.xml',
      line: expect.any(Number),
      column: expect.any(Number),
    });
    expect(await describedField('Street__c')).toBeUndefined();
  });

  it('leaves the key without Unique while keys are there twice, and sets it when they are gone', async () => {
    await start({
      schemaDir: productSchema,
      fieldOverlays: { 'Product_Property__c.RDS_Property_ID__c': { unique: false } },
    });
    const row = (key: string | null) =>
      org.api<{ id: string }>('POST', '/sobjects/Product_Property__c', {
        Name: 'x',
        RDS_Property_ID__c: key,
      });
    const rows = [
      await row('k-1'),
      await row('k-1'),
      await row('K-1'),
      await row('k-2'),
      await row(null),
      await row(null),
    ];
    const report = await deploy();
    expect(report).toMatchObject({
      status: 'Succeeded',
      key: { isUnique: false, surplus: { keys: 1, rows: 2 } },
    });
    expect(report.findings.find(({ check }) => check === 'org.key')).toMatchObject({
      level: 'warning',
      finding: expect.stringContaining('2 surplus rows share 1 keys'),
    });

    for (const { body } of rows.slice(1, 3))
      await org.api('DELETE', `/sobjects/Product_Property__c/${body.id}`);
    expect(await deploy()).toMatchObject({
      status: 'Succeeded',
      key: { isUnique: true, surplus: { rows: 0 } },
    });
    expect(await describedField('RDS_Property_ID__c')).toMatchObject({ unique: true, externalId: true });
  });

  it('makes the warehouse views after the metadata only, and says what to do when it cannot', async () => {
    await start({ schemaDir: null });
    const views = { appliedAt: '2026-01-05T12:00:00.000Z', views: { properties_to_create: 'hash' } };
    let made = 0;
    const applyViews = async () => {
      made += 1;
      expect(await describedField('Street__c')).toBeDefined();
      return views;
    };
    expect(await deploy({ applyViews, isDryRun: true })).toMatchObject({ views: null });
    expect(await deploy({ applyViews, withObjects: false })).toMatchObject({
      status: 'Refused',
      views: null,
    });
    expect(made).toBe(0);
    expect(await deploy({ applyViews })).toMatchObject({ problems: [], views });

    const refused = await deploy({
      applyViews: () => Promise.reject(new SfError('A run goes on.', 'RUN_CONFLICT', ['Wait for its end.'])),
    });
    expect(refused).toMatchObject({ status: 'Succeeded', views: null });
    expect(refused.problems).toMatchObject([
      {
        fullName: '--with-views',
        problem: 'A run goes on.',
        action: expect.stringMatching(/^Wait for its end\.\nThe metadata is in place/),
      },
    ]);
    expect(refused.findings).not.toEqual([]);
  });

  it('stores the key, replaces it, and never repeats it when the org refuses', async () => {
    await start({ schemaDir: null });
    const secret = 'nobody-may-see-this';
    const first = await deploy({ secret, middlewareUrl: 'https://sync.example.com' });
    expect(first).toMatchObject({ problems: [], isSecretStored: true });
    expect(
      first.findings.filter(({ check }) => check.startsWith('org.credential')).map(({ level }) => level),
    ).toEqual(['ok', 'ok']);
    expect(await deploy({ secret: `${secret}-2` })).toMatchObject({ problems: [], isSecretStored: true });

    await org.control('PUT', '/faults', {
      rules: [{ kind: 'unavailable', match: { method: 'PUT', path: 'named-credentials/credential' } }],
    });
    const refused = await deploy({ secret });
    expect(refused).toMatchObject({ status: 'Succeeded', isSecretStored: false });
    expect(refused.problems).toMatchObject([{ fullName: 'the API key' }]);
    expect(JSON.stringify([first, refused])).not.toContain(secret);
  });
});
