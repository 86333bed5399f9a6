import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import jsforce from 'jsforce';
import { aSample, createSamples } from './samples.ts';
import { startOrg, type RunningOrg } from './startOrg.ts';

let org: RunningOrg;
let connection: jsforce.Connection;

beforeAll(async () => {
  org = await startOrg();
  connection = await org.connect();
});
beforeEach(async () => {
  await org.control('POST', '/reset');
});
afterAll(() => org.stop());

const plain = (values: Record<string, unknown>) => {
  const { attributes: _attributes, ...record } = aSample(values);
  return record;
};

describe('jsforce', () => {
  it('logs in by client credentials and learns who it is', async () => {
    expect(connection.accessToken).toMatch(/^00DZZ0000000001!/);
    expect(await connection.identity()).toMatchObject({
      user_id: '005ZZ000000SyncYAC',
      organization_id: org.orgId,
      username: org.username,
    });
    const other = new jsforce.Connection({ instanceUrl: org.url, accessToken: org.accessToken });
    expect(await other.request(`${org.url}/services/oauth2/userinfo`)).toMatchObject({
      user_id: '005ZZ000000SyncYAC',
    });
  });

  it('describes the org and an object', async () => {
    const { sobjects } = await connection.describeGlobal();
    const names = sobjects.map((object) => object.name);
    expect(names.slice(0, 3)).toEqual(['Sample__c', 'User', 'Organization']);
    expect(names).toContain('PermissionSetAssignment');
    const { keyPrefix, fields, childRelationships } = await connection.describe('Sample__c');
    expect(keyPrefix).toBe('a00');
    expect(childRelationships).toMatchObject([
      { childSObject: 'Sample__c', field: 'Parent__c', relationshipName: 'Children__r' },
    ]);
    const field = (name: string) => fields.find((each) => each.name === name);
    expect(field('Code__c')).toMatchObject({
      type: 'string',
      length: 20,
      externalId: true,
      unique: true,
      idLookup: true,
    });
    expect(field('Code__c')).toMatchObject({
      caseSensitive: false,
      nillable: true,
      createable: true,
      updateable: true,
    });
    expect(field('Region__c')).toMatchObject({ nillable: false, defaultedOnCreate: false });
    expect(field('Amount__c')).toMatchObject({ type: 'double', precision: 6, scale: 2 });
    expect(field('Is_Open__c')).toMatchObject({
      type: 'boolean',
      defaultedOnCreate: true,
      defaultValue: true,
      nillable: false,
    });
    expect(field('Kind__c')).toMatchObject({ type: 'picklist', restrictedPicklist: true });
    expect((field('Kind__c')?.picklistValues as { value: string }[]).map((each) => each.value)).toEqual([
      'RED',
      'BLUE',
    ]);
    expect(field('Parent__c')).toMatchObject({
      type: 'reference',
      referenceTo: ['Sample__c'],
      relationshipName: 'Parent__r',
    });
    expect(field('SystemModstamp')).toMatchObject({ createable: false, updateable: false, nillable: false });
    expect(field('Note__c')).toMatchObject({ type: 'textarea', filterable: false, sortable: false });
  });

  it('creates, reads, changes and deletes one record', async () => {
    const samples = connection.sobject('Sample__c');
    const created = await samples.create(plain({ Name: 'one' }));
    const id = String(created.id);
    expect(await samples.retrieve(id)).toMatchObject({ Id: id, Name: 'one' });
    expect(await samples.update({ Id: id, Name: 'two' })).toMatchObject({ id, success: true });
    expect(await samples.findOne({ Name: { $like: 'TW%' } }, ['Id', 'Name'])).toMatchObject({
      Id: id,
      Name: 'two',
    });
    expect(await samples.destroy(id)).toMatchObject({ id, success: true });
    await expect(samples.retrieve(id)).rejects.toMatchObject({ errorCode: 'ENTITY_IS_DELETED' });
  });

  it('saves and retrieves arrays, record by record', async () => {
    const samples = connection.sobject('Sample__c');
    const created = await samples.create([plain({ Code__c: 'A' }), plain({ Kind__c: 'GREEN' })]);
    expect(created.map((result) => result.success)).toEqual([true, false]);
    const id = String(created[0]?.id);
    const upserted = await samples.upsert(
      [plain({ Code__c: 'a', Name: 'new' }), plain({ Code__c: 'B' })],
      'Code__c',
    );
    expect(upserted.map((result) => (result as { created?: boolean }).created)).toEqual([false, true]);
    const updated = await samples.update([{ Id: id, Amount__c: 7 }, { Id: 'a00ZZ00000zzzzz' }]);
    expect(updated.map((result) => result.success)).toEqual([true, false]);
    const [first, second] = await samples.retrieve([id, 'a00ZZ00000zzzzz'], {
      fields: ['Name', 'Amount__c'],
    });
    expect(first).toMatchObject({ Id: id, Name: 'new', Amount__c: 7 });
    expect(second).toBeNull();
    expect((await samples.destroy([id])).map((result) => result.success)).toEqual([true]);
  });

  it('upserts one record by external id', async () => {
    const samples = connection.sobject('Sample__c');
    expect(await samples.upsert(plain({ Code__c: 'ä 1 &+?' }), 'Code__c')).toMatchObject({
      success: true,
      created: true,
    });
    expect(await samples.upsert(plain({ Code__c: 'ä 1 &+?' }), 'Code__c')).toMatchObject({
      success: true,
      created: false,
    });
  });

  it('fetches all pages of a query', async () => {
    await createSamples(
      org,
      Array.from({ length: 450 }, (_, index) => ({ Code__c: `C${index}` })),
    );
    const before = (await org.control<{ used: number }>('GET', '/usage')).body.used;
    const { records } = await connection.query<{ Code__c: string }>('SELECT Code__c FROM Sample__c', {
      autoFetch: true,
      maxFetch: 5000,
      headers: { 'Sforce-Query-Options': 'batchSize=200' },
    });
    expect(new Set(records.map((record) => record.Code__c)).size).toBe(450);
    expect((await org.control<{ used: number }>('GET', '/usage')).body.used - before).toBe(3);
  });

  it.each([
    [400, 2],
    [401, 3],
  ])('needs no further page than it must: %i records', async (records, pages) => {
    await createSamples(
      org,
      Array.from({ length: records }, () => ({})),
    );
    const before = (await org.control<{ used: number }>('GET', '/usage')).body.used;
    await connection.query('SELECT Id FROM Sample__c', {
      autoFetch: true,
      headers: { 'Sforce-Query-Options': 'batchSize=200' },
    });
    expect((await org.control<{ used: number }>('GET', '/usage')).body.used - before).toBe(pages);
  });

  it('pages by 2,000', async () => {
    await createSamples(
      org,
      Array.from({ length: 2001 }, () => ({})),
    );
    const first = await connection.query('SELECT Id FROM Sample__c');
    expect(first).toMatchObject({ totalSize: 2001, done: false });
    expect(first.records).toHaveLength(2000);
    const last = await connection.queryMore(String(first.nextRecordsUrl));
    expect(last).toMatchObject({ totalSize: 2001, done: true });
    expect(last.records).toHaveLength(1);
    await expect(connection.queryMore('01gZZ0000000001AAA-2000')).rejects.toMatchObject({
      errorCode: 'INVALID_QUERY_LOCATOR',
    });
  });

  it('drives an ingest job step by step', async () => {
    connection.bulk2.pollInterval = 5;
    const job = connection.bulk2.createJob({
      object: 'Sample__c',
      operation: 'upsert',
      externalIdFieldName: 'Code__c',
      lineEnding: 'LF',
    });
    await job.open();
    await job.uploadData('Code__c,Name,Region__c\nA,"one; two",North\nB,b,\n');
    await job.close();
    await job.poll();
    const [saved, failed, unprocessed] = [
      await job.getSuccessfulResults(),
      await job.getFailedResults(),
      await job.getUnprocessedRecords(),
    ];
    expect(saved).toMatchObject([{ sf__Created: 'true', Code__c: 'A', Name: 'one; two' }]);
    expect(failed).toMatchObject([
      { Code__c: 'B', sf__Error: expect.stringContaining('REQUIRED_FIELD_MISSING') },
    ]);
    expect(unprocessed).toEqual([]);
    await job.delete();
  });

  it('reads by a bulk query', async () => {
    await createSamples(
      org,
      Array.from({ length: 30 }, (_, index) => ({ Code__c: `C${index}`, Name: 'a "b"' })),
    );
    const stream = await connection.bulk2.query('SELECT Code__c, Name FROM Sample__c', {
      pollInterval: 5,
      pollTimeout: 5000,
    });
    const records = await stream.toArray();
    expect(records).toHaveLength(30);
    expect(records[0]).toMatchObject({ Name: 'a "b"' });
  });

  it('reads the limits and how many calls are used', async () => {
    const limits = (await connection.limits()) as Record<string, { Max: number; Remaining: number }>;
    const { used } = (await org.control<{ used: number }>('GET', '/usage')).body;
    expect(limits['DailyApiRequests']).toEqual({ Max: 100_000, Remaining: 100_000 - used });
    expect(connection.limitInfo).toMatchObject({ apiUsage: { used, limit: 100_000 } });
  });
});
