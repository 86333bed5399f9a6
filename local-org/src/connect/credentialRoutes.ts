import { z } from 'zod';
import { ApiError, badJson, notFound } from '../errors.ts';
import { ok, type ApiRequest, type Handler, type Route } from '../http/answer.ts';
import { principalsOf } from '../metadata/validators/credentials.ts';
import { text } from '../metadata/xml.ts';
import type { Principal } from './createSecrets.ts';

const principal = z.object({
  externalCredential: z.string().min(1),
  principalName: z.string().min(1),
  principalType: z.enum(['NamedPrincipal', 'PerUserPrincipal', 'AwsStsPrincipal']),
});

const credential = principal.extend({
  authenticationProtocol: z.enum(['AwsSv4', 'Basic', 'Custom', 'Jwt', 'OAuth']),
  credentials: z.record(z.string(), z.object({ value: z.string(), encrypted: z.boolean().default(false) })),
});

function parse<T>(shape: z.ZodType<T>, input: unknown): T {
  const parsed = shape.safeParse(input);
  if (!parsed.success) throw badJson(z.prettifyError(parsed.error));
  return parsed.data;
}

/** The external credential and its principal must be there; what a real org answers otherwise is believed. */
function assertPrincipal({ org }: ApiRequest, { externalCredential, principalName }: Principal): string {
  const found = org.metadata.catalog.find('ExternalCredential', externalCredential);
  if (!found || !principalsOf(found).includes(`${found.fullName}-${principalName}`)) {
    throw notFound(`The external credential ${externalCredential} has no principal ${principalName}`);
  }
  return text(found.definition, 'authenticationProtocol') ?? 'Custom';
}

/**
 * GET, POST, PUT and DELETE /named-credentials/credential (Connect REST API Developer Guide, "Credential", v56.0 and
 * later). An encrypted value never comes back. That the status is Configured or NotConfigured, that POST refuses what
 * is there and PUT what is not, is believed.
 */
const readCredential: Handler = (request) => {
  const asked = parse(principal, request.query);
  return ok(describe(request, asked, assertPrincipal(request, asked)));
};

const saveCredential: Handler = (request) => {
  const { credentials, authenticationProtocol, ...asked } = parse(credential, request.body);
  const protocol = assertPrincipal(request, asked);
  if (protocol !== authenticationProtocol) {
    throw new ApiError(
      400,
      'INVALID_INPUT',
      `The external credential has the authentication protocol ${protocol}`,
    );
  }
  const isThere = request.org.secrets.find(asked) !== undefined;
  if (isThere === (request.method === 'POST')) {
    throw new ApiError(
      400,
      'INVALID_INPUT',
      `The credential ${isThere ? 'already exists' : 'does not exist'}`,
    );
  }
  request.org.secrets.put(asked, credentials);
  return { status: request.method === 'POST' ? 201 : 200, body: describe(request, asked, protocol) };
};

const deleteCredential: Handler = (request) => {
  if (!request.org.secrets.delete(parse(principal, request.query))) throw notFound();
  return { status: 204 };
};

function describe({ org }: ApiRequest, asked: Principal, authenticationProtocol: string) {
  const parameters = org.secrets.find(asked);
  const credentials = [...(parameters ?? [])].map(([name, { isEncrypted, value, revision }]) => [
    name,
    { encrypted: isEncrypted, revision, ...(value !== undefined && { value }) },
  ]);
  return {
    authenticationProtocol,
    authenticationProtocolVariant: null,
    authenticationStatus: parameters ? 'Configured' : 'NotConfigured',
    credentials: Object.fromEntries(credentials) as Record<string, unknown>,
    externalCredential: asked.externalCredential,
    principalName: asked.principalName,
    principalType: asked.principalType,
  };
}

const path = '/named-credentials/credential';

export const credentialRoutes: readonly Route[] = [
  { method: 'GET', path, handle: readCredential },
  { method: 'POST', path, handle: saveCredential },
  { method: 'PUT', path, handle: saveCredential },
  { method: 'DELETE', path, handle: deleteCredential },
];
