import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { parse } from 'csv-parse/sync';
import { createSamples } from './samples.ts';
import { startOrg, until, type Reply, type RunningOrg } from './startOrg.ts';

interface Job {
  readonly id: string;
  readonly state: string;
  readonly errorMessage?: string;
  readonly numberRecordsProcessed: number;
  readonly numberRecordsFailed: number;
}

let org: RunningOrg;

beforeAll(async () => {
  org = await startOrg();
});
beforeEach(async () => {
  await org.control('POST', '/reset');
});
afterAll(() => org.stop());

const upsertJob = { object: 'Sample__c', operation: 'upsert', externalIdFieldName: 'Code__c' };

const createJob = async (job: object) => (await org.api<Job>('POST', '/jobs/ingest', job)).body;
const upload = (id: string, data: string) =>
  org.api('PUT', `/jobs/ingest/${id}/batches`, data, { 'content-type': 'text/csv' });
const setState = (id: string, state: string) => org.api<Job>('PATCH', `/jobs/ingest/${id}`, { state });
const readJob = async (id: string) => (await org.api<Job>('GET', `/jobs/ingest/${id}`)).body;

/** Opens, fills and closes a job, and waits for its end. */
async function runJob(job: object, data: string): Promise<Job> {
  const { id } = await createJob(job);
  expect(await upload(id, data)).toMatchObject({ status: 201, text: '' });
  expect((await setState(id, 'UploadComplete')).status).toBe(200);
  await until(async () => ['JobComplete', 'Failed', 'Aborted'].includes((await readJob(id)).state));
  return readJob(id);
}

async function results(
  id: string,
  kind: 'successfulResults' | 'failedResults' | 'unprocessedrecords',
  delimiter = ',',
) {
  const { text } = await org.api('GET', `/jobs/ingest/${id}/${kind}`);
  return parse(text, { columns: true, delimiter }) as unknown as Record<string, string>[];
}

