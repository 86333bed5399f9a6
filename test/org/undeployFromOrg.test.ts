import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Connection } from '@salesforce/core';
import { deployToOrg, type DeployProgress } from '../../src/org/deployToOrg.ts';
import { planUndeploy, undeployFromOrg, type UndeployOutcome } from '../../src/org/undeployFromOrg.ts';
import { startOrg, type RunningOrg } from '../local-org/startOrg.ts';
import { connectTo } from './connectTo.ts';

const silent: DeployProgress = { start: () => undefined, update: () => undefined, stop: () => undefined };
const sets = ['Property_Sync_Viewer', 'Property_Sync_Operator'];

let org: RunningOrg;
let connection: Connection;

beforeEach(async () => {
  org = await startOrg({ schemaDir: null });
  connection = await connectTo({ url: org.url, accessToken: await org.tokenOf('admin') });
  const report = await deployToOrg(
    connection,
    {
      isDryRun: false,
      withObjects: true,
      middlewareUrl: null,
      secret: null,
      applyViews: null,
      permissionSets: sets,
      testLevel: 'RunSpecifiedTests',
      waitMinutes: 1,
    },
    silent,
  );
  expect(report).toMatchObject({ status: 'Succeeded', problems: [] });
});
afterEach(() => org.stop());

async function undeploy({ withObjects }: { withObjects: boolean }): Promise<UndeployOutcome> {
  const plan = await planUndeploy(connection, { withObjects });
  return undeployFromOrg(connection, plan, { waitMinutes: 1, progress: silent });
}
/** A field that is referred to from outside the package cannot go: here by leaving out what refers to it. */
async function refusedUndeploy(): Promise<UndeployOutcome> {
  const plan = await planUndeploy(connection, { withObjects: false });
  const first = plan.first.filter(({ type }) => type !== 'ApexClass');
  return undeployFromOrg(connection, { ...plan, first }, { waitMinutes: 1, progress: silent });
}
const describes = async (object: string): Promise<boolean> =>
  (await org.api('GET', `/sobjects/${object}/describe`)).status === 200;
const heldSets = async (): Promise<number> =>
  (
    await org.select(
      `SELECT Id FROM PermissionSetAssignment WHERE PermissionSet.Name IN ('${sets.join("','")}')`,
    )
  ).length;

describe('undeployFromOrg', () => {
  it('takes all of it out of an org without data, and then finds nothing more', async () => {
    expect(await undeploy({ withObjects: true })).toMatchObject({ status: 'Succeeded', problems: [] });
    expect([await describes('Product_Property__c'), await describes('Property__c')]).toEqual([false, false]);
    expect(await heldSets()).toBe(0);
    const plan = await planUndeploy(connection, { withObjects: true });
    expect([...plan.first, ...plan.last]).toEqual([]);
  });

  it('leaves objects unless told, and fields in which a row has a value', async () => {
    await org.api('POST', '/sobjects/Product_Property__c', { Name: 'x', City__c: 'Springfield' });
    const plan = await planUndeploy(connection, { withObjects: false });
    const kept = plan.kept.map(({ component }) => component.fullName);
    expect(kept).toContain('Product_Property__c.City__c');
    expect(kept).not.toContain('Product_Property__c.Street__c');
    // An unticked checkbox holds nothing, though it is never empty.
    expect(kept).not.toContain('Product_Property__c.Bank_Linking_Enabled__c');
    expect(await undeploy({ withObjects: false })).toMatchObject({ status: 'Succeeded', problems: [] });
    expect(await org.select('SELECT Name, City__c FROM Product_Property__c')).toEqual([
      { Name: 'x', City__c: 'Springfield' },
    ]);
    expect(await describes('Property__c')).toBe(true);
  });

  it('leaves what is only in the recycle bin', async () => {
    const { body } = await org.api<{ id: string }>('POST', '/sobjects/Product_Property__c', {
      Name: 'x',
      City__c: 'Springfield',
    });
    await org.api('DELETE', `/sobjects/Product_Property__c/${body.id}`);
    const { kept } = await planUndeploy(connection, { withObjects: true });
    const names = kept.map(({ component }) => component.fullName);
    expect(names).toEqual(expect.arrayContaining(['Product_Property__c', 'Product_Property__c.City__c']));
    expect(names).not.toContain('Property__c');
  });

  it('gives the permission sets back when the org refuses', async () => {
    const held = await heldSets();
    expect(held).toBe(2);
    const outcome = await refusedUndeploy();
    expect(outcome.status).toBe('Failed');
    expect(outcome.problems[0]?.action).toContain('refers to it');
    expect(outcome.problems.map(({ type }) => type)).not.toContain('PermissionSetAssignment');
    expect(await heldSets()).toBe(held);
  });

  it('says whose permission sets could not be given back', async () => {
    await org.control('PUT', '/faults', {
      rules: [{ kind: 'rowLock', rows: 1, match: { method: 'POST', path: 'composite/sobjects' } }],
    });
    const { problems } = await refusedUndeploy();
    expect(problems.filter(({ type }) => type === 'PermissionSetAssignment')).toMatchObject([
      { fullName: '1 of 2', problem: expect.stringMatching(/lost permission sets.*005/) },
    ]);
    expect(await heldSets()).toBe(1);
  });
});
