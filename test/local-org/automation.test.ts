import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SaveReply } from './samples.ts';
import { productSchema, startOrg, until, type RunningOrg } from './startOrg.ts';

const PRODUCTION = 'a01ZZ000000Prod';
const system = 'IsDeleted,CreatedDate,CreatedById,LastModifiedDate,LastModifiedById,SystemModstamp';
const stamps =
  'false,2025-06-01T00:00:00.000Z,005ZZ000000Admn,2025-06-01T00:00:00.000Z,005ZZ000000Admn,2025-06-01T00:00:00.000Z';

let seedDir: string;
let org: RunningOrg;

beforeAll(async () => {
  seedDir = mkdtempSync(join(tmpdir(), 'local-org-'));
  writeFileSync(
    join(seedDir, 'Property__c.csv'),
    `Id,Name,Bank_Linking_Enabled__c,${system}\n${PRODUCTION},Maple Court,false,${stamps}\n`,
  );
  writeFileSync(
    join(seedDir, 'Product_Property__c.csv'),
    `Id,Name,RDS_Property_ID__c,Status__c,Source_Salesforce_ID__c,Property__c,${system}\n` +
      `a13ZZ000000OldA,Old,old-a,ACTIVE,${PRODUCTION},,${stamps}\n` +
      `a13ZZ000000OldB,Old twin,old-b,ACTIVE,${PRODUCTION},,${stamps}\n` +
      `a13ZZ000000OldC,Old twin,OLD-B,ACTIVE,,,${stamps}\n`,
  );
  org = await startOrg({
    schemaDir: productSchema,
    seedDir,
    fieldOverlays: { 'Product_Property__c.RDS_Property_ID__c': { unique: false } },
  });
});
beforeEach(async () => {
  await org.control('POST', '/reset');
});
afterAll(async () => {
  await org.stop();
  rmSync(seedDir, { recursive: true });
});

const row = (key: string, values: object = {}) => ({
  attributes: { type: 'Product_Property__c' },
  RDS_Property_ID__c: key,
  Name: `Property ${key}`,
  Status__c: 'ACTIVE',
  Source_Salesforce_ID__c: PRODUCTION,
  ...values,
});
const upsert = async (...records: object[]) =>
  (
    await org.api<SaveReply[]>('PATCH', '/composite/sobjects/Product_Property__c/RDS_Property_ID__c', {
      records,
    })
  ).body;
const codes = (replies: readonly SaveReply[]) => replies.map((reply) => reply.errors[0]?.statusCode ?? 'ok');
const configure = (settings: object) => org.control('PUT', '/automation', settings);
const run = async () => (await org.control<{ linked: number }>('POST', '/automation/run')).body;
const production = async (fields: string) =>
  (await org.select(`SELECT ${fields} FROM Property__c WHERE Id = '${PRODUCTION}'`))[0];

describe('the link', () => {
  it('of a new row comes after the delay, by the automated process', async () => {
    const [created] = await upsert(row('new'));
    const state = async () =>
      (
        await org.select(
          `SELECT Property__c, LastModifiedBy.Name, SystemModstamp FROM Product_Property__c WHERE Id = '${created?.id ?? ''}'`,
        )
      )[0];
    const before = await state();
    expect(before).toMatchObject({ Property__c: null, LastModifiedBy: { Name: 'Property Sync' } });
    await org.control('POST', '/clock/advance', { ms: 299_000 });
    expect((await org.control('GET', '/automation')).body).toMatchObject({ pending: 1, unresolved: 0 });
    await org.control('POST', '/clock/advance', { ms: 2_000 });
    const after = await state();
    expect(after).toMatchObject({
      Property__c: 'a01ZZ000000ProdYAC',
      LastModifiedBy: { Name: 'Automated Process' },
    });
    expect(String(after?.['SystemModstamp']) > String(before?.['SystemModstamp'])).toBe(true);
    expect((await org.control('GET', '/automation')).body).toMatchObject({ pending: 0 });
  });

  it('comes by itself when its time has come', async () => {
    await configure({ linkDelayMs: 20 });
    await upsert(row('new'));
    await until(
      async () =>
        (await org.select(`SELECT Id FROM Product_Property__c WHERE Property__c != null`)).length === 1,
    );
  });

  it('leads to a new production record where no source id is given', async () => {
    await upsert(row('new', { Source_Salesforce_ID__c: null, City__c: 'Salem' }));
    expect(await run()).toMatchObject({ linked: 1, pending: 0 });
    const [linked] = await org.select(
      `SELECT Property__r.Name, Property__r.City__c FROM Product_Property__c WHERE RDS_Property_ID__c = 'new'`,
    );
    expect(linked).toEqual({
      Property__r: expect.objectContaining({ Name: 'Property new', City__c: 'Salem' }),
    });
    expect((await org.soql('SELECT COUNT() FROM Property__c')).body.totalSize).toBe(2);
  });

  it('leads nowhere where the source id names no record', async () => {
    await upsert(row('new', { Source_Salesforce_ID__c: 'a01ZZ00000zzzzz' }));
    expect(await run()).toMatchObject({ linked: 0, unresolved: 1 });
  });

  it('is never set on rows that were there at the start', async () => {
    await upsert(row('old-a', { Name: 'changed' }));
    expect(await run()).toMatchObject({ linked: 0 });
    expect(await org.select('SELECT Id FROM Product_Property__c WHERE Property__c != null')).toEqual([]);
  });

  it('is not set while automation is off', async () => {
    await configure({ isEnabled: false });
    await upsert(row('new'));
    expect(await run()).toMatchObject({ linked: 0 });
  });
});

