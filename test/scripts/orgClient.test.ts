import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { createLocalOrg, type LocalOrg } from '../../local-org/src/createLocalOrg.ts';
import { OrgClient } from '../../scripts/demo/orgClient.ts';
import { reasonOf } from '../../scripts/demo/progress.ts';

let server: LocalOrg;
let org: OrgClient;

beforeEach(async () => {
  server = createLocalOrg({ schemaDir: 'force-app' });
  org = new OrgClient(await server.start());
});
afterEach(() => server.stop());

const lost = (times: number): object => ({
  kind: 'resetBefore',
  times,
  match: { method: 'GET', path: '/query' },
});

it('reads the org again when a connection is closed under a read', async () => {
  await org.setFaults([lost(1)]);
  expect(await org.count('Property__c')).toBe(0);
  await org.setFaults([lost(1)]);
  expect(await org.records('Property__c', ['Id'])).toEqual([]);
  expect(await org.faultCounts()).toMatchObject([{ hits: 1 }]);
});

it('gives up after the third read, and says why', async () => {
  await org.setFaults([lost(9)]);
  const failure: unknown = await org.count('Property__c').catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(Error);
  expect(reasonOf(failure)).toMatch(/^fetch failed: .+/);
  expect(await org.faultCounts()).toMatchObject([{ hits: 3 }]);
});
