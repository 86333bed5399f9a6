import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { productSchema, startOrg, type RunningOrg } from './startOrg.ts';

const path = '/sobjects/Property_Sync__e';
const event = {
  Group_Key__c: 'a01ZZ000001PKndYAG',
  Resync_ID__c: '019b8e5c-0000-7000-8000-000000000000',
  State__c: 'running',
  Occurred_At__c: '2026-01-05T12:00:01.234Z',
};

let org: RunningOrg;

beforeAll(async () => {
  org = await startOrg({ schemaDir: productSchema });
});
beforeEach(() => org.control('POST', '/reset'));
afterAll(() => org.stop());

interface Published {
  readonly event: string;
  readonly replayId: number;
  readonly uuid: string;
  readonly payload: Record<string, unknown>;
}
const published = async (): Promise<Published[]> =>
  (await org.control<{ events: Published[] }>('GET', '/events')).body.events;

describe('a platform event', () => {
  it('is published as a record is created, and answered as Salesforce answers it', async () => {
    const { status, body } = await org.api('POST', path, event);
    const [only] = await published();
    expect({ status, body }).toEqual({
      status: 201,
      body: {
        id: expect.stringMatching(/^e0[0-9A-Za-z]{16}$/),
        success: true,
        errors: [{ statusCode: 'OPERATION_ENQUEUED', message: only?.uuid, fields: [] }],
      },
    });
    expect(only).toMatchObject({
      event: 'Property_Sync__e',
      replayId: 1,
      payload: {
        ...event,
        Occurred_At__c: '2026-01-05T12:00:01.000Z',
        CreatedById: expect.stringMatching(/^005/),
      },
    });
  });

  it('is published by jsforce', async () => {
    const connection = await org.connect();
    expect(await connection.sobject('Property_Sync__e').create(event)).toMatchObject({ success: true });
    expect(await published()).toHaveLength(1);
  });

  it.each([
    [{ ...event, State__c: undefined }, 'REQUIRED_FIELD_MISSING'],
    [{ ...event, State__c: 'x'.repeat(41) }, 'STRING_TOO_LONG'],
    [{ ...event, Nobody__c: 'x' }, 'INVALID_FIELD'],
    [{ ...event, ReplayId: '5' }, 'INVALID_FIELD_FOR_INSERT_UPDATE'],
    [{ ...event, Occurred_At__c: 'yesterday' }, 'JSON_PARSER_ERROR'],
  ])('is refused when its fields are wrong: %j', async (wrong, errorCode) => {
    expect(await org.api('POST', path, wrong)).toMatchObject({ status: 400, body: [{ errorCode }] });
    expect(await published()).toEqual([]);
  });

  it('is no record: nobody reads, queries, changes or stores one', async () => {
    const { body } = await org.api<{ id: string }>('POST', path, event);
    expect((await org.api('GET', `${path}/${body.id}`)).status).toBe(404);
    expect((await org.api('PATCH', `${path}/${body.id}`, event)).status).toBe(404);
    expect((await org.soql('SELECT Id FROM Property_Sync__e')).status).toBe(400);
  });

  it('is described with its fields', async () => {
    const { body } = await org.api<{ fields: { name: string; type: string }[] }>('GET', `${path}/describe`);
    expect(body).toMatchObject({ name: 'Property_Sync__e', createable: true, queryable: false });
    expect(body.fields).toContainEqual(expect.objectContaining({ name: 'Occurred_At__c', type: 'datetime' }));
  });

  it('is kept among the newest thousand, and its position is never used again', async () => {
    for (let count = 0; count < 1_003; count += 1) await org.api('POST', path, event);
    const kept = await published();
    expect(kept).toHaveLength(1_000);
    const last = kept.at(-1)?.replayId ?? 0;
    expect((kept[0]?.replayId ?? 0) + 999).toBe(last);
    await org.control('POST', '/reset');
    expect(await published()).toEqual([]);
    await org.api('POST', path, event);
    expect(await published()).toMatchObject([{ replayId: last + 1 }]);
  });
});
