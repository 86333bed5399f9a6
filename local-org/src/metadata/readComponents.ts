import type { Component } from './component.ts';
import { findTypeByDirectory, type MetadataType } from './metadataTypes.ts';
import type { PackageFiles } from './readZip.ts';
import { BadXml, node, nodes, parseXml, positionOf, text, type XmlNode } from './xml.ts';

/** A file that holds no component that can be read. */
export interface FileProblem {
  readonly type: string;
  readonly fullName: string;
  readonly fileName: string;
  readonly message: string;
  readonly line: number;
  readonly column: number;
}

/** The components of a package in metadata format, manifests left out. */
export function readComponents(files: PackageFiles): { components: Component[]; problems: FileProblem[] } {
  const components: Component[] = [];
  const problems: FileProblem[] = [];
  for (const [owner, paths] of groupFiles(files)) {
    const [directory = '', name = ''] = owner.split('/');
    const type = findTypeByDirectory(directory);
    if (!type) {
      problems.push({
        type: '',
        fullName: owner,
        fileName: owner,
        line: 1,
        column: 1,
        message: `Unknown folder: ${directory} (or not emulated by local-org)`,
      });
      continue;
    }
    const fullName = decodeURIComponent(type.suffix ? name.slice(0, -type.suffix.length - 1) : name);
    const own = new Map(paths.map((path) => [path, files.get(path) as Buffer]));
    try {
      components.push(...readOwner(type, fullName, owner, own));
    } catch (error) {
      if (!(error instanceof BadXml)) throw error;
      const { line, column } = error;
      problems.push({
        type: type.name,
        fullName,
        fileName: owner,
        line,
        column,
        message: `Error parsing file: ${error.message}`,
      });
    }
  }
  return { components, problems };
}

/** The files by what owns them: the source file for its `-meta.xml`, the folder for the parts of a bundle. */
function groupFiles(files: PackageFiles): Map<string, string[]> {
  const groups = new Map<string, string[]>();
  for (const path of files.keys()) {
    const [directory = '', name] = path.split('/');
    // Manifests and whatever else lies at the top.
    if (name === undefined) continue;
    const type = findTypeByDirectory(directory);
    // A test of a Lightning component is no part of its bundle.
    if (path.includes('/__tests__/')) continue;
    const owner =
      type?.suffix === undefined && type ? `${directory}/${name}` : path.replace(/-meta\.xml$/, '');
    groups.set(owner, [...(groups.get(owner) ?? []), path]);
  }
  return groups;
}

function readOwner(type: MetadataType, fullName: string, owner: string, files: PackageFiles): Component[] {
  const fileName = type.suffix === undefined ? `${owner}/${fullName}.js` : owner;
  const definitionPath =
    type.suffix === undefined
      ? `${owner}/${fullName}.js-meta.xml`
      : type.hasMetaFile
        ? `${owner}-meta.xml`
        : owner;
  const source = files.get(definitionPath)?.toString('utf8');
  if (source === undefined) throw new BadXml(`The file ${definitionPath} is missing`);
  const document = parseXml(source);
  if (document[type.name] === undefined) {
    throw new BadXml(
      `Element ${Object.keys(document)[0] ?? ''} invalid at this location, expected ${type.name}`,
    );
  }
  const whole = node(document, type.name);
  const children = readChildren(type, fullName, fileName, whole, source);
  const own = Object.fromEntries(Object.entries(whole).filter(([element]) => !type.children?.[element]));
  // The names of labels say which they are: they need no owner's name before them.
  return [{ type: type.name, fullName, fileName, definition: own, files, line: 2, column: 1 }, ...children];
}

function readChildren(
  type: MetadataType,
  owner: string,
  fileName: string,
  own: XmlNode,
  source: string,
): Component[] {
  return Object.entries(type.children ?? {}).flatMap(([element, child]) =>
    nodes(own, element).map((definition): Component => {
      const name = text(definition, 'fullName') ?? '';
      const at = source.search(new RegExp(`<fullName>\\s*${name.replace(/\W/g, '\\$&')}\\s*</fullName>`));
      return {
        type: child.name,
        fullName: type.name === 'CustomObject' ? `${owner}.${name}` : name,
        fileName,
        definition,
        files: new Map(),
        ...positionOf(source, source.lastIndexOf(`<${element}>`, at)),
      };
    }),
  );
}