describe('the roll-up', () => {
  const features =
    'Bank_Linking_Enabled__c, Bank_Linking_Start_Date__c, Connected_Payroll_Enabled__c, LastModifiedBy.Name';
  const bank = (date: string | null) => ({
    Bank_Linking_Enabled__c: date !== null,
    Bank_Linking_Start_Date__c: date,
  });

  it('is the union of the flags and the earliest of the dates over linked ACTIVE rows', async () => {
    await upsert(
      row('a', { ...bank('2025-03-01') }),
      row('b', { ...bank('2025-02-01'), Connected_Payroll_Enabled__c: true }),
      row('c', { ...bank('2020-01-01'), Status__c: 'DISABLED' }),
    );
    expect(await production(features)).toMatchObject({ Bank_Linking_Enabled__c: false });
    await run();
    expect(await production(features)).toMatchObject({
      Bank_Linking_Enabled__c: true,
      Bank_Linking_Start_Date__c: '2025-02-01',
      Connected_Payroll_Enabled__c: true,
      LastModifiedBy: { Name: 'Automated Process' },
    });
  });

  it('follows changes of linked rows, their deletion included', async () => {
    const [a, b] = await upsert(row('a', bank('2025-03-01')), row('b', bank('2025-02-01')));
    await run();
    await upsert(row('b', bank(null)));
    expect(await production(features)).toMatchObject({ Bank_Linking_Start_Date__c: '2025-03-01' });
    await upsert(row('a', { Status__c: 'DISABLED' }));
    expect(await production(features)).toMatchObject({
      Bank_Linking_Enabled__c: false,
      Bank_Linking_Start_Date__c: null,
    });
    await upsert(row('a', { Status__c: 'ACTIVE' }));
    expect(await production(features)).toMatchObject({ Bank_Linking_Enabled__c: true });
    await org.api('DELETE', `/composite/sobjects?ids=${a?.id ?? ''},${b?.id ?? ''}`);
    expect(await production(features)).toMatchObject({ Bank_Linking_Enabled__c: false });
  });

  it('leaves a production record alone that does not change', async () => {
    await upsert(row('a', bank('2025-03-01')));
    await run();
    const before = await production('SystemModstamp');
    await org.control('POST', '/clock/advance', { ms: 60_000 });
    await upsert(row('a', { Name: 'another name' }));
    await upsert(row('a', { Fraud_Detection_Start_Date__c: '2025-01-01' }));
    expect(await production('SystemModstamp')).toEqual(before);
  });

  it('follows a link that a person moves away', async () => {
    const [a] = await upsert(row('a', bank('2025-03-01')));
    await run();
    const authorization = `Bearer ${await org.tokenOf('admin')}`;
    const path = `/sobjects/Product_Property__c/${a?.id ?? ''}`;
    expect((await org.api('PATCH', path, { Property__c: null }, { authorization })).status).toBe(204);
    expect(await production(features)).toMatchObject({ Bank_Linking_Enabled__c: false });
  });
});

