import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { USERS } from '../../local-org/src/auth/users.ts';
import type { WrittenRecord } from '../../local-org/src/dml/writeHistory.ts';
import { aSample } from './samples.ts';
import { startOrg, until, type RunningOrg } from './startOrg.ts';

let org: RunningOrg;

beforeAll(async () => {
  org = await startOrg();
});
beforeEach(async () => {
  await org.control('POST', '/reset');
});
afterAll(() => org.stop());

const writes = async (): Promise<WrittenRecord[]> =>
  (await org.control<{ writes: WrittenRecord[] }>('GET', '/writes')).body.writes;
const operations = async () => (await writes()).map(({ operation }) => operation);

describe('the history of writes', () => {
  it('names each record that was saved, in order, with who did it and when', async () => {
    const admin = { authorization: `Bearer ${await org.tokenOf('admin')}` };
    const created = await org.api<{ id: string }>('POST', '/sobjects/Sample__c', aSample());
    const { id } = created.body;
    await org.api('PATCH', `/sobjects/Sample__c/${id}`, { Note__c: 'by hand' }, admin);
    await org.api('DELETE', `/sobjects/Sample__c/${id}`);
    expect(await writes()).toMatchObject([
      { object: 'Sample__c', id, operation: 'insert', user: USERS.integration.id },
      { object: 'Sample__c', id, operation: 'update', user: USERS.admin.id },
      { object: 'Sample__c', id, operation: 'delete', user: USERS.integration.id },
    ]);
    for (const { at } of await writes()) expect(at).toMatch(/^2026-01-05T12:\d\d:\d\d\.\d{3}Z$/);
    await org.control('POST', '/reset');
    expect(await writes()).toEqual([]);
  });

  it('has nothing of a record that was refused or taken back', async () => {
    const records = [aSample(), aSample({ Kind__c: 'None such' })];
    await org.api('POST', '/composite/sobjects', { allOrNone: true, records });
    expect(await operations()).toEqual([]);
    await org.api('POST', '/composite/sobjects', { allOrNone: false, records });
    expect(await operations()).toEqual(['insert']);
  });

  it('has the rows of a job', async () => {
    const job = { object: 'Sample__c', operation: 'insert', lineEnding: 'LF' };
    const { body } = await org.api<{ id: string }>('POST', '/jobs/ingest', job);
    await org.api('PUT', `/jobs/ingest/${body.id}/batches`, 'Name,Region__c\none,North\ntwo,North\n', {
      'content-type': 'text/csv',
    });
    await org.api('PATCH', `/jobs/ingest/${body.id}`, { state: 'UploadComplete' });
    await until(async () => (await writes()).length === 2);
    expect(await operations()).toEqual(['insert', 'insert']);
  });
});
