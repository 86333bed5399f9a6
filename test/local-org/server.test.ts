import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { createSamples } from './samples.ts';
import { startOrg, type RunningOrg } from './startOrg.ts';

let org: RunningOrg;

beforeAll(async () => {
  org = await startOrg();
});
beforeEach(async () => {
  await org.control('POST', '/reset');
});
afterAll(() => org.stop());

async function grant(form: Record<string, string>, headers: Record<string, string> = {}) {
  const body = new URLSearchParams(form).toString();
  const type = { 'content-type': 'application/x-www-form-urlencoded' };
  return org.api<Record<string, string>>('POST', '/services/oauth2/token', body, { ...type, ...headers });
}

describe('a login', () => {
  it('by client credentials answers a token, in the form or by Basic', async () => {
    const { clientId: client_id, clientSecret: client_secret } = org;
    const basic = `Basic ${Buffer.from(`${client_id}:${client_secret}`).toString('base64')}`;
    for (const reply of [
      await grant({ grant_type: 'client_credentials', client_id, client_secret }),
      await grant({ grant_type: 'client_credentials' }, { authorization: basic }),
    ]) {
      expect(reply).toMatchObject({
        status: 200,
        body: { token_type: 'Bearer', instance_url: org.url, scope: 'api' },
      });
      const authorization = `Bearer ${reply.body['access_token'] ?? ''}`;
      expect((await org.api('GET', '/limits', undefined, { authorization })).status).toBe(200);
      expect(
        (await org.api('GET', '/services/oauth2/userinfo', undefined, { authorization })).body,
      ).toMatchObject({
        user_id: '005ZZ000000SyncYAC',
        organization_id: org.orgId,
      });
    }
  });

  it.each([
    [{ grant_type: 'client_credentials', client_id: 'other' }, 'invalid_client_id'],
    [{ grant_type: 'client_credentials', client_secret: 'other' }, 'invalid_client'],
    [{ grant_type: 'refresh_token', refresh_token: 'x' }, 'invalid_grant'],
    [{ grant_type: 'password' }, 'unsupported_grant_type'],
    [{}, 'unsupported_grant_type'],
  ])('with %j is refused: %s', async (form, error) => {
    const reply = await grant({ client_id: org.clientId, client_secret: org.clientSecret, ...form });
    expect(reply).toMatchObject({ status: 400, body: { error, error_description: expect.any(String) } });
  });

  it('ends when its token is revoked or all tokens are', async () => {
    const expired = {
      status: 401,
      body: [{ errorCode: 'INVALID_SESSION_ID', message: 'Session expired or invalid' }],
    };
    const token = await org.tokenOf('integration');
    const other = await org.tokenOf('admin');
    const limits = (bearer: string) =>
      org.api('GET', '/limits', undefined, { authorization: `Bearer ${bearer}` });
    await org.api('POST', '/services/oauth2/revoke', `token=${token}`, {
      'content-type': 'application/x-www-form-urlencoded',
    });
    expect(await limits(token)).toMatchObject(expired);
    expect((await limits(other)).status).toBe(200);
    const alone = await startOrg();
    await alone.control('DELETE', '/tokens');
    expect(await alone.api('GET', '/limits')).toMatchObject(expired);
    await alone.stop();
  });
});

