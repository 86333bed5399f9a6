import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { aSample, type SaveReply } from './samples.ts';
import { startOrg, until, type RunningOrg } from './startOrg.ts';

let org: RunningOrg;

beforeAll(async () => {
  org = await startOrg();
});
beforeEach(async () => {
  await org.control('POST', '/reset');
});
afterAll(() => org.stop());

const arm = async (...rules: object[]) => {
  const { status, text } = await org.control('PUT', '/faults', { rules });
  if (status !== 200) throw new Error(text);
};
const create = () => org.api('POST', '/sobjects/Sample__c', { Name: 'x', Region__c: 'North' });
const count = async () => {
  await org.control('DELETE', '/faults');
  return (await org.soql('SELECT COUNT() FROM Sample__c')).body.totalSize;
};
const hits = async () =>
  (await org.control<{ rules: { matches: number; hits: number }[] }>('GET', '/faults')).body.rules.map(
    (each) => each.hits,
  );

describe('a fault', () => {
  it.each([
    ['unavailable', 503, 'SERVER_UNAVAILABLE'],
    ['rateLimited', 429, 'REQUEST_LIMIT_EXCEEDED'],
    ['apiLimit', 403, 'REQUEST_LIMIT_EXCEEDED'],
  ])('%s answers %i and does nothing', async (kind, status, errorCode) => {
    await arm({ kind });
    expect(await create()).toMatchObject({ status, body: [{ errorCode }] });
    expect((await org.control<{ used: number }>('GET', '/usage')).body.used).toBe(0);
    expect(await count()).toBe(0);
  });

  it('resetBefore breaks the connection before the record is saved', async () => {
    await arm({ kind: 'resetBefore' });
    await expect(create()).rejects.toThrow();
    expect(await count()).toBe(0);
  });

  it('resetAfter breaks it once the record is saved', async () => {
    await arm({ kind: 'resetAfter' });
    await expect(create()).rejects.toThrow();
    expect(await count()).toBe(1);
  });

  it('repeated saves twice and sends the second answer', async () => {
    const key = '/sobjects/Sample__c/Code__c/twice';
    await arm({ kind: 'repeated' });
    const reply = await org.api<{ created: boolean }>('PATCH', key, { Name: 'x', Region__c: 'North' });
    expect(reply).toMatchObject({ status: 200, body: { created: false } });
    expect(await count()).toBe(1);
    await arm({ kind: 'repeated' });
    await create();
    expect(await count()).toBe(3);
  });

  it('slow delays the answer', async () => {
    await arm({ kind: 'slow', delayMs: 60 });
    const startedMs = performance.now();
    expect((await create()).status).toBe(201);
    expect(performance.now() - startedMs).toBeGreaterThanOrEqual(59);
  });

  it('expiredSession ends the session for good', async () => {
    const authorization = `Bearer ${await org.tokenOf('integration')}`;
    await arm({ kind: 'expiredSession', times: 1 });
    for (let attempt = 0; attempt < 2; attempt++) {
      const reply = await org.api('GET', '/limits', undefined, { authorization });
      expect(reply).toMatchObject({ status: 401, body: [{ errorCode: 'INVALID_SESSION_ID' }] });
    }
    expect((await org.api('GET', '/limits')).status).toBe(200);
  });

  it('rowLock fails the records of the call, or the first of them', async () => {
    await arm({ kind: 'rowLock', rows: 1 });
    const records = [aSample(), aSample()];
    const { status, body } = await org.api<SaveReply[]>('POST', '/composite/sobjects', { records });
    expect(status).toBe(200);
    expect(body.map((reply) => reply.errors[0]?.statusCode)).toEqual(['UNABLE_TO_LOCK_ROW', undefined]);
    await arm({ kind: 'rowLock' });
    expect(await create()).toMatchObject({ status: 400, body: [{ errorCode: 'UNABLE_TO_LOCK_ROW' }] });
    expect(await count()).toBe(1);
  });

  it('rowLock fails rows of a job that is closed under it', async () => {
    const { body } = await org.api<{ id: string }>('POST', '/jobs/ingest', {
      object: 'Sample__c',
      operation: 'insert',
    });
    await org.api('PUT', `/jobs/ingest/${body.id}/batches`, 'Name,Region__c\na,N\nb,N\nc,N\n', {
      'content-type': 'text/csv',
    });
    await arm({ kind: 'rowLock', rows: 2, match: { method: 'PATCH', path: '/jobs/ingest/' } });
    await org.api('PATCH', `/jobs/ingest/${body.id}`, { state: 'UploadComplete' });
    const read = async () =>
      (await org.api<{ state: string; numberRecordsFailed: number }>('GET', `/jobs/ingest/${body.id}`)).body;
    await until(async () => (await read()).state === 'JobComplete');
    expect((await read()).numberRecordsFailed).toBe(2);
    expect((await org.api('GET', `/jobs/ingest/${body.id}/failedResults`)).text).toContain(
      'UNABLE_TO_LOCK_ROW:',
    );
  });

  it('strikes logins too', async () => {
    await arm({ kind: 'unavailable', match: { path: '/oauth2/token' } });
    expect((await org.api('POST', '/services/oauth2/token', {})).status).toBe(503);
  });
});

