import { afterEach, describe, expect, it } from '@jest/globals';
import type { Connection } from '@salesforce/core';
import { checkOrg } from '../../src/org/checkOrg.ts';
import type { LocalOrgOptions } from '../../local-org/src/createLocalOrg.ts';
import { productSchema, startOrg, type RunningOrg } from '../local-org/startOrg.ts';
import { connectTo } from './connectTo.ts';

let org: RunningOrg;
let connection: Connection;

async function start(options: Partial<LocalOrgOptions>): Promise<void> {
  org = await startOrg(options);
  connection = await connectTo({ url: org.url, accessToken: await org.tokenOf('admin') });
}
afterEach(() => org.stop());

const findings = async () =>
  Object.fromEntries((await checkOrg(connection)).map(({ check, ...seen }) => [check, seen]));

describe('checkOrg', () => {
  it('says of an empty org what is missing and what to do', async () => {
    await start({ schemaDir: null });
    const seen = await findings();
    expect(seen['org.fields']).toMatchObject({
      level: 'error',
      action: 'Run: sf sync deploy --with-objects',
    });
    expect(seen['org.permissionSets']).toMatchObject({ level: 'error', action: 'Run: sf sync deploy' });
    expect(seen['org.credentialUrl']).toMatchObject({ level: 'error' });
    expect(seen['org.apiLimits']).toMatchObject({ level: 'ok' });
  });

  it('finds the fields of a deployed org and nobody who may write', async () => {
    await start({ schemaDir: productSchema });
    const seen = await findings();
    expect(seen['org.fields']).toMatchObject({ level: 'ok' });
    expect(seen['org.key']).toMatchObject({ level: 'ok' });
    expect(seen['org.flows']).toMatchObject({ level: 'ok' });
    expect(seen['org.validationRules']).toMatchObject({ level: 'ok' });
    expect(seen['org.duplicateRules']).toMatchObject({ level: 'ok' });
  });

  it('names what starts or stops a write, what is switched off left out, and what is not as it should be', async () => {
    await start({ schemaDir: productSchema });
    const object = 'Product_Property__c';
    const flow = (status: string) => ({ label: `Flow ${status}`, status, start: { object } });
    const components = [
      { type: 'Flow', fullName: 'On_Write', definition: flow('Active') },
      { type: 'Flow', fullName: 'Off', definition: flow('Draft') },
      { type: 'ValidationRule', fullName: `${object}.Needs_City`, definition: { active: 'true' } },
      { type: 'ValidationRule', fullName: `${object}.Off`, definition: { active: 'false' } },
      {
        type: 'DuplicateRule',
        fullName: `${object}.Same`,
        definition: { isActive: 'true', masterLabel: 'S' },
      },
      {
        type: 'DuplicateRule',
        fullName: `${object}.Off`,
        definition: { isActive: 'false', masterLabel: 'O' },
      },
      ...['OnProperty', 'PropertyRollup'].map((fullName) => ({
        type: 'ApexTrigger',
        fullName,
        source: `trigger ${fullName} on ${object} (before insert) {}`,
        definition: { status: 'Active' },
      })),
      {
        type: 'NamedCredential',
        fullName: 'Property_Sync',
        definition: {
          namedCredentialParameters: {
            parameterName: 'Url',
            parameterType: 'Url',
            parameterValue: 'https://old.example.com',
          },
        },
      },
    ];
    expect((await org.control('POST', '/components', { components })).status).toBeLessThan(300);
    await org.control('PUT', '/usage', { dailyLimit: 100, used: 85 });
    const all = await checkOrg(connection, { middlewareUrl: 'https://sync.example.com' });
    const seen = Object.fromEntries(all.map(({ check, ...rest }) => [check, rest]));
    expect(seen['org.flows']).toMatchObject({ level: 'warning', details: ['Flow Active (On_Write)'] });
    expect(seen['org.validationRules']).toMatchObject({ level: 'warning', details: ['Needs_City'] });
    expect(seen['org.duplicateRules']).toMatchObject({ level: 'warning', details: ['S (Same)'] });
    expect(seen['org.triggers']).toMatchObject({ level: 'warning', details: ['OnProperty'] });
    expect(seen['org.assignment']).toMatchObject({
      level: 'warning',
      action: 'Run: sf sync deploy --assign-permission-sets',
    });
    expect(seen['org.credentialUrl']).toMatchObject({
      level: 'warning',
      finding: expect.stringMatching(/old\.example\.com.*sync\.example\.com/),
    });
    expect(seen['org.apiLimits']).toMatchObject({ level: 'warning' });
  });

  it('says of an address on this machine that Salesforce cannot reach it', async () => {
    await start({ schemaDir: productSchema });
    const definition = {
      namedCredentialParameters: {
        parameterName: 'Url',
        parameterType: 'Url',
        parameterValue: 'http://127.0.0.1:3000',
      },
    };
    const components = [{ type: 'NamedCredential', fullName: 'Property_Sync', definition }];
    expect((await org.control('POST', '/components', { components })).status).toBeLessThan(300);
    expect((await findings())['org.credentialUrl']).toMatchObject({ level: 'ok' });

    // Another name of this machine, which is none of the loopback's: as good as an org elsewhere.
    const url = org.url.replace('127.0.0.1', '0.0.0.0');
    connection = await connectTo({ url, accessToken: await org.tokenOf('admin') });
    expect((await findings())['org.credentialUrl']).toMatchObject({
      level: 'warning',
      finding: expect.stringContaining('http://127.0.0.1:3000'),
      action: expect.stringContaining('public https address'),
    });
  });

  it('takes a refused question for a warning, and costs the same however much there is', async () => {
    await start({ schemaDir: productSchema });
    const callsOf = async (): Promise<number> => {
      const before = (await org.control<{ used: number }>('GET', '/usage')).body;
      await checkOrg(connection);
      const after = (await org.control<{ used: number }>('GET', '/usage')).body;
      return after.used - before.used;
    };
    await callsOf();
    const calls = await callsOf();
    for (let index = 0; index < 5; index += 1) {
      await org.api('POST', '/sobjects/Product_Property__c', { Name: 'x', RDS_Property_ID__c: `k-${index}` });
    }
    expect(await callsOf()).toBe(calls);
    expect(calls).toBeLessThanOrEqual(20);

    await org.control('PUT', '/faults', { rules: [{ kind: 'apiLimit', match: { path: 'tooling' } }] });
    const seen = await findings();
    expect(seen['org.validationRules']).toMatchObject({
      level: 'warning',
      finding: expect.stringContaining('could not be looked at'),
    });
    expect(seen['org.fields']).toMatchObject({ level: 'ok' });
  });
});
