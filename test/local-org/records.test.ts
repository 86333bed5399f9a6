import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { aSample, createSamples, type SampleValues, type SaveReply } from './samples.ts';
import { startOrg, type RunningOrg } from './startOrg.ts';

let org: RunningOrg;

beforeAll(async () => {
  org = await startOrg();
});
beforeEach(async () => {
  await org.control('POST', '/reset');
});
afterAll(() => org.stop());

const create = async (records: readonly unknown[], allOrNone = false) =>
  (await org.api<SaveReply[]>('POST', '/composite/sobjects', { allOrNone, records })).body;
const upsert = async (records: readonly unknown[], allOrNone = false) =>
  (await org.api<SaveReply[]>('PATCH', '/composite/sobjects/Sample__c/Code__c', { allOrNone, records })).body;
const count = async () => (await org.soql('SELECT COUNT() FROM Sample__c')).body.totalSize;
const codes = (replies: readonly SaveReply[]) => replies.map((reply) => reply.errors[0]?.statusCode ?? 'ok');

/** Creates one record and reads it back. */
async function stored(values: SampleValues): Promise<Record<string, unknown>> {
  const [id = ''] = await createSamples(org, [values]);
  return (await org.api<Record<string, unknown>>('GET', `/sobjects/Sample__c/${id}`)).body;
}

describe('a value', () => {
  it.each<[string, unknown, unknown]>([
    ['Name', '  outer space \t', 'outer space'],
    ['Name', 'in\tside  space', 'in\tside  space'],
    ['Name', '\u00a0kept\u00a0', '\u00a0kept\u00a0'],
    ['Code__c', '', null],
    ['Code__c', '   ', null],
    ['Code__c', '#N/A', '#N/A'],
    ['Note__c', 'quotes " commas , lines\nand 😀', 'quotes " commas , lines\nand 😀'],
    ['Amount__c', 1.005, 1.01],
    ['Amount__c', -2.345, -2.35],
    ['Amount__c', 1e-9, 0],
    ['Amount__c', '12.5', 12.5],
    ['Amount__c', 0, 0],
    ['Is_Open__c', false, false],
    ['Is_Open__c', 'true', true],
    ['Day__c', '2024-02-29', '2024-02-29'],
    ['Day__c', null, null],
    ['Moment__c', '2026-01-05T14:00:00.987+02:00', '2026-01-05T12:00:00.000+0000'],
    ['Kind__c', 'RED', 'RED'],
  ])('of %s: %j is stored as %j', async (field, input, expected) => {
    expect((await stored({ [field]: input }))[field]).toEqual(expected);
  });

  it('that is not given takes the default of the field', async () => {
    expect(await stored({})).toMatchObject({ Is_Open__c: true, Amount__c: null, Kind__c: null });
  });

  it('of Name that is blank becomes the id', async () => {
    const record = await stored({ Name: '' });
    expect(record['Name']).toBe(String(record['Id']).slice(0, 15));
  });
});