/** An answer of which only a part arrives: its head, and the body so far, read until half of it is there. */
async function receiveHalf(
  { url, accessToken }: RunningOrg,
  [method, path, body]: readonly [method: string, path: string, body?: object],
) {
  const client = new AbortController();
  const response = await fetch(`${url}/services/data/v66.0${path}`, {
    method,
    headers: { authorization: `Bearer ${accessToken}`, 'content-type': 'application/json' },
    ...(body && { body: JSON.stringify(body) }),
    signal: client.signal,
  });
  const reader = (response.body as ReadableStream<Uint8Array>).getReader();
  const wholeBytes = Number(response.headers.get('content-length'));
  let text = '';
  while (text.length < Math.floor(wholeBytes / 2)) {
    const { value, done } = await reader.read();
    if (done) throw new Error('The body ended early.');
    text += Buffer.from(value).toString('latin1');
  }
  return { response, wholeBytes, text, next: () => reader.read(), leave: () => client.abort() };
}

const newRecord = ['POST', '/sobjects/Sample__c', { Name: 'x', Region__c: 'North' }] as const;

describe('half an answer', () => {
  it('is what cutBody sends of JSON, once the record is saved', async () => {
    await arm({ kind: 'cutBody' });
    const half = await receiveHalf(org, newRecord);
    expect(half.response.status).toBe(201);
    expect(half.response.headers.get('content-type')).toBe('application/json;charset=UTF-8');
    expect(half.text).toMatch(/^\{"id":"/);
    expect(half.text).toHaveLength(Math.floor(half.wholeBytes / 2));
    await expect(half.next()).rejects.toThrow();
    expect(await hits()).toEqual([1]);
    expect(await count()).toBe(1);
  });

  it('is what stallBody sends of JSON, once the record is saved, and then nothing more', async () => {
    await arm({ kind: 'stallBody' });
    const half = await receiveHalf(org, newRecord);
    expect(half.response.status).toBe(201);
    expect(half.text).toHaveLength(Math.floor(half.wholeBytes / 2));
    let isSettled = false;
    const next = half.next().finally(() => {
      isSettled = true;
    });
    expect(await hits()).toEqual([1]);
    expect(await count()).toBe(1);
    expect(isSettled).toBe(false);
    half.leave();
    await expect(next).rejects.toThrow('aborted');
  });

  it.each(['cutBody', 'stallBody'])('is what %s sends of the results of bulk jobs', async (kind) => {
    const { body: ingest } = await org.api<{ id: string }>('POST', '/jobs/ingest', {
      object: 'Sample__c',
      operation: 'insert',
    });
    await org.api('PUT', `/jobs/ingest/${ingest.id}/batches`, 'Name,Region__c\na,North\nb,North\n', {
      'content-type': 'text/csv',
    });
    await org.api('PATCH', `/jobs/ingest/${ingest.id}`, { state: 'UploadComplete' });
    const { body: query } = await org.api<{ id: string }>('POST', '/jobs/query', {
      operation: 'query',
      query: 'SELECT Id, Name FROM Sample__c',
    });
    const areComplete = async () =>
      (await org.control<{ jobs: { state: string }[] }>('GET', '/jobs')).body.jobs.every(
        ({ state }) => state === 'JobComplete',
      );
    await until(areComplete);
    for (const path of [`/jobs/ingest/${ingest.id}/successfulResults`, `/jobs/query/${query.id}/results`]) {
      await arm({ kind, match: { path: 'esults' }, times: 1 });
      const half = await receiveHalf(org, ['GET', path]);
      expect(half.response.headers.get('content-type')).toBe('text/csv');
      const whole = await org.api('GET', path);
      expect(whole.text).toHaveLength(half.wholeBytes);
      expect(half.text).toBe(whole.text.slice(0, Math.floor(half.wholeBytes / 2)));
      expect(await hits()).toEqual([1]);
      half.leave();
    }
  });

  it('is also what arrives of an error', async () => {
    await arm({ kind: 'cutBody' });
    const half = await receiveHalf(org, ['POST', '/sobjects/Sample__c', { Nope__c: 1 }]);
    expect(half.response.status).toBe(400);
    await expect(half.next()).rejects.toThrow();
  });

  it('is the whole where there is no body', async () => {
    const { body } = await org.api<{ id: string }>('POST', '/sobjects/Sample__c', {
      Name: 'x',
      Region__c: 'North',
    });
    await arm(
      { kind: 'stallBody', match: { method: 'PATCH' } },
      { kind: 'cutBody', match: { method: 'DELETE' } },
    );
    const path = `/sobjects/Sample__c/${body.id}`;
    expect(await org.api('PATCH', path, { Name: 'y' })).toMatchObject({ status: 204, text: '' });
    expect(await org.select('SELECT Name FROM Sample__c')).toEqual([{ Name: 'y' }]);
    expect(await org.api('DELETE', path)).toMatchObject({ status: 204, text: '' });
  });

  it('does not keep the org from stopping', async () => {
    const other = await startOrg();
    await other.control('PUT', '/faults', { rules: [{ kind: 'stallBody' }] });
    const half = await receiveHalf(other, ['GET', '/limits']);
    const next = half.next();
    await Promise.all([expect(next).rejects.toThrow(), other.stop()]);
  });
});

describe('a rule', () => {
  const statuses = async (requests: number, path = '/limits') => {
    const answers: number[] = [];
    for (let request = 0; request < requests; request++) answers.push((await org.api('GET', path)).status);
    return answers;
  };

  it('strikes so many times', async () => {
    await arm({ kind: 'unavailable', times: 2 });
    expect(await statuses(4)).toEqual([503, 503, 200, 200]);
    expect(await hits()).toEqual([2]);
  });

  it('strikes every n-th request', async () => {
    await arm({ kind: 'unavailable', every: 3 });
    expect(await statuses(7)).toEqual([200, 200, 503, 200, 200, 503, 200]);
  });

  it('strikes a share of the requests, the same for the same seed', async () => {
    const run = async (seed: number) => {
      await arm({ kind: 'unavailable', probability: 0.5, seed });
      return statuses(30);
    };
    const first = await run(1);
    expect(first).toContain(503);
    expect(first).toContain(200);
    expect(await run(1)).toEqual(first);
    expect(await run(2)).not.toEqual(first);
  });

  it('strikes the requests it matches, the first rule that does', async () => {
    await arm(
      { kind: 'unavailable', match: { method: 'GET', path: '/query\\?q=SELECT' } },
      { kind: 'rateLimited', match: { path: '/limits$' } },
      { kind: 'apiLimit', match: { method: 'GET' } },
    );
    expect(await statuses(1)).toEqual([429]);
    expect((await org.soql('SELECT Id FROM User')).status).toBe(503);
    expect((await org.api('GET', '/sobjects')).status).toBe(403);
    expect((await create()).status).toBe(201);
    expect(await hits()).toEqual([1, 1, 1]);
  });

  it('halves every second answer, at most twice, and shows its matches and hits', async () => {
    const rule = { kind: 'cutBody', match: { path: '/limits' }, every: 2, times: 2 };
    await arm(rule);
    const outcomes: boolean[] = [];
    for (let request = 0; request < 7; request++) {
      outcomes.push(
        await org.api('GET', '/limits').then(
          () => true,
          () => false,
        ),
      );
    }
    expect(outcomes).toEqual([true, false, true, false, true, true, true]);
    expect((await org.control('GET', '/faults')).body).toMatchObject({
      rules: [{ rule, matches: 7, hits: 2 }],
    });
  });
});
