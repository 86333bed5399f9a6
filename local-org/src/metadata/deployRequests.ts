import { z } from 'zod';
import { ApiError, badJson } from '../errors.ts';
import { ok, type ApiRequest, type Handler, type Route } from '../http/answer.ts';
import { deployOptions } from './deployOptions.ts';
import { deployResult, type Deployment } from './deployment.ts';

const deployBody = z.object({ deployOptions: deployOptions.prefault({}) });
const statusBody = z.object({ deployResult: z.object({ status: z.literal('Canceling') }) });
const quickBody = z.object({ validatedDeployRequestId: z.string() });

const describe = (deployment: Deployment, includeDetails: boolean) => ({
  id: deployment.id,
  validatedDeployRequestId: null,
  deployOptions: deployment.options,
  deployResult: deployResult(deployment, { includeDetails }),
});

/**
 * POST /metadata/deployRequest: multipart with the options as JSON and the zip as a file; 201 (Metadata API Developer
 * Guide, "Deploying with REST"). With `{validatedDeployRequestId}` as JSON, a quick deploy.
 */
const startDeploy: Handler = async (request) => {
  const type = request.headers['content-type'] ?? '';
  if (!Buffer.isBuffer(request.body)) return quickDeploy(request);
  const form = await new Response(new Uint8Array(request.body), { headers: { 'content-type': type } })
    // eslint-disable-next-line @typescript-eslint/no-deprecated -- deprecated for servers that strangers reach; this one is bounded and local
    .formData()
    .catch((error: unknown) => {
      throw badJson(`The multipart body cannot be read: ${(error as Error).message}`);
    });
  const parts = await Promise.all(
    [...form.values()].map(async (part) =>
      typeof part === 'string' ? part : Buffer.from(await part.arrayBuffer()),
    ),
  );
  const zip = parts.find((part) => typeof part !== 'string' && part.subarray(0, 2).toString() === 'PK');
  const json = parts.map(String).find((part) => part.trimStart().startsWith('{'));
  if (typeof zip !== 'object' || json === undefined) throw badJson('deployOptions and a zip file are needed');
  const body = deployBody.safeParse(parseJson(json));
  if (!body.success) throw badJson(z.prettifyError(body.error));
  const deployment = request.org.metadata.deployments.start(zip, body.data.deployOptions, request.user);
  return { status: 201, body: describe(deployment, false) };
};

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw badJson((error as Error).message);
  }
}

/** A validation deploys quickly when it succeeded with tests; tests do not run here, so none can be deployed so. */
function quickDeploy({ body, org }: ApiRequest): never {
  const parsed = quickBody.safeParse(body);
  if (!parsed.success) throw badJson(z.prettifyError(parsed.error));
  org.metadata.deployments.find(parsed.data.validatedDeployRequestId);
  throw new ApiError(
    400,
    'INVALID_ID_FIELD',
    'not emulated by local-org: a quick deploy, since tests do not run here',
  );
}

/** GET /metadata/deployRequest/0Af…?includeDetails=true. */
const readDeploy: Handler = ({ org, params, query }) =>
  ok(describe(org.metadata.deployments.find(params['id'] ?? ''), query['includeDetails'] === 'true'));

/** PATCH /metadata/deployRequest/0Af… `{deployResult: {status: "Canceling"}}`: 202. */
const cancelDeploy: Handler = ({ org, user, params, body }) => {
  const parsed = statusBody.safeParse(body);
  if (!parsed.success) throw badJson(z.prettifyError(parsed.error));
  const deployment = org.metadata.deployments.cancel(params['id'] ?? '', user);
  return { status: 202, body: describe(deployment, false) };
};

/** Deploys by REST. */
export const deployRoutes: readonly Route[] = [
  { method: 'POST', path: '/metadata/deployRequest', handle: startDeploy },
  { method: 'GET', path: '/metadata/deployRequest/:id', handle: readDeploy },
  { method: 'PATCH', path: '/metadata/deployRequest/:id', handle: cancelDeploy },
];
