import { ownName, type OrgComponent } from './component.ts';
import { findChildType, findType, type MetadataType } from './metadataTypes.ts';
import { toXml } from './xml.ts';

/**
 * The files of components as a retrieve gives them. Objects and labels are put together from their parts; a part that is
 * asked for alone comes in a file that holds nothing else.
 */
export function composeFiles(components: readonly OrgComponent[]): Map<string, Buffer> {
  const files = new Map<string, Buffer>();
  const shared = new Map<string, OrgComponent[]>();
  for (const component of components) {
    const isShared = findChildType(component.type) ?? findType(component.type)?.children;
    if (isShared) shared.set(component.fileName, [...(shared.get(component.fileName) ?? []), component]);
    else for (const [path, data] of component.files) files.set(path, data);
  }
  for (const [fileName, parts] of shared) files.set(fileName, Buffer.from(composeFile(parts)));
  return files;
}

function composeFile(parts: readonly OrgComponent[]): string {
  const owner = parts.find(({ type }) => findType(type));
  const type = (owner ? findType(owner.type) : findChildType(parts[0]?.type ?? '')?.parent) as MetadataType;
  const elements: Record<string, unknown> = { ...owner?.definition };
  for (const [element, child] of Object.entries(type.children ?? {})) {
    const own = parts.filter((part) => part.type === child.name);
    if (own.length === 0) continue;
    elements[element] = own
      .sort((a, b) => (a.fullName < b.fullName ? -1 : 1))
      // The name of a part goes without its object's.
      .map(({ definition, fullName }) => ({ fullName: ownName(fullName), ...definition }));
  }
  const inner = Object.keys(elements)
    .sort()
    .map((name) => toXml(name, elements[name], '    '));
  return (
    '<?xml version="1.0" encoding="UTF-8"?>\n' +
    `<${type.name} xmlns="http://soap.sforce.com/2006/04/metadata">\n${inner.join('')}</${type.name}>\n`
  );
}
