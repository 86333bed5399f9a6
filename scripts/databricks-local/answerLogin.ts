import type { IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import type { AccessTokens } from './accessTokens.ts';
import type { HttpAnswer } from './httpAnswer.ts';

export const loginPath = '/oidc/';

/** OAuth of a service principal: where the tokens are, and a token for id and secret. */
export async function answerLogin(tokens: AccessTokens, request: IncomingMessage): Promise<HttpAnswer> {
  const issuer = `https://${request.headers.host ?? 'localhost'}/oidc`;
  if (request.method === 'GET' && request.url === '/oidc/.well-known/oauth-authorization-server') {
    const endpoints = {
      authorization_endpoint: `${issuer}/v1/authorize`,
      token_endpoint: `${issuer}/v1/token`,
    };
    return { status: 200, body: { issuer, ...endpoints } };
  }
  if (request.method !== 'POST' || request.url !== '/oidc/v1/token') return { status: 404 };
  const form = new URLSearchParams(await text(request));
  if (form.get('grant_type') !== 'client_credentials') {
    return { status: 400, body: { error: 'unsupported_grant_type' } };
  }
  const granted = tokens.grant(request.headers.authorization);
  return granted === undefined
    ? { status: 401, body: { error: 'invalid_client' } }
    : { status: 200, body: { ...granted, scope: form.get('scope') ?? '' } };
}