describe('the API', () => {
  it('lists its versions to anybody and takes any of them', async () => {
    const { body } = await org.api<{ version: string; label: string; url: string }[]>(
      'GET',
      '/services/data',
      undefined,
      { authorization: '' },
    );
    expect(body.at(-1)).toEqual({ label: "Spring '26", url: '/services/data/v66.0', version: '66.0' });
    expect(body.find(({ version }) => version === '57.0')?.label).toBe("Spring '23");
    expect(body.find(({ version }) => version === '62.0')?.label).toBe("Winter '25");
    expect((await org.api('GET', '/services/data/v51.0/limits')).status).toBe(200);
    expect((await org.api('GET', '/services/data/v99.0/limits')).status).toBe(404);
  });

  it('takes addresses that begin with two slashes', async () => {
    expect((await org.api('GET', '/services/data/v66.0/')).status).toBe(200);
    const response = await fetch(`${org.url}//services/data/v66.0/limits`, {
      headers: { authorization: `Bearer ${org.accessToken}` },
    });
    expect(response.status).toBe(200);
  });

  it.each([
    ['GET', '/tooling/executeAnonymous'],
    ['POST', '/composite'],
    ['GET', '/query?q=SELECT+Id+FROM+User&explain=true'],
    ['PUT', '/sobjects/Sample__c'],
    ['POST', '/services/Soap/u/66.0'],
  ])('says plainly that it does not have %s %s', async (method, path) => {
    const reply = await org.api<{ errorCode: string; message: string }[]>(
      method,
      path,
      method === 'GET' ? undefined : {},
    );
    expect(reply).toMatchObject({ status: 404, body: [{ errorCode: 'NOT_FOUND' }] });
    expect(reply.body[0]?.message).toContain(`not emulated by local-org: ${method} /services/`);
  });

  it('counts every call once and says so in each answer', async () => {
    const used = async () => (await org.control<{ used: number }>('GET', '/usage')).body.used;
    expect(await used()).toBe(0);
    const first = await org.api('GET', '/limits');
    expect(first.headers.get('sforce-limit-info')).toBe('api-usage=1/100000');
    await org.api('GET', '/sobjects/Nothing__c/x');
    await org.api('GET', '/limits', undefined, { authorization: 'Bearer none' });
    await org.api('GET', '/services/oauth2/userinfo');
    expect(await used()).toBe(2);
  });

  it('refuses every call once the day is used up', async () => {
    await org.control('PUT', '/usage', { dailyLimit: 10, used: 9 });
    expect((await org.api('GET', '/limits')).status).toBe(200);
    const refused = await org.api('GET', '/limits');
    expect(refused).toMatchObject({ status: 403, body: [{ errorCode: 'REQUEST_LIMIT_EXCEEDED' }] });
    expect(refused.headers.get('sforce-limit-info')).toBe('api-usage=10/10');
  });
});

describe('the control routes', () => {
  it('go back to the seed on reset', async () => {
    await createSamples(org, [{}]);
    await org.control('PUT', '/faults', { rules: [{ kind: 'unavailable' }] });
    expect((await org.control('POST', '/reset')).status).toBe(204);
    expect((await org.soql('SELECT COUNT() FROM Sample__c')).body.totalSize).toBe(0);
    expect((await org.control<{ used: number }>('GET', '/usage')).body.used).toBe(1);
  });

  it('advance the clock, never back', async () => {
    const { body } = await org.control<{ now: string }>('POST', '/clock/advance', { ms: 3_600_000 });
    expect(Date.parse(body.now)).toBeGreaterThanOrEqual(Date.parse('2026-01-05T13:00:00Z'));
    expect((await org.control('POST', '/clock/advance', { ms: -1 })).status).toBe(400);
  });

  it.each([
    ['PUT', '/faults', { rules: [{ kind: 'sabotage' }] }],
    ['PUT', '/faults', { rules: [{ kind: 'slow', match: { path: '(' } }] }],
    ['PUT', '/faults', { rules: [{ kind: 'slow', often: true }] }],
    ['PUT', '/automation', { linkDelayMs: -1 }],
    ['PUT', '/automation', { rejections: [{ keys: [], on: 'insert', error: 'validation' }] }],
    ['PUT', '/bulk', { isHeld: 'yes' }],
    ['PUT', '/usage', { dailyLimit: 0 }],
    ['POST', '/tokens', { user: 'nobody' }],
    ['POST', '/tokens', {}],
  ])('refuse what does not fit: %s %s %j', async (method, path, body) => {
    const reply = await org.control<{ error: string }>(method, path, body);
    expect(reply).toMatchObject({ status: 400, body: { error: expect.any(String) } });
  });

  it('answer to this machine by its own names only', async () => {
    const response = await fetch(`${org.url}/__local/usage`, { headers: { host: 'example.com' } });
    // fetch does not let a script choose the host, so the request is made by hand.
    expect(response.status).toBe(200);
    const { request } = await import('node:http');
    const status = await new Promise<number | undefined>((resolve, reject) => {
      request(`${org.url}/__local/usage`, { headers: { host: 'example.com' } }, (reply) => {
        reply.resume();
        resolve(reply.statusCode);
      })
        .on('error', reject)
        .end();
    });
    expect(status).toBe(403);
  });

  it('answer 404 for what is not there', async () => {
    expect((await org.control('GET', '/nothing')).status).toBe(404);
  });
});
