import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { SignJWT } from 'jose';
import { startOrg, type RunningOrg } from './startOrg.ts';

const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const stranger = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
const username = 'integration@local-org.example';
const certificate = publicKey.export({ type: 'spki', format: 'pem' });
let org: RunningOrg;

beforeAll(async () => {
  org = await startOrg();
  expect((await org.control('PUT', '/app', { certificate })).status).toBe(200);
});
beforeEach(async () => {
  await org.control('POST', '/reset');
});
afterAll(() => org.stop());

interface Claims {
  readonly iss?: string;
  readonly sub?: string;
  readonly aud?: string;
  readonly exp?: number;
}

async function login(claims: Claims = {}, key: KeyObject = privateKey) {
  const { iss = org.clientId, sub = username, aud = 'https://login.salesforce.com', exp } = claims;
  const assertion = await new SignJWT({})
    .setProtectedHeader({ alg: 'RS256' })
    .setIssuer(iss)
    .setSubject(sub)
    .setAudience(aud)
    .setExpirationTime(exp ?? '2m')
    .sign(key);
  return token({ grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer', assertion });
}

const token = (form: Record<string, string>) =>
  org.api<Record<string, string>>('POST', '/services/oauth2/token', new URLSearchParams(form).toString(), {
    'content-type': 'application/x-www-form-urlencoded',
  });

describe('a signed assertion', () => {
  it('is answered with a token of the user that it names', async () => {
    for (const aud of ['https://login.salesforce.com', 'https://test.salesforce.com/', org.url]) {
      const reply = await login({ aud });
      expect(reply).toMatchObject({ status: 200, body: { token_type: 'Bearer', instance_url: org.url } });
      const authorization = `Bearer ${reply.body['access_token'] ?? ''}`;
      const info = await org.api('GET', '/services/oauth2/userinfo', undefined, { authorization });
      expect(info.body).toMatchObject({ preferred_username: username });
    }
  });

  it.each<[string, Claims, string, string]>([
    ['another app', { iss: 'other' }, 'invalid_client_id', 'client identifier invalid'],
    ['another audience', { aud: 'https://example.com' }, 'invalid_grant', 'audience is invalid'],
    ['a time that is over', { exp: 1_700_000_000 }, 'invalid_grant', 'invalid assertion'],
    ['nobody of the org', { sub: 'x@example.com' }, 'invalid_grant', "user hasn't approved this consumer"],
  ])('for %s is refused', async (_name, claims, error, error_description) => {
    expect(await login(claims)).toMatchObject({ status: 400, body: { error, error_description } });
  });

  it('of another key, or none at all, is refused', async () => {
    const invalid = { status: 400, body: { error: 'invalid_grant', error_description: 'invalid assertion' } };
    expect(await login({}, stranger)).toMatchObject(invalid);
    const form = { grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer' };
    for (const assertion of ['', 'a.b.c', 'e30.e30.e30']) {
      expect(await token({ ...form, assertion })).toMatchObject(invalid);
    }
    await org.control('PUT', '/app', { certificate: null });
    expect(await login()).toMatchObject(invalid);
    await org.control('PUT', '/app', { certificate });
  });
});

describe('an app that turns everybody away', () => {
  it.each([
    ['OAUTH_APP_BLOCKED', 'OAUTH_APP_BLOCKED'],
    ['OAUTH_APP_ACCESS_DENIED', 'OAUTH_APP_ACCESS_DENIED'],
    ['notApproved', 'invalid_grant'],
    ['ipRestricted', 'invalid_grant'],
  ])('says %s to either flow, until a reset', async (refusal, error) => {
    await org.control('PUT', '/app', { refusal });
    const credentials = { client_id: org.clientId, client_secret: org.clientSecret };
    const flows = [() => login(), () => token({ grant_type: 'client_credentials', ...credentials })];
    for (const flow of flows) expect(await flow()).toMatchObject({ status: 400, body: { error } });
    await org.control('POST', '/reset');
    for (const flow of flows) expect((await flow()).status).toBe(200);
  });

  it('takes no certificate that is none', async () => {
    expect((await org.control('PUT', '/app', { certificate: 'pem' })).status).toBe(400);
  });
});