describe('a record that is refused', () => {
  it.each<[SampleValues, string, string, string[]]>([
    [
      { Region__c: null },
      'REQUIRED_FIELD_MISSING',
      'Required fields are missing: [Region__c]',
      ['Region__c'],
    ],
    [{ Region__c: ' ' }, 'REQUIRED_FIELD_MISSING', 'Required fields are missing: [Region__c]', ['Region__c']],
    [
      { Region__c: 'much too long' },
      'STRING_TOO_LONG',
      'Region: data value too large: much too long (max length=10)',
      ['Region__c'],
    ],
    [
      { Kind__c: 'GREEN' },
      'INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST',
      'Kind: bad value for restricted picklist field: GREEN',
      ['Kind__c'],
    ],
    [
      { Amount__c: 10_000 },
      'NUMBER_OUTSIDE_VALID_RANGE',
      'Amount: value outside of valid range on numeric field: 10000',
      ['Amount__c'],
    ],
    [
      { Is_Open__c: null },
      'INVALID_TYPE_ON_FIELD_IN_RECORD',
      'Is Open: value not of required type: ',
      ['Is_Open__c'],
    ],
    [
      { CreatedDate: '2020-01-01T00:00:00Z' },
      'INVALID_FIELD_FOR_INSERT_UPDATE',
      expect.stringContaining('CreatedDate') as unknown as string,
      ['CreatedDate'],
    ],
    [
      { Id: 'a00ZZ0000000001' },
      'INVALID_FIELD_FOR_INSERT_UPDATE',
      'cannot specify Id in an insert call',
      ['Id'],
    ],
    [
      { Parent__c: 'nonsense' },
      'MALFORMED_ID',
      'Parent: id value of incorrect type: nonsense',
      ['Parent__c'],
    ],
    [
      { Parent__c: '005ZZ000000Sync' },
      'MALFORMED_ID',
      'Parent: id value of incorrect type: 005ZZ000000Sync',
      ['Parent__c'],
    ],
    [
      { Parent__c: 'a00ZZ00000zzzzz' },
      'INVALID_CROSS_REFERENCE_KEY',
      'invalid cross reference id',
      ['Parent__c'],
    ],
  ])('%j: %s', async (values, statusCode, message, fields) => {
    expect(await create([aSample(values), aSample()])).toEqual([
      { success: false, errors: [{ statusCode, message, fields }] },
      { id: expect.any(String), success: true, errors: [] },
    ]);
    expect(
      await org.api('POST', '/sobjects/Sample__c', { ...aSample(values), attributes: undefined }),
    ).toMatchObject({
      status: 400,
      body: [{ errorCode: statusCode, message, fields }],
    });
  });

  it.each<[SampleValues, string]>([
    [{ Nope__c: 1 }, 'INVALID_FIELD'],
    [{ Name: 5 }, 'JSON_PARSER_ERROR'],
    [{ Amount__c: 'many' }, 'JSON_PARSER_ERROR'],
    [{ Is_Open__c: 'yes' }, 'JSON_PARSER_ERROR'],
    [{ Day__c: '2026-02-30' }, 'JSON_PARSER_ERROR'],
    [{ Moment__c: '2026-01-05 12:00' }, 'JSON_PARSER_ERROR'],
    [{ Parent__r: { Code__c: 'x' } }, 'INVALID_FIELD'],
  ])('with its whole request: %j: %s', async (values, errorCode) => {
    const { status, body } = await org.api('POST', '/composite/sobjects', {
      records: [aSample(), aSample(values)],
    });
    expect({ status, body }).toMatchObject({ status: 400, body: [{ errorCode }] });
    expect(await count()).toBe(0);
  });
});

describe('a unique external id', () => {
  it('is unique whatever its case and names the other record', async () => {
    const [id = ''] = await createSamples(org, [{ Code__c: 'Abc' }]);
    expect(await create([aSample({ Code__c: 'aBC' })])).toEqual([
      {
        success: false,
        errors: [
          {
            statusCode: 'DUPLICATE_VALUE',
            message: `duplicate value found: Code__c duplicates value on record with id: ${id.slice(0, 15)}`,
            fields: [],
          },
        ],
      },
    ]);
  });

  it('is free again once its record is in the recycle bin', async () => {
    const [id = ''] = await createSamples(org, [{ Code__c: 'abc' }]);
    await org.api('DELETE', `/sobjects/Sample__c/${id}`);
    expect(codes(await upsert([aSample({ Code__c: 'ABC' })]))).toEqual(['ok']);
    expect(await count()).toBe(1);
  });

  it('finds its record in an upsert whatever its case', async () => {
    const [id] = await createSamples(org, [{ Code__c: 'abc' }]);
    expect(await upsert([aSample({ Code__c: 'ABC', Name: 'new' }), aSample({ Code__c: 'def' })])).toEqual([
      { id, success: true, errors: [], created: false },
      { id: expect.any(String), success: true, errors: [], created: true },
    ]);
  });

  it('that comes twice in one upsert fails both records', async () => {
    const replies = await upsert([
      aSample({ Code__c: 'x' }),
      aSample({ Code__c: 'y' }),
      aSample({ Code__c: 'X' }),
    ]);
    expect(codes(replies)).toEqual(['DUPLICATE_VALUE', 'ok', 'DUPLICATE_VALUE']);
    expect(await count()).toBe(1);
  });

  it('is needed in an upsert', async () => {
    expect(codes(await upsert([aSample()]))).toEqual(['MISSING_ARGUMENT']);
  });
});