describe('an ingest job', () => {
  it('goes from Open over UploadComplete to JobComplete and counts its records', async () => {
    await org.control('PUT', '/bulk', { isHeld: true });
    const created = await org.api<Job>('POST', '/jobs/ingest', {
      ...upsertJob,
      lineEnding: 'LF',
      columnDelimiter: 'COMMA',
    });
    const { id } = created.body;
    expect(created).toMatchObject({
      status: 200,
      body: {
        state: 'Open',
        object: 'Sample__c',
        operation: 'upsert',
        externalIdFieldName: 'Code__c',
        jobType: 'V2Ingest',
        contentType: 'CSV',
        concurrencyMode: 'Parallel',
        apiVersion: 66,
        contentUrl: `services/data/v66.0/jobs/ingest/${id}/batches`,
      },
    });
    await upload(id, 'Code__c,Name,Region__c\nA,one,North\nB,two,\n');
    expect(await setState(id, 'UploadComplete')).toMatchObject({
      status: 200,
      body: { state: 'UploadComplete' },
    });
    expect(await readJob(id)).toMatchObject({ state: 'UploadComplete', numberRecordsProcessed: 0 });
    await org.control('PUT', '/bulk', { isHeld: false });
    await until(async () => (await readJob(id)).state === 'JobComplete');
    expect(await readJob(id)).toMatchObject({
      numberRecordsProcessed: 2,
      numberRecordsFailed: 1,
      retries: 0,
    });
    expect(
      (await org.api<{ records: Job[] }>('GET', '/jobs/ingest')).body.records.map((job) => job.id),
    ).toEqual([id]);
  });

  it('answers each record in its own file, every value in quotes', async () => {
    const [known = ''] = await createSamples(org, [{ Code__c: 'K' }]);
    const { id } = await runJob(
      upsertJob,
      'Code__c,Name,Region__c,Kind__c\nk,new,,\nN,"a,b ""c""\nd",West,RED\nX,x,,\n',
    );
    const reply = await org.api('GET', `/jobs/ingest/${id}/failedResults`);
    expect(reply.headers.get('content-type')).toContain('text/csv');
    expect(reply.text).toBe(
      '"sf__Id","sf__Error","Code__c","Name","Region__c","Kind__c"\n' +
        '"","REQUIRED_FIELD_MISSING:Required fields are missing: [Region__c]:Region__c --","X","x","",""\n',
    );
    const saved = await results(id, 'successfulResults');
    expect(saved.find((row) => row['Code__c'] === 'k')).toMatchObject({
      sf__Id: known,
      sf__Created: 'false',
    });
    expect(saved.find((row) => row['Code__c'] === 'N')).toMatchObject({
      sf__Created: 'true',
      Name: 'a,b "c"\nd',
    });
    expect(await results(id, 'unprocessedrecords')).toEqual([]);
    expect(await org.select(`SELECT Name FROM Sample__c WHERE Code__c = 'N'`)).toEqual([
      { Name: 'a,b "c"\nd' },
    ]);
  });

  it('gives its results in another order than the upload, the same for the same seed', async () => {
    const data = `Code__c,Region__c\n${Array.from({ length: 50 }, (_, index) => `C${index},North`).join('\n')}\n`;
    const order = async () =>
      (await results((await runJob(upsertJob, data)).id, 'successfulResults')).map((row) => row['Code__c']);
    const uploaded = Array.from({ length: 50 }, (_, index) => `C${index}`);
    const first = await order();
    expect(first).not.toEqual(uploaded);
    expect([...first].sort()).toEqual([...uploaded].sort());
    expect(await order()).toEqual(first);
    await org.control('PUT', '/bulk', { shuffleSeed: 2 });
    expect(await order()).not.toEqual(first);
  });

  it('leaves a field alone for an empty cell and clears it for #N/A', async () => {
    const [id = ''] = await createSamples(org, [
      { Code__c: 'A', Amount__c: 5, Day__c: '2026-01-01', Kind__c: 'RED' },
    ]);
    await runJob(
      { object: 'Sample__c', operation: 'update' },
      `Id,Amount__c,Day__c,Kind__c\n${id},,#N/A,BLUE\n`,
    );
    expect(await org.select('SELECT Amount__c, Day__c, Kind__c FROM Sample__c')).toEqual([
      { Amount__c: 5, Day__c: null, Kind__c: 'BLUE' },
    ]);
  });

  it.each([
    [
      'Amount__c',
      'many',
      'INVALID_TYPE_ON_FIELD_IN_RECORD:Amount: value not of required type: many:Amount__c --',
    ],
    [
      'Is_Open__c',
      'perhaps',
      'INVALID_TYPE_ON_FIELD_IN_RECORD:Is Open: value not of required type: perhaps:Is_Open__c --',
    ],
    [
      'Is_Open__c',
      '#N/A',
      'INVALID_TYPE_ON_FIELD_IN_RECORD:Is Open: value not of required type: :Is_Open__c --',
    ],
    [
      'Day__c',
      '2026-13-01',
      'INVALID_TYPE_ON_FIELD_IN_RECORD:Day: value not of required type: 2026-13-01:Day__c --',
    ],
    [
      'Kind__c',
      'GREEN',
      'INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST:Kind: bad value for restricted picklist field: GREEN:Kind__c --',
    ],
    [
      'Region__c',
      'much too long',
      'STRING_TOO_LONG:Region: data value too large: much too long (max length=10):Region__c --',
    ],
    ['Parent__c', 'a00ZZ00000zzzzz', 'INVALID_CROSS_REFERENCE_KEY:invalid cross reference id:Parent__c --'],
  ])('fails the row alone for %s = %s', async (field, value, error) => {
    const columns = ['Code__c', ...(field === 'Region__c' ? [] : ['Region__c']), field];
    const rows = [
      ['A', ...(field === 'Region__c' ? [] : ['North']), value],
      ['B', ...(field === 'Region__c' ? ['North'] : ['North', ''])],
    ];
    const { id, state } = await runJob(
      upsertJob,
      `${columns.join()}\n${rows.map((row) => row.join()).join('\n')}\n`,
    );
    expect(state).toBe('JobComplete');
    expect((await results(id, 'failedResults')).map((row) => row['sf__Error'])).toEqual([error]);
    expect((await results(id, 'successfulResults')).map((row) => row['Code__c'])).toEqual(['B']);
  });

  it.each([
    [
      'an unknown column',
      upsertJob,
      'Code__c,Nope__c\nA,1\n',
      'InvalidBatch : Field name not found : Nope__c',
    ],
    ['no key column', upsertJob, 'Name\nA\n', 'InvalidBatch : Field name not found : Code__c'],
    [
      'no Id column',
      { object: 'Sample__c', operation: 'update' },
      'Name\nA\n',
      'InvalidBatch : Field name not found : Id',
    ],
    ['a column twice', upsertJob, 'Code__c,Name,name\nA,1,2\n', 'InvalidBatch : Duplicate field name : name'],
    [
      'another delimiter',
      upsertJob,
      'Code__c;Name\nA;1\n',
      'InvalidBatch : Field name not found : Code__c;Name',
    ],
    [
      'CRLF where LF was said',
      upsertJob,
      'Code__c\r\nA\r\n',
      'ClientInputError : LineEnding is invalid on user data. Current LineEnding setting is LF',
    ],
    [
      'LF where CRLF was said',
      { ...upsertJob, lineEnding: 'CRLF' },
      'Code__c\nA\n',
      'ClientInputError : LineEnding is invalid on user data. Current LineEnding setting is CRLF',
    ],
    [
      'a row of another length',
      upsertJob,
      'Code__c,Name\nA\n',
      expect.stringMatching(/^InvalidBatch : /) as unknown as string,
    ],
    [
      'a value that is too long',
      upsertJob,
      `Code__c,Note__c\nA,${'x'.repeat(32_001)}\n`,
      expect.stringMatching(/^InvalidBatch : /) as unknown as string,
    ],
  ])('fails as a whole for %s', async (_what, job, data, errorMessage) => {
    expect(await runJob(job, data)).toMatchObject({
      state: 'Failed',
      errorMessage,
      numberRecordsProcessed: 0,
    });
    expect((await org.soql('SELECT COUNT() FROM Sample__c')).body.totalSize).toBe(0);
  });

  it.each([
    ['TAB', '\t', 'LF', '\n'],
    ['PIPE', '|', 'CRLF', '\r\n'],
    ['SEMICOLON', ';', 'LF', '\n'],
    ['CARET', '^', 'LF', '\n'],
    ['BACKQUOTE', '`', 'LF', '\n'],
  ])('reads and writes %s', async (columnDelimiter, delimiter, lineEnding, end) => {
    const data = [
      ['Code__c', 'Region__c'],
      ['A,1', 'North'],
    ]
      .map((row) => row.join(delimiter) + end)
      .join('');
    const { id } = await runJob({ ...upsertJob, columnDelimiter, lineEnding }, data);
    expect(await results(id, 'successfulResults', delimiter)).toMatchObject([{ Code__c: 'A,1' }]);
  });

  it('inserts and deletes', async () => {
    const insert = await runJob({ object: 'Sample__c', operation: 'insert' }, 'Name,Region__c\none,North\n');
    const [row] = await results(insert.id, 'successfulResults');
    const job = { object: 'Sample__c', operation: 'delete' };
    const removed = await runJob(job, `Id\n${row?.['sf__Id'] ?? ''}\na00ZZ00000zzzzz\n`);
    expect(await results(removed.id, 'successfulResults')).toEqual([
      { sf__Id: row?.['sf__Id'], sf__Created: 'false', Id: row?.['sf__Id'] },
    ]);
    expect((await results(removed.id, 'failedResults'))[0]?.['sf__Error']).toBe(
      'INVALID_CROSS_REFERENCE_KEY:invalid cross reference id:--',
    );
  });

  it('works in chunks of 200, in which the same key twice fails both rows', async () => {
    const rows = Array.from({ length: 201 }, (_, index) =>
      index === 1 || index === 200 ? 'C0' : `C${index}`,
    );
    const { id } = await runJob(
      upsertJob,
      `Code__c,Region__c\n${rows.map((code) => `${code},North`).join('\n')}\n`,
    );
    expect((await results(id, 'failedResults')).map((row) => row['Code__c'])).toEqual(['C0', 'C0']);
    expect((await results(id, 'successfulResults')).filter((row) => row['Code__c'] === 'C0')).toHaveLength(1);
  });

  it('that fails half-way gives back what it never reached', async () => {
    await org.control('PUT', '/bulk', { failAfterRecords: 3 });
    const { id, ...job } = await runJob(upsertJob, 'Code__c,Region__c\nA,N\nB,N\nC,\nD,N\nE,N\n');
    expect(job).toMatchObject({ state: 'Failed', numberRecordsProcessed: 3, numberRecordsFailed: 1 });
    expect(await results(id, 'unprocessedrecords')).toEqual([
      { Code__c: 'D', Region__c: 'N' },
      { Code__c: 'E', Region__c: 'N' },
    ]);
    expect(await results(id, 'successfulResults')).toHaveLength(2);
    expect(await results(id, 'failedResults')).toHaveLength(1);
  });

  it('can be aborted before and while it works', async () => {
    const open = await createJob(upsertJob);
    await upload(open.id, 'Code__c,Region__c\nA,N\n');
    expect((await setState(open.id, 'Aborted')).body.state).toBe('Aborted');
    expect(await results(open.id, 'unprocessedrecords')).toEqual([{ Code__c: 'A', Region__c: 'N' }]);

    await org.control('PUT', '/bulk', { chunkDelayMs: 20 });
    const { id } = await createJob(upsertJob);
    await upload(
      id,
      `Code__c,Region__c\n${Array.from({ length: 2000 }, (_, index) => `C${index},N`).join('\n')}\n`,
    );
    await setState(id, 'UploadComplete');
    await until(async () => (await readJob(id)).numberRecordsProcessed > 0);
    await setState(id, 'Aborted');
    const counts = async () => [
      (await results(id, 'successfulResults')).length,
      (await results(id, 'unprocessedrecords')).length,
    ];
    await until(async () => (await counts()).reduce((sum, each) => sum + each, 0) === 2000);
    expect((await counts())[0]).toBeGreaterThanOrEqual(200);
    expect((await counts())[1]).toBeGreaterThan(0);
  });

  it('refuses what its state does not allow', async () => {
    const refused = { status: 400, body: [{ errorCode: 'INVALIDJOBSTATE' }] };
    const { id } = await createJob(upsertJob);
    expect(await org.api('GET', `/jobs/ingest/${id}/successfulResults`)).toMatchObject(refused);
    expect(await org.api('DELETE', `/jobs/ingest/${id}`)).toMatchObject(refused);
    await upload(id, 'Code__c,Region__c\nA,N\n');
    expect(await upload(id, 'Code__c,Region__c\nB,N\n')).toMatchObject(refused);
    await setState(id, 'UploadComplete');
    await until(async () => (await readJob(id)).state === 'JobComplete');
    expect(await setState(id, 'Aborted')).toMatchObject(refused);
    expect(await upload(id, 'Code__c\nC\n')).toMatchObject(refused);
    expect(await org.api('DELETE', `/jobs/ingest/${id}`)).toMatchObject({ status: 204 });
    expect(await org.api('GET', `/jobs/ingest/${id}`)).toMatchObject({ status: 404 });
  });

  it('is closed once', async () => {
    const refused = { status: 400, body: [{ errorCode: 'INVALIDJOBSTATE' }] };
    await org.control('PUT', '/bulk', { isHeld: true, chunkDelayMs: 20 });
    const { id } = await createJob(upsertJob);
    await upload(
      id,
      `Code__c,Region__c\n${Array.from({ length: 2000 }, (_, index) => `C${index},N`).join('\n')}\n`,
    );
    await setState(id, 'UploadComplete');
    expect(await setState(id, 'UploadComplete')).toMatchObject(refused);
    await org.control('PUT', '/bulk', { isHeld: false });
    await until(async () => (await readJob(id)).state === 'InProgress');
    expect(await setState(id, 'UploadComplete')).toMatchObject(refused);
    await until(async () => (await readJob(id)).state === 'JobComplete');
    expect(await setState(id, 'UploadComplete')).toMatchObject(refused);
    expect(await readJob(id)).toMatchObject({ state: 'JobComplete', numberRecordsProcessed: 2000 });
  });

  it.each([
    [{ object: 'Nothing__c', operation: 'insert' }, 'INVALIDENTITY'],
    [{ object: 'Sample__c', operation: 'upsert' }, 'INVALIDJOB'],
    [{ object: 'Sample__c', operation: 'upsert', externalIdFieldName: 'Name' }, 'INVALIDJOB'],
    [{ object: 'Sample__c', operation: 'insert', externalIdFieldName: 'Code__c' }, 'INVALIDJOB'],
    [{ object: 'Sample__c', operation: 'hardDelete' }, 'JSON_PARSER_ERROR'],
    [{ object: 'Sample__c', operation: 'insert', lineEnding: 'CR' }, 'JSON_PARSER_ERROR'],
    [{ object: 'Sample__c', operation: 'insert', colour: 'red' }, 'JSON_PARSER_ERROR'],
  ])('is not created for %j: %s', async (job, errorCode) => {
    expect(await org.api('POST', '/jobs/ingest', job)).toMatchObject({ status: 400, body: [{ errorCode }] });
  });

  it('takes data of type text/csv only', async () => {
    const { id } = await createJob(upsertJob);
    const reply = await org.api('PUT', `/jobs/ingest/${id}/batches`, 'Code__c\nA\n', {
      'content-type': 'text/plain',
    });
    expect(reply.status).toBe(415);
  });
});

