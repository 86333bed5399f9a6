import { isKnownType } from './metadataTypes.ts';
import { BadXml, node, nodes, parseXml, text, texts } from './xml.ts';

/** What a package.xml or destructiveChanges.xml names. */
export interface Manifest {
  /** Full names by type, in file order; `*` means all of the type. */
  readonly members: ReadonlyMap<string, readonly string[]>;
  readonly version: string | undefined;
}

/** A manifest that cannot be followed; the deploy fails with it. */
export class BadManifest extends Error {}

/** Reads a manifest (Metadata API Developer Guide, "package.xml Manifest Files"). Throws {@link BadManifest}. */
export function readManifest(data: Buffer): Manifest {
  let root;
  try {
    root = node(parseXml(data.toString('utf8')), 'Package');
  } catch (error) {
    if (!(error instanceof BadXml)) throw error;
    throw new BadManifest(`Error parsing file: ${error.message}`);
  }
  const members = new Map<string, string[]>();
  for (const type of nodes(root, 'types')) {
    const name = text(type, 'name');
    if (name === undefined) throw new BadManifest('Required field is missing: name');
    if (!isKnownType(name)) {
      throw new BadManifest(
        `Unknown type name '${name}' specified in package.xml (or not emulated by local-org)`,
      );
    }
    members.set(name, [...(members.get(name) ?? []), ...texts(type, 'members')]);
  }
  return { members, version: text(root, 'version') };
}

/** Whether the manifest names that component. */
export function isNamed({ members }: Manifest, type: string, fullName: string): boolean {
  const names = members.get(type) ?? [];
  return names.includes('*') || names.some((name) => name.toLowerCase() === fullName.toLowerCase());
}