describe('an external id that is not unique', () => {
  it('matching several records fails the record and names them', async () => {
    const ids = await createSamples(org, [{ Alias__c: 'twin' }, { Alias__c: 'TWIN' }]);
    const path = '/composite/sobjects/Sample__c/Alias__c';
    const { body } = await org.api<SaveReply[]>('PATCH', path, { records: [aSample({ Alias__c: 'Twin' })] });
    expect(body[0]?.errors[0]).toEqual({
      statusCode: 'DUPLICATE_EXTERNAL_ID',
      message: `Alias__c: more than one record found for external id field: [${ids.join(', ')}]`,
      fields: ['Alias__c'],
    });
  });

  it('answers 300 with the addresses when asked for alone', async () => {
    const ids = await createSamples(org, [{ Alias__c: 'twin' }, { Alias__c: 'twin' }]);
    const urls = ids.map((id) => `/services/data/v66.0/sobjects/Sample__c/${id}`);
    for (const [method, body] of [['GET'], ['DELETE'], ['PATCH', { Name: 'x' }]] as const) {
      expect(await org.api(method, '/sobjects/Sample__c/Alias__c/twin', body)).toMatchObject({
        status: 300,
        body: urls,
      });
    }
  });
});

describe('a single record', () => {
  it('is created, read, changed and deleted', async () => {
    const created = await org.api<{ id: string }>('POST', '/sobjects/Sample__c', {
      Name: 'one',
      Region__c: 'East',
    });
    expect(created).toMatchObject({ status: 201, body: { success: true, errors: [] } });
    const path = `/sobjects/Sample__c/${created.body.id}`;
    expect(await org.api('PATCH', path, { Name: 'two', Region__c: 'West' })).toMatchObject({
      status: 204,
      text: '',
    });
    expect((await org.api('GET', `${path}?fields=Name,Region__c`)).body).toEqual({
      attributes: { type: 'Sample__c', url: `/services/data/v66.0${path}` },
      Id: created.body.id,
      Name: 'two',
      Region__c: 'West',
    });
    expect(await org.api('DELETE', path)).toMatchObject({ status: 204 });
    for (const [method, body] of [['GET'], ['DELETE'], ['PATCH', { Name: 'x' }]] as const) {
      expect(await org.api(method, path, body)).toMatchObject({
        status: 404,
        body: [{ errorCode: 'ENTITY_IS_DELETED' }],
      });
    }
  });

  it.each([
    ['GET', '/sobjects/Sample__c/a00ZZ00000zzzzz'],
    ['GET', '/sobjects/Sample__c/nonsense'],
    ['GET', '/sobjects/Nothing__c/a00ZZ00000zzzzz'],
    ['GET', '/sobjects/Sample__c/Code__c/none'],
    ['GET', '/sobjects/Sample__c/Name/none'],
    ['DELETE', '/sobjects/Sample__c/Code__c/none'],
  ])('that is not there answers 404: %s %s', async (method, path) => {
    expect(await org.api(method, path)).toMatchObject({ status: 404, body: [{ errorCode: 'NOT_FOUND' }] });
  });

  it('is upserted by an external id with slashes and letters of any alphabet', async () => {
    const path = `/sobjects/Sample__c/Code__c/${encodeURIComponent('a/b ü')}`;
    const first = await org.api<{ id: string }>('PATCH', path, { Name: 'one', Region__c: 'East' });
    expect(first).toMatchObject({ status: 201, body: { success: true, created: true } });
    const second = await org.api('PATCH', path, { Name: 'two' });
    expect(second).toMatchObject({ status: 200, body: { id: first.body.id, created: false } });
    expect((await org.api('GET', path)).body).toMatchObject({ Name: 'two', Code__c: 'a/b ü' });
  });

  it('may name neither its id nor its key in the body of an upsert', async () => {
    for (const body of [{ Code__c: 'k' }, { Id: 'a00ZZ0000000001' }]) {
      const reply = await org.api('PATCH', '/sobjects/Sample__c/Code__c/k', { ...body, Region__c: 'East' });
      expect(reply).toMatchObject({ status: 400, body: [{ errorCode: 'INVALID_FIELD' }] });
    }
  });
});

