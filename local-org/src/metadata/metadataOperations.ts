import { z } from 'zod';
import type { OrgUser } from '../auth/users.ts';
import { ApiError } from '../errors.ts';
import { normalizeId } from '../ids.ts';
import type { Org } from '../org.ts';
import { deployOptions } from './deployOptions.ts';
import { deployResult } from './deployment.ts';
import { describeTypes, listComponents } from './listing.ts';
import { retrieve } from './retrieve.ts';
import { isTrue, node, nodes, text, values, type XmlNode } from './xml.ts';

/** One call of the Metadata API. */
export interface SoapCall {
  readonly org: Org;
  readonly user: OrgUser;
  /** The element below the body: its name is the operation, its children the arguments. */
  readonly argument: XmlNode;
}

/** Answers the value of `result` in the response. */
export type SoapOperation = (call: SoapCall) => unknown;

/** listMetadata takes three types at once (Metadata API Developer Guide, "listMetadata()"). */
const MAX_LISTED = 3;

/** The arguments of DeployOptions as text, a repeated one as a list. */
const readOptions = (argument: XmlNode) => {
  const options = node(argument, 'DeployOptions');
  const plain = Object.fromEntries(
    Object.keys(options).map((name) => {
      const all = values(options, name);
      return [name, all.length === 1 ? all[0] : all];
    }),
  );
  const parsed = deployOptions.safeParse(plain);
  if (!parsed.success) throw new ApiError(400, 'INVALID_TYPE', z.prettifyError(parsed.error));
  return parsed.data;
};

const needed = (argument: XmlNode, name: string): string => {
  const value = text(argument, name);
  if (value === undefined) throw new ApiError(400, 'MISSING_ARGUMENT', `${name} not specified`);
  return value;
};

/** The WSDL calls it `retrieveRequest`, jsforce `request`. */
const retrieveRequest = (argument: XmlNode): XmlNode =>
  node(argument, argument['retrieveRequest'] === undefined ? 'request' : 'retrieveRequest');

/** The operations of the Metadata API that this org has (Metadata API Developer Guide, "File-Based Calls"). */
export const METADATA_OPERATIONS: Readonly<Record<string, SoapOperation>> = {
  deploy: ({ org, user, argument }) => {
    const zip = Buffer.from(needed(argument, 'ZipFile'), 'base64');
    const { id } = org.metadata.deployments.start(zip, readOptions(argument), user);
    return { done: false, id, state: 'Queued' };
  },
  checkDeployStatus: ({ org, argument }) =>
    deployResult(org.metadata.deployments.find(needed(argument, 'asyncProcessId')), {
      includeDetails: isTrue(argument, 'includeDetails'),
    }),
  cancelDeploy: ({ org, user, argument }) => {
    // The WSDL calls it `String`, jsforce `id`.
    const asked = text(argument, 'String') ?? needed(argument, 'id');
    const { id } = org.metadata.deployments.cancel(asked, user);
    return { done: true, id };
  },
  describeMetadata: () => describeTypes(),
  listMetadata: ({ org, argument }) => {
    const types = nodes(argument, 'queries').map((query) => text(query, 'type') ?? '');
    if (types.length > MAX_LISTED) {
      throw new ApiError(400, 'INVALID_NUMBER_OF_QUERIES', `at most ${MAX_LISTED} queries are allowed`);
    }
    return listComponents(org.metadata.catalog, types);
  },
  retrieve: async ({ org, argument }) => {
    const id = org.metadata.newRetrieveId();
    org.metadata.retrieves.set(id, await retrieve(org.metadata.catalog, retrieveRequest(argument), id));
    return { done: false, id, state: 'Queued' };
  },
  checkRetrieveStatus: ({ org, argument }) => {
    const id = needed(argument, 'asyncProcessId');
    const result = org.metadata.retrieves.get(normalizeId(id) ?? '');
    if (!result) throw new ApiError(400, 'INVALID_ID_FIELD', `The retrieve ${id} is not known`);
    const { zipFile, ...rest } = result;
    return text(argument, 'includeZip') === 'false' ? rest : { ...rest, zipFile };
  },
};
