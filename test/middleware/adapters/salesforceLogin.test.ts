import { createVerify, generateKeyPairSync } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import type { SalesforceLogin } from '../../../middleware/src/adapters/salesforce/loginGrant.ts';
import { SalesforceSession } from '../../../middleware/src/adapters/salesforce/salesforceSession.ts';

const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const privateKeyPem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
const byAssertion: SalesforceLogin = {
  clientId: 'consumer-key',
  username: 'sync@example.com',
  privateKeyPem,
  audience: 'https://test.salesforce.com',
};

let server: Server;
let url: string;
let forms: URLSearchParams[];
/** What the token endpoint answers: a refusal, or a token when it is null. */
let refusal: { error: string; error_description: string } | null;

beforeEach(async () => {
  forms = [];
  refusal = null;
  server = createServer((request, response) => {
    void text(request).then((body) => {
      response.setHeader('content-type', 'application/json');
      if (request.url !== '/services/oauth2/token') return response.end('{}');
      forms.push(new URLSearchParams(body));
      if (refusal !== null) return response.writeHead(400).end(JSON.stringify(refusal));
      return response.end(
        JSON.stringify({ access_token: 'token', instance_url: url, id: `${url}/id/00DX/005X` }),
      );
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
});
afterEach(() => new Promise((resolve) => server.close(resolve)));

async function ask(login: SalesforceLogin): Promise<unknown> {
  const session = new SalesforceSession({
    loginUrl: url,
    login,
    apiVersion: '66.0',
    timeoutMs: 10_000,
    maxRetries: 0,
  });
  return session.read({ method: 'GET', path: '/limits', what: 'reading the limits' });
}

it('logs in with an assertion that the key has signed, for the app, the user and the audience', async () => {
  await ask(byAssertion);
  const [form] = forms;
  expect(form?.get('grant_type')).toBe('urn:ietf:params:oauth:grant-type:jwt-bearer');
  const [header = '', claims = '', signature = ''] = (form?.get('assertion') ?? '').split('.');
  const read = (part: string): unknown => JSON.parse(Buffer.from(part, 'base64url').toString());
  expect(read(header)).toEqual({ alg: 'RS256' });
  const { exp, ...named } = read(claims) as { exp: number };
  expect(named).toEqual({
    iss: 'consumer-key',
    sub: 'sync@example.com',
    aud: 'https://test.salesforce.com',
  });
  const secondsLeft = exp - Date.now() / 1_000;
  expect(secondsLeft).toBeGreaterThan(60);
  expect(secondsLeft).toBeLessThanOrEqual(180);
  const verifier = createVerify('RSA-SHA256').update(`${header}.${claims}`);
  expect(verifier.verify(publicKey, signature, 'base64url')).toBe(true);
});

it('says what a private key must be, and asks nobody', async () => {
  await expect(ask({ ...byAssertion, privateKeyPem: 'ssh-rsa AAAA' })).rejects.toMatchObject({
    code: 'SALESFORCE_UNAUTHORIZED',
    action: expect.stringContaining('PKCS #8'),
  });
  expect(forms).toEqual([]);
});

it.each([
  ['OAUTH_APP_BLOCKED', 'this app is blocked by admin', 'Connected Apps OAuth Usage'],
  ['OAUTH_APP_ACCESS_DENIED', 'user is not admin approved to access this app', 'pre-authorized'],
  ['invalid_grant', "user hasn't approved this consumer", 'Admin approved users are pre-authorized'],
  ['invalid_grant', 'no client credentials user enabled', 'Run As'],
  ['invalid_grant', 'request not supported on this domain', 'SALESFORCE_LOGIN_URL'],
  ['invalid_grant', 'audience is invalid', 'SALESFORCE_JWT_AUDIENCE'],
  ['invalid_grant', 'invalid assertion', 'SALESFORCE_PRIVATE_KEY_FILE'],
  ['invalid_grant', 'ip restricted', 'IP Relaxation'],
  ['invalid_grant', 'something new', 'Check in Setup'],
  ['inactive_user', 'user is inactive', 'Activate the integration user'],
  ['invalid_client_id', 'client identifier invalid', 'SALESFORCE_CLIENT_ID'],
  ['invalid_client', 'invalid client credentials', 'SALESFORCE_CLIENT_SECRET'],
  ['unsupported_grant_type', 'grant type not supported', 'Enable Client Credentials Flow'.toLowerCase()],
])('explains %s "%s"', async (error, description, told) => {
  refusal = { error, error_description: description };
  const failure = ask({ clientId: 'consumer-key', clientSecret: 'consumer-secret' });
  await expect(failure).rejects.toMatchObject({
    code: 'SALESFORCE_UNAUTHORIZED',
    message: expect.stringContaining(`${error}: ${description}`),
    action: expect.stringMatching(new RegExp(told, 'i')),
  });
});

it('leaves what is no refusal as it is', async () => {
  refusal = { error: 'unknown_error', error_description: 'retry your request' };
  await expect(ask(byAssertion)).rejects.toMatchObject({ code: expect.not.stringMatching('UNAUTHORIZED') });
});
