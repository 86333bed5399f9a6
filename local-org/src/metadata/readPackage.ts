import type { Component } from './component.ts';
import { BadManifest, isNamed, readManifest, type Manifest } from './manifest.ts';
import { findChildType } from './metadataTypes.ts';
import { readComponents, type FileProblem } from './readComponents.ts';
import type { PackageFiles } from './readZip.ts';

/** What a package asks for. */
export interface Package {
  /** What package.xml names and the package holds. */
  readonly components: readonly Component[];
  readonly deletionsBefore: readonly Deletion[];
  readonly deletionsAfter: readonly Deletion[];
  /** The manifests that were read, by path. */
  readonly manifests: readonly string[];
  readonly problems: readonly FileProblem[];
}

/** A component that a destructiveChanges file names. */
export interface Deletion {
  readonly type: string;
  readonly fullName: string;
  readonly fileName: string;
}

const DESTRUCTIVE = ['destructiveChanges.xml', 'destructiveChangesPre.xml', 'destructiveChangesPost.xml'];

/**
 * Reads a package (Metadata API Developer Guide, "Sample package.xml Manifest Files", "Deleting Components"). It may lie
 * in one folder of the zip.
 */
export function readPackage(files: PackageFiles): Package {
  const path = [...files.keys()].find((name) => /^(?:[^/]+\/)?package\.xml$/.test(name));
  if (path === undefined) {
    return empty([manifestProblem('package.xml', 'package.xml', 'No package.xml found')]);
  }
  const folder = path.slice(0, -'package.xml'.length);
  const own: PackageFiles = new Map(
    [...files]
      .filter(([name]) => name.startsWith(folder))
      .map(([name, data]) => [name.slice(folder.length), data]),
  );
  try {
    const manifest = readManifest(own.get('package.xml') as Buffer);
    const { components, problems } = readComponents(own);
    const named = components.filter((component) => isWanted(manifest, component));
    const strays = components.filter(
      (component) =>
        component.files.size > 0 && !isWanted(manifest, component) && !holdsWanted(component, named),
    );
    const [now = [], before = [], after = []] = DESTRUCTIVE.map((name) => readDeletions(own, name));
    return {
      components: named,
      deletionsBefore: [...before, ...now],
      deletionsAfter: after,
      manifests: ['package.xml', ...DESTRUCTIVE.filter((name) => own.has(name))].map((name) => folder + name),
      problems: [
        ...problems,
        ...strays.map((component) => ({ ...component, message: 'Not in package.xml' })),
        ...findMissing(manifest, components),
      ],
    };
  } catch (error) {
    if (!(error instanceof BadManifest)) throw error;
    return empty([manifestProblem(path, 'package.xml', error.message)]);
  }
}

const empty = (problems: FileProblem[]): Package => ({
  components: [],
  deletionsBefore: [],
  deletionsAfter: [],
  manifests: [],
  problems,
});

const manifestProblem = (fileName: string, fullName: string, message: string): FileProblem => ({
  type: '',
  fullName,
  fileName,
  message,
  line: 1,
  column: 1,
});

/** An object or file of labels brings what lies in it. */
function isWanted(manifest: Manifest, { type, fullName }: Component): boolean {
  if (isNamed(manifest, type, fullName)) return true;
  const parent = findChildType(type)?.parent.name;
  if (parent === undefined) return false;
  const owner = parent === 'CustomLabels' ? 'CustomLabels' : fullName.slice(0, fullName.indexOf('.'));
  return isNamed(manifest, parent, owner);
}

/** A file whose own part is not named may hold fields or labels that are. */
const holdsWanted = ({ fileName }: Component, named: readonly Component[]): boolean =>
  named.some((component) => component.fileName === fileName);

/** "An object 'X' of type T was named in package.xml, but was not found in zipped directory" [quoted in public threads]. */
function findMissing(manifest: Manifest, components: readonly Component[]): FileProblem[] {
  const found = new Set(components.map(({ type, fullName }) => `${type}:${fullName.toLowerCase()}`));
  return [...manifest.members].flatMap(([type, names]) =>
    names
      .filter((name) => name !== '*' && !found.has(`${type}:${name.toLowerCase()}`))
      .map((name) =>
        manifestProblem(
          'package.xml',
          name,
          `An object '${name}' of type ${type} was named in package.xml, but was not found in zipped directory`,
        ),
      ),
  );
}

function readDeletions(files: PackageFiles, name: string): Deletion[] {
  const data = files.get(name);
  if (!data) return [];
  return [...readManifest(data).members].flatMap(([type, names]) =>
    names.map((fullName) => {
      if (fullName === '*') throw new BadManifest('Destructive changes take no wildcard');
      return { type, fullName, fileName: name };
    }),
  );
}
