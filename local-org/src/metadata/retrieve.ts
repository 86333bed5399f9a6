import JSZip from 'jszip';
import { keyOf, parentOf, type OrgComponent } from './component.ts';
import type { Catalog } from './createCatalog.ts';
import { composeFiles } from './composeFile.ts';
import { fileProperties } from './listing.ts';
import { findChildType, isKnownType } from './metadataTypes.ts';
import { nodes, text, texts, toXml, type XmlNode } from './xml.ts';

/** What became of a retrieve (Metadata API Developer Guide, "RetrieveResult"). */
export interface RetrieveResult {
  readonly done: true;
  readonly fileProperties: readonly ReturnType<typeof fileProperties>[];
  readonly id: string;
  readonly messages: readonly { readonly fileName: string; readonly problem: string }[];
  readonly status: 'Succeeded';
  readonly success: true;
  readonly zipFile: string;
}

/** The components that a `RetrieveRequest` names, zipped; `*` means all of a type. */
export async function retrieve(catalog: Catalog, request: XmlNode, id: string): Promise<RetrieveResult> {
  const folder = text(request, 'singlePackage') === 'true' ? '' : 'unpackaged/';
  const found = new Map<string, OrgComponent>();
  const messages: { fileName: string; problem: string }[] = [];
  const add = (component: OrgComponent) => found.set(keyOf(component.type, component.fullName), component);
  const types = nodes(request, 'unpackaged').flatMap((unpackaged) => nodes(unpackaged, 'types'));
  for (const asked of types) {
    const type = text(asked, 'name') ?? '';
    for (const name of texts(asked, 'members')) {
      const components = isKnownType(type) ? select(catalog, type, name) : [];
      for (const component of components) add(component);
      if (components.length > 0 || name === '*') continue;
      const problem = `Entity of type '${type}' named '${name}' cannot be found`;
      messages.push({ fileName: `${folder}package.xml`, problem });
    }
  }
  const components = [...found.values()];
  const zip = new JSZip();
  for (const [path, data] of composeFiles(components)) zip.file(folder + path, data);
  zip.file(`${folder}package.xml`, manifestOf(components, text(request, 'apiVersion') ?? '66.0'));
  return {
    done: true,
    fileProperties: components.map((component) => ({
      ...fileProperties(component),
      fileName: folder + component.fileName,
    })),
    id,
    messages,
    status: 'Succeeded',
    success: true,
    zipFile: await zip.generateAsync({ type: 'base64', compression: 'DEFLATE' }),
  };
}

/** An object or file of labels comes with all that lies in it. */
function select(catalog: Catalog, type: string, name: string): OrgComponent[] {
  const own = name === '*' ? catalog.list(type) : [catalog.find(type, name) ?? []].flat();
  return own.flatMap((component) => [component, ...partsOf(catalog, component)]);
}

const partsOf = (catalog: Catalog, { type, fullName, fileName }: OrgComponent): OrgComponent[] =>
  [...catalog.components.values()].filter((part) => {
    if (findChildType(part.type)?.parent.name !== type) return false;
    return type === 'CustomObject' ? parentOf(part.fullName) === fullName : part.fileName === fileName;
  });

function manifestOf(components: readonly OrgComponent[], version: string): string {
  const types = [...Map.groupBy(components, ({ type }) => type)].map(([name, own]) => ({
    members: own.map(({ fullName }) => fullName),
    name,
  }));
  const inner = toXml('types', types, '    ') + toXml('version', version, '    ');
  return `<?xml version="1.0" encoding="UTF-8"?>\n<Package xmlns="http://soap.sforce.com/2006/04/metadata">\n${inner}</Package>\n`;
}
