import { Router, type Request, type Response } from 'express';
import type { Answer } from '../http/answer.ts';
import { withFaults } from '../http/withFaults.ts';
import type { Org } from '../org.ts';
import { bearerToken } from './bearerToken.ts';
import { REFUSALS } from './createAppPolicy.ts';
import { isSameSecret } from './createSessions.ts';
import { ORG_ID, USERS, type OrgUser, type UserName } from './users.ts';
import { verifyAssertion } from './verifyAssertion.ts';

/**
 * Logins: client credentials and signed assertions, who-am-I, and revoking (Salesforce Help, "OAuth 2.0
 * Client Credentials Flow", "OAuth Error Codes"). Logins cost no API call.
 */
export function oauthRouter(org: Org): Router {
  const router = Router();
  const answer = (work: (request: Request) => Answer) => async (request: Request, response: Response) => {
    const token = bearerToken(request);
    await withFaults(org, { request, response, token }, () => Promise.resolve(work(request)));
  };
  router.post(
    '/services/oauth2/token',
    answer((request) => grantToken(org, request)),
  );
  router.post(
    '/services/oauth2/revoke',
    answer((request) => {
      org.sessions.end(formValue(request, 'token') ?? '');
      return { status: 200 };
    }),
  );
  router.get(
    '/services/oauth2/userinfo',
    answer((request) => {
      const user = org.sessions.findUser(bearerToken(request) ?? '');
      return user ? { status: 200, body: userInfo(request, user) } : badToken;
    }),
  );
  router.get(
    '/id/:orgId/:userId',
    answer((request) => {
      const token =
        bearerToken(request) ?? new URL(request.originalUrl, origin(request)).searchParams.get('oauth_token');
      const user = org.sessions.findUser(token ?? '');
      const isAsked = user?.id === request.params['userId'] && request.params['orgId'] === ORG_ID;
      if (!user || !isAsked) return badToken;
      return { status: 200, body: identity(request, user) };
    }),
  );
  return router;
}

const badToken: Answer = { status: 403, body: 'Bad_OAuth_Token' };

const origin = (request: Request): string => `${request.protocol}://${request.get('host') ?? '127.0.0.1'}`;

const identityUrl = (request: Request, user: OrgUser) => `${origin(request)}/id/${ORG_ID}/${user.id}`;

function formValue(request: Request, name: string): string | undefined {
  const value = (request.body as Record<string, unknown> | undefined)?.[name];
  return typeof value === 'string' ? value : undefined;
}

/** Client id and secret, from the form or from an Authorization header of type Basic. */
function clientOf(request: Request): { id: string; secret: string } {
  const encoded = /^Basic (.+)$/i.exec(request.get('authorization') ?? '')?.[1];
  if (encoded === undefined) {
    return { id: formValue(request, 'client_id') ?? '', secret: formValue(request, 'client_secret') ?? '' };
  }
  const [id = '', ...secret] = Buffer.from(encoded, 'base64').toString().split(':');
  return { id, secret: secret.join(':') };
}

const refuse = (error: string, error_description: string): Answer => ({
  status: 400,
  body: { error, error_description },
});

const JWT_BEARER = 'urn:ietf:params:oauth:grant-type:jwt-bearer';

function grantToken(org: Org, request: Request): Answer {
  const grant = formValue(request, 'grant_type');
  if (grant === undefined) return refuse('unsupported_grant_type', 'grant type not supported');
  if (grant === JWT_BEARER) return grantByAssertion(org, request);
  const client = clientOf(request);
  const { clientId, clientSecret } = org.sessions.credentials;
  if (!isSameSecret(client.id, clientId)) return refuse('invalid_client_id', 'client identifier invalid');
  if (!isSameSecret(client.secret, clientSecret))
    return refuse('invalid_client', 'invalid client credentials');
  // The org issues no refresh tokens and no codes, so whatever a client brings of them has expired.
  if (grant === 'refresh_token') return refuse('invalid_grant', 'expired access/refresh token');
  if (grant === 'authorization_code') return refuse('invalid_grant', 'expired authorization code');
  if (grant !== 'client_credentials') return refuse('unsupported_grant_type', 'grant type not supported');
  return issueToken(org, request, 'integration');
}

/** The JWT bearer flow: the user whom an assertion names, signed with the key of the app's certificate. */
function grantByAssertion(org: Org, request: Request): Answer {
  const verified = verifyAssertion(formValue(request, 'assertion') ?? '', {
    clientId: org.sessions.credentials.clientId,
    key: org.app.key,
    audiences: ['https://login.salesforce.com', 'https://test.salesforce.com', origin(request)],
    nowMs: Date.now(),
  });
  if ('refusal' in verified) return refuse(...verified.refusal);
  const [name] = Object.entries(USERS).find(([, user]) => user.username === verified.username) ?? [];
  if (name === undefined) return refuse(...REFUSALS.notApproved);
  return issueToken(org, request, name as UserName);
}

function issueToken(org: Org, request: Request, name: UserName): Answer {
  const { refusal } = org.app.settings;
  if (refusal !== null) {
    const [error, description] = REFUSALS[refusal];
    return refuse(error, description);
  }
  const accessToken = org.sessions.issue(name);
  return {
    status: 200,
    headers: { 'cache-control': 'no-cache, no-store' },
    body: {
      access_token: accessToken,
      scope: 'api',
      instance_url: origin(request),
      id: identityUrl(request, USERS[name]),
      token_type: 'Bearer',
      issued_at: String(org.clock.nowMs()),
    },
  };
}

const userInfo = (request: Request, user: OrgUser) => ({
  sub: identityUrl(request, user),
  user_id: user.id,
  organization_id: ORG_ID,
  preferred_username: user.username,
  nickname: user.name,
  name: user.name,
  email: user.username,
  email_verified: true,
  zoneinfo: 'GMT',
  active: true,
  user_type: 'STANDARD',
  language: 'en_US',
  locale: 'en_US',
});

const identity = (request: Request, user: OrgUser) => ({
  id: identityUrl(request, user),
  asserted_user: true,
  user_id: user.id,
  organization_id: ORG_ID,
  username: user.username,
  nick_name: user.name,
  display_name: user.name,
  email: user.username,
  active: true,
  user_type: 'STANDARD',
  timezone: 'GMT',
  urls: {
    rest: `${origin(request)}/services/data/v{version}/`,
    sobjects: `${origin(request)}/services/data/v{version}/sobjects/`,
    query: `${origin(request)}/services/data/v{version}/query/`,
  },
});
