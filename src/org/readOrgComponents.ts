import type { Connection } from '@salesforce/core';
import { componentKey, type PackageComponent } from './packageComponent.ts';

/** listMetadata takes three types at once. Source: Metadata API Developer Guide, "listMetadata()". */
const typesPerCall = 3;

/**
 * What the org has of these metadata types, as component keys. Field permissions play no part in it, unlike in a
 * describe: a field which was deployed and which nobody may see yet is listed.
 */
export async function readOrgComponents(
  connection: Connection,
  types: readonly string[],
): Promise<Set<string>> {
  const batches = Array.from({ length: Math.ceil(types.length / typesPerCall) }, (_, index) =>
    types.slice(index * typesPerCall, (index + 1) * typesPerCall),
  );
  const lists = await Promise.all(
    batches.map((batch) =>
      connection.metadata.list(
        batch.map((type) => ({ type })),
        connection.getApiVersion(),
      ),
    ),
  );
  return new Set(
    lists.flat().map(({ type, fullName }) => componentKey({ type, fullName: decodeName(type, fullName) })),
  );
}

/** The types of these components. */
export const typesOf = (components: readonly PackageComponent[]): string[] => [
  ...new Set(components.map(({ type }) => type)),
];

/** Layout names come percent-encoded. */
const decodeName = (type: string, fullName: string): string =>
  type === 'Layout' ? decodeURIComponent(fullName) : fullName;