describe('a query job', () => {
  const run = async (query: string, more: object = {}): Promise<string> => {
    const { body } = await org.api<Job>('POST', '/jobs/query', { operation: 'query', query, ...more });
    await until(
      async () => (await org.api<Job>('GET', `/jobs/query/${body.id}`)).body.state === 'JobComplete',
    );
    return body.id;
  };
  const read = (id: string, parameters = ''): Promise<Reply> =>
    org.api('GET', `/jobs/query/${id}/results${parameters}`);

  it('writes values as CSV, parents under their path', async () => {
    const [parent = ''] = await createSamples(org, [{ Name: 'p', Code__c: 'P' }]);
    await createSamples(org, [
      {
        Name: 'a "b", c',
        Code__c: 'C',
        Parent__c: parent,
        Amount__c: 5,
        Moment__c: '2026-01-05T12:00:00Z',
        Is_Open__c: false,
      },
    ]);
    const id = await run(
      `SELECT Name, Parent__r.Code__c, Amount__c, Moment__c, Is_Open__c, Day__c FROM Sample__c WHERE Code__c = 'C'`,
    );
    const reply = await read(id);
    expect(reply.text).toBe(
      '"Name","Parent__r.Code__c","Amount__c","Moment__c","Is_Open__c","Day__c"\n' +
        '"a ""b"", c","P","5.0","2026-01-05T12:00:00.000Z","false",""\n',
    );
    expect(reply.headers.get('sforce-numberofrecords')).toBe('1');
    expect(reply.headers.get('sforce-locator')).toBe('null');
  });

  it('pages by locator, and the same locator gives the same page', async () => {
    await createSamples(
      org,
      Array.from({ length: 5 }, (_, index) => ({ Code__c: `C${index}` })),
    );
    const id = await run('SELECT Code__c FROM Sample__c ORDER BY Code__c');
    const first = await read(id, '?maxRecords=2');
    const locator = first.headers.get('sforce-locator') ?? '';
    expect(first.text).toBe('"Code__c"\n"C0"\n"C1"\n');
    const second = await read(id, `?maxRecords=2&locator=${locator}`);
    expect(second.text).toBe('"Code__c"\n"C2"\n"C3"\n');
    expect((await read(id, `?maxRecords=2&locator=${locator}`)).text).toBe(second.text);
    const last = await read(id, `?maxRecords=2&locator=${second.headers.get('sforce-locator') ?? ''}`);
    expect(last.headers.get('sforce-numberofrecords')).toBe('1');
    expect(last.headers.get('sforce-locator')).toBe('null');
  });

  it('sees the recycle bin with queryAll', async () => {
    const [id = ''] = await createSamples(org, [{}, {}]);
    await org.api('DELETE', `/sobjects/Sample__c/${id}`);
    const lines = async (operation: string) =>
      (await read(await run('SELECT Id FROM Sample__c', { operation }))).text.trim().split('\n').length - 1;
    expect([await lines('query'), await lines('queryAll')]).toEqual([1, 2]);
  });

  it.each([
    ['SELECT Nope__c FROM Sample__c', 'INVALID_FIELD'],
    ['SELECT COUNT(Id) FROM Sample__c', 'MALFORMED_QUERY'],
    ['SELECT COUNT() FROM Sample__c', 'MALFORMED_QUERY'],
    ['SELECT Id FROM Sample__c OFFSET 5', 'MALFORMED_QUERY'],
  ])('is refused for %s', async (query, errorCode) => {
    const reply = await org.api('POST', '/jobs/query', { operation: 'query', query });
    expect(reply).toMatchObject({ status: 400, body: [{ errorCode }] });
  });

  it('gives its results in the API version of the job only', async () => {
    const id = await run('SELECT Id FROM Sample__c');
    expect(await org.api('GET', `/services/data/v60.0/jobs/query/${id}/results`)).toMatchObject({
      status: 409,
    });
  });

  it('has no results before its end and can be aborted', async () => {
    await org.control('PUT', '/bulk', { isHeld: true });
    const { body } = await org.api<Job>('POST', '/jobs/query', {
      operation: 'query',
      query: 'SELECT Id FROM Sample__c',
    });
    expect(await read(body.id)).toMatchObject({ status: 400, body: [{ errorCode: 'INVALIDJOBSTATE' }] });
    expect(await org.api('PATCH', `/jobs/query/${body.id}`, { state: 'Aborted' })).toMatchObject({
      body: { state: 'Aborted' },
    });
  });
});

