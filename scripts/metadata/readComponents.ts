import { join, relative } from 'node:path';
import { ComponentSet, type SourceComponent } from '@salesforce/source-deploy-retrieve';

/** An element of parsed metadata: text, elements by name, or several of either under one name. */
export type Xml = string | readonly Xml[] | { readonly [element: string]: Xml };

/** A component with metadata of its own, as the Metadata API names it. */
export interface Component {
  /** Metadata type, such as `CustomField`. */
  readonly type: string;
  /** Full name, such as `Property__c.City__c`. */
  readonly name: string;
  /** Path of its XML from the root of the project. */
  readonly file: string;
  /** What the XML file holds below its root element. */
  readonly xml: Xml;
}

/** The components of the package in `root`, as the library that deploys them reads them. */
export function readComponents(root: string): Component[] {
  const set = ComponentSet.fromSource({ fsPaths: [join(root, 'force-app')] });
  return set
    .getSourceComponents()
    .toArray()
    .flatMap((source): SourceComponent[] => [source, ...source.getChildren()])
    .flatMap((source) => (source.xml === undefined ? [] : [toComponent(source, source.xml, root)]));
}

function toComponent(source: SourceComponent, file: string, root: string): Component {
  const document = source.parseXmlSync() as { readonly [element: string]: Xml };
  // A label lies in a file with others, and is read as an element of its own.
  const xml = document[source.type.name] ?? document;
  return { type: source.type.name, name: source.fullName, file: relative(root, file), xml };
}

/** The texts at a path of element names, such as `fieldPermissions.field`, in order. */
export function textsAt(xml: Xml | undefined, path: string): string[] {
  const [element, ...rest] = path.split('.');
  if (xml === undefined) return [];
  if (isList(xml)) return xml.flatMap((item) => textsAt(item, path));
  if (element === undefined || element === '') return typeof xml === 'string' ? [xml] : [];
  return typeof xml === 'string' ? [] : textsAt(xml[element], rest.join('.'));
}

/** `Array.isArray` does not narrow lists that are read-only. */
export function isList(xml: Xml): xml is readonly Xml[] {
  return Array.isArray(xml);
}