describe('a collection', () => {
  it('with allOrNone takes everything back when one record fails', async () => {
    const replies = await create([aSample({ Code__c: 'a' }), aSample({ Kind__c: 'GREEN' })], true);
    expect(codes(replies)).toEqual([
      'ALL_OR_NONE_OPERATION_ROLLED_BACK',
      'INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST',
    ]);
    expect(await count()).toBe(0);
    expect(codes(await create([aSample({ Code__c: 'a' })], true))).toEqual(['ok']);
  });

  it('takes back updates as well, values and index', async () => {
    const [id] = await createSamples(org, [{ Code__c: 'old' }]);
    await org.api('PATCH', '/composite/sobjects', {
      allOrNone: true,
      records: [
        { attributes: { type: 'Sample__c' }, id, Code__c: 'new' },
        { attributes: { type: 'Sample__c' }, id: 'a00ZZ00000zzzzz', Name: 'x' },
      ],
    });
    expect(await org.select(`SELECT Id FROM Sample__c WHERE Code__c = 'old'`)).toEqual([{ Id: id }]);
    expect(await org.select(`SELECT Id FROM Sample__c WHERE Code__c = 'new'`)).toEqual([]);
  });

  it('updates by id and reports each record', async () => {
    const [id = '', gone = ''] = await createSamples(org, [{}, {}]);
    await org.api('DELETE', `/sobjects/Sample__c/${gone}`);
    const record = (values: SampleValues) => ({ attributes: { type: 'Sample__c' }, ...values });
    const { body } = await org.api<SaveReply[]>('PATCH', '/composite/sobjects', {
      records: [
        record({ id: id.slice(0, 15), Name: 'new' }),
        record({ id: gone, Name: 'x' }),
        record({ id: 'a00ZZ00000zzzzz' }),
        record({ id: 'nonsense' }),
        record({ Name: 'x' }),
      ],
    });
    expect(codes(body)).toEqual([
      'ok',
      'ENTITY_IS_DELETED',
      'INVALID_CROSS_REFERENCE_KEY',
      'MALFORMED_ID',
      'MISSING_ARGUMENT',
    ]);
    expect(body[0]).toEqual({ id, success: true, errors: [] });
  });

  it('of more than 200 records is refused', async () => {
    const records = Array.from({ length: 201 }, () => aSample());
    for (const [method, path] of [
      ['POST', ''],
      ['PATCH', ''],
      ['PATCH', '/Sample__c/Code__c'],
    ] as const) {
      const reply = await org.api(method, `/composite/sobjects${path}`, { records });
      expect(reply).toMatchObject({ status: 400, body: [{ errorCode: 'EXCEEDED_ID_LIMIT' }] });
    }
  });

  it('upserts records of the type in the address only', async () => {
    const records = [
      aSample({ Code__c: 'a' }),
      { ...aSample({ Code__c: 'b' }), attributes: { type: 'User' } },
    ];
    const reply = await org.api('PATCH', '/composite/sobjects/Sample__c/Code__c', { records });
    expect(reply).toMatchObject({ status: 400, body: [{ errorCode: 'INVALID_TYPE' }] });
    expect(await count()).toBe(0);
  });

  it.each([
    ['POST', '/composite/sobjects', {}, 'JSON_PARSER_ERROR'],
    ['POST', '/composite/sobjects', { records: [{ Name: 'x' }] }, 'JSON_PARSER_ERROR'],
    ['POST', '/composite/sobjects', { records: [{ attributes: { type: 'Nothing__c' } }] }, 'INVALID_TYPE'],
    ['PATCH', '/composite/sobjects/Sample__c/Name', { records: [] }, 'NOT_FOUND'],
    [
      'POST',
      '/composite/sobjects',
      { records: [{ attributes: { type: 'User' } }] },
      'CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY',
    ],
    [
      'POST',
      '/composite/sobjects/Sample__c',
      { ids: ['a00ZZ0000000001'], fields: ['Nope__c'] },
      'INVALID_FIELD',
    ],
    ['POST', '/composite/sobjects/Sample__c', { ids: ['a00ZZ0000000001'] }, 'JSON_PARSER_ERROR'],
  ])('%s %s %j: %s', async (method, path, body, errorCode) => {
    expect((await org.api(method, path, body)).body).toMatchObject([{ errorCode }]);
  });

  it('answers 400 to a body that is not JSON', async () => {
    const reply = await org.api('POST', '/composite/sobjects', '{', { 'content-type': 'application/json' });
    expect(reply).toMatchObject({ status: 400, body: [{ errorCode: 'JSON_PARSER_ERROR' }] });
  });

  it('retrieves records in the order of the ids, null for each that is missing or deleted', async () => {
    const [first = '', second = '', gone = ''] = await createSamples(org, [
      { Name: '1' },
      { Name: '2' },
      { Name: '3' },
    ]);
    await org.api('DELETE', `/sobjects/Sample__c/${gone}`);
    const ids = [second, gone, 'a00ZZ00000zzzzz', first.slice(0, 15)];
    const expected = [
      expect.objectContaining({ Id: second, Name: '2' }),
      null,
      null,
      expect.objectContaining({ Id: first, Name: '1' }),
    ];
    expect((await org.api('POST', '/composite/sobjects/Sample__c', { ids, fields: ['Name'] })).body).toEqual(
      expected,
    );
    expect(
      (await org.api('GET', `/composite/sobjects/Sample__c?ids=${ids.join()}&fields=Name`)).body,
    ).toEqual(expected);
  });

  it('deletes by id, clears lookups and reports each record', async () => {
    const [parent = ''] = await createSamples(org, [{}]);
    const [child = ''] = await createSamples(org, [{ Parent__c: parent }]);
    const { body } = await org.api<SaveReply[]>(
      'DELETE',
      `/composite/sobjects?ids=${parent},a00ZZ00000zzzzz`,
    );
    expect(codes(body)).toEqual(['ok', 'INVALID_CROSS_REFERENCE_KEY']);
    expect((await org.api('GET', `/sobjects/Sample__c/${child}?fields=Parent__c`)).body).toMatchObject({
      Parent__c: null,
    });
  });
});

