import { productionObject, stagingObject } from '../../middleware/src/contracts/index.ts';
import type { OrgAsUser } from './orgAsUser.ts';

/** The objects that have a record page with the component, with what people call them. */
export const pageObjects = {
  [productionObject]: { label: 'Property', plural: 'Properties' },
  [stagingObject]: { label: 'Product Property', plural: 'Product Properties' },
} as const;

const prefixesOf = new WeakMap<OrgAsUser, Promise<ReadonlyMap<string, string>>>();

/** The object that a record id belongs to, by the prefixes of this org; undefined for any other object. */
export async function objectOf(recordId: string, org: OrgAsUser): Promise<string | undefined> {
  const known = prefixesOf.get(org) ?? readPrefixes(org);
  prefixesOf.set(org, known);
  try {
    return (await known).get(recordId.slice(0, 3));
  } catch (error) {
    prefixesOf.delete(org);
    throw error;
  }
}

async function readPrefixes(org: OrgAsUser): Promise<ReadonlyMap<string, string>> {
  const pairs = Object.keys(pageObjects).map(async (object): Promise<[string, string]> => [
    (await org.describe(object)).keyPrefix,
    object,
  ]);
  return new Map(await Promise.all(pairs));
}