describe('the list of jobs', () => {
  const jobs = async () => (await org.control<{ jobs: object[] }>('GET', '/jobs')).body.jobs;

  it('tells of each job what it does and how far it is, deleted ones too', async () => {
    expect(await jobs()).toEqual([]);
    const removed = await runJob(upsertJob, 'Code__c,Region__c\nA,N\n');
    await org.api('DELETE', `/jobs/ingest/${removed.id}`);
    const aborted = await createJob({ object: 'Sample__c', operation: 'insert' });
    await setState(aborted.id, 'Aborted');
    const open = await createJob({ object: 'Sample__c', operation: 'update' });
    const { body: query } = await org.api<Job>('POST', '/jobs/query', {
      operation: 'queryAll',
      query: 'SELECT Id FROM Sample__c',
    });
    await until(
      async () => (await org.api<Job>('GET', `/jobs/query/${query.id}`)).body.state === 'JobComplete',
    );
    expect(await jobs()).toEqual([
      { id: removed.id, kind: 'ingest', operation: 'upsert', state: 'JobComplete' },
      { id: aborted.id, kind: 'ingest', operation: 'insert', state: 'Aborted' },
      { id: open.id, kind: 'ingest', operation: 'update', state: 'Open' },
      { id: query.id, kind: 'query', operation: 'queryAll', state: 'JobComplete' },
    ]);
    await org.control('POST', '/reset');
    expect(await jobs()).toEqual([]);
  });
});