describe('the stamps of a record', () => {
  const stamps = ['CreatedById', 'CreatedDate', 'LastModifiedById', 'LastModifiedDate', 'SystemModstamp'];

  it('say who made and who changed it, in whole seconds', async () => {
    const [id = ''] = await createSamples(org, [{}]);
    const path = `/sobjects/Sample__c/${id}`;
    const before = (await org.api<Record<string, string>>('GET', `${path}?fields=${stamps.join()}`)).body;
    expect(before['SystemModstamp']).toMatch(/^2026-01-05T12:\d\d:\d\d\.000\+0000$/);
    await org.control('POST', '/clock/advance', { ms: 60_000 });
    await org.api('PATCH', path, {}, { authorization: `Bearer ${await org.tokenOf('admin')}` });
    const after = (
      await org.api<Record<string, string>>('GET', `${path}?fields=${stamps.join()},LastModifiedBy`)
    ).body;
    expect(after).toMatchObject([{ errorCode: 'INVALID_FIELD' }]);
    const [record] = await org.select(`SELECT ${stamps.join()}, LastModifiedBy.Name FROM Sample__c`);
    expect(record).toMatchObject({
      CreatedDate: before['CreatedDate'],
      CreatedById: before['CreatedById'],
      LastModifiedBy: { Name: 'Ada Admin' },
    });
    expect(Date.parse(String(record?.['SystemModstamp']))).toBeGreaterThan(
      Date.parse(String(before['SystemModstamp'])),
    );
  });

  it('lead replication to changed and deleted records', async () => {
    const [kept, gone = ''] = await createSamples(org, [{}, {}]);
    await org.api('DELETE', `/sobjects/Sample__c/${gone}`);
    const window = '?start=2026-01-05T00:00:00Z&end=2026-01-06T00:00:00Z';
    expect((await org.api('GET', `/sobjects/Sample__c/deleted/${window}`)).body).toMatchObject({
      deletedRecords: [{ id: gone, deletedDate: expect.stringMatching(/\.000\+0000$/) }],
    });
    expect((await org.api('GET', `/sobjects/Sample__c/updated/${window}`)).body).toMatchObject({
      ids: [kept],
    });
    const empty = '?start=2026-01-04T00:00:00Z&end=2026-01-05T00:00:00Z';
    expect((await org.api('GET', `/sobjects/Sample__c/deleted/${empty}`)).body).toMatchObject({
      deletedRecords: [],
    });
    const wrong = '?start=2026-01-05T00:00:00Z&end=2026-01-05T00:00:30Z';
    expect((await org.api('GET', `/sobjects/Sample__c/updated/${wrong}`)).body).toMatchObject([
      { errorCode: 'INVALID_REPLICATION_DATE' },
    ]);
  });
});