describe('a failure', () => {
  it('of the Flow on a picklist rejects the records it names, for ever, and keeps the others', async () => {
    await configure({ rejections: [{ keys: ['BAD'], on: 'insert', error: 'flowPicklist' }] });
    for (let attempt = 0; attempt < 2; attempt++) {
      const replies = await upsert(row('bad'), row(`good-${attempt}`));
      expect(codes(replies)).toEqual(['CANNOT_EXECUTE_FLOW_TRIGGER', 'ok']);
      expect(replies[0]?.errors[0]?.message).toContain('INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST');
    }
    expect(await org.select(`SELECT Id FROM Product_Property__c WHERE RDS_Property_ID__c = 'bad'`)).toEqual(
      [],
    );
  });

  it('of a validation rule rejects updates only', async () => {
    await configure({ rejections: [{ keys: ['old-a', 'new'], on: 'update', error: 'validation' }] });
    expect(codes(await upsert(row('old-a', { Name: 'x' }), row('new')))).toEqual([
      'FIELD_CUSTOM_VALIDATION_EXCEPTION',
      'ok',
    ]);
    expect(
      await org.select(`SELECT Name FROM Product_Property__c WHERE RDS_Property_ID__c = 'old-a'`),
    ).toEqual([{ Name: 'Old' }]);
  });

  it('of a limit loses every insert of a transaction that is too large, and no update', async () => {
    await configure({ insertLimit: { maxRecords: 2, when: 'always' } });
    const replies = await upsert(row('a'), row('old-a', { Name: 'changed' }), row('b'), row('c'));
    expect(codes(replies)).toEqual([
      'CANNOT_EXECUTE_FLOW_TRIGGER',
      'ok',
      'CANNOT_EXECUTE_FLOW_TRIGGER',
      'CANNOT_EXECUTE_FLOW_TRIGGER',
    ]);
    expect(replies[0]?.errors[0]?.message).toContain('System.LimitException: Apex CPU time limit exceeded');
    expect(codes(await upsert(row('a'), row('b')))).toEqual(['ok', 'ok']);
  });

  it('of a limit may strike each batch once', async () => {
    await configure({ insertLimit: { maxRecords: 1, when: 'oncePerBatch' } });
    expect(codes(await upsert(row('a'), row('b')))[0]).toBe('CANNOT_EXECUTE_FLOW_TRIGGER');
    expect(codes(await upsert(row('c'), row('d')))[0]).toBe('CANNOT_EXECUTE_FLOW_TRIGGER');
    expect(codes(await upsert(row('b'), row('a')))).toEqual(['ok', 'ok']);
  });

  it('strikes bulk jobs chunk by chunk', async () => {
    await configure({ insertLimit: { maxRecords: 100, when: 'always' } });
    const { body } = await org.api<{ id: string }>('POST', '/jobs/ingest', {
      object: 'Product_Property__c',
      operation: 'insert',
    });
    const lines = Array.from({ length: 250 }, (_, index) => `key-${index},Name ${index}`);
    const data = `RDS_Property_ID__c,Name\n${lines.join('\n')}\n`;
    await org.api('PUT', `/jobs/ingest/${body.id}/batches`, data, { 'content-type': 'text/csv' });
    await org.api('PATCH', `/jobs/ingest/${body.id}`, { state: 'UploadComplete' });
    const read = async () =>
      (await org.api<{ state: string; numberRecordsFailed: number }>('GET', `/jobs/ingest/${body.id}`)).body;
    await until(async () => (await read()).state === 'JobComplete');
    expect((await read()).numberRecordsFailed).toBe(200);
  });
});

describe('the January seed', () => {
  it('may hold a key twice, which an upsert cannot decide', async () => {
    expect(codes(await upsert(row('old-b')))).toEqual(['DUPLICATE_EXTERNAL_ID']);
    const { body } = await org.api<{ fields: { name: string; unique: boolean; externalId: boolean }[] }>(
      'GET',
      '/sobjects/Product_Property__c/describe',
    );
    expect(body.fields.find((field) => field.name === 'RDS_Property_ID__c')).toMatchObject({
      unique: false,
      externalId: true,
    });
  });
});
