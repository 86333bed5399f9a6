import { XMLParser } from 'fast-xml-parser';

/** An element as fast-xml-parser reads it: text, or its children by name. Attributes are passed over. */
export type XmlNode = { readonly [name: string]: XmlValue };
export type XmlValue = string | XmlNode | readonly (string | XmlNode)[];

/** Text that is not XML, and where. Line and column begin at 1. */
export class BadXml extends Error {
  readonly line: number;
  readonly column: number;

  constructor(message: string, line = 1, column = 1) {
    super(message);
    this.line = line;
    this.column = column;
  }
}

const parser = new XMLParser({ parseTagValue: false, removeNSPrefix: true, ignoreDeclaration: true });

/** Reads a document; entities other than the five of XML are not resolved. Throws {@link BadXml}. */
export function parseXml(text: string): XmlNode {
  // Declared entities can grow without bound, and neither metadata nor SOAP needs them.
  if (/<!DOCTYPE/i.test(text)) throw new BadXml('DOCTYPE is disallowed');
  try {
    // eslint-disable-next-line @typescript-eslint/no-deprecated -- its successor is a package that nothing here needs otherwise
    return parser.parse(text, true) as XmlNode;
  } catch (error) {
    // The message ends in line and column.
    const [, message, line, column] = /^([\s\S]*?):(\d+):(\d+)$/.exec((error as Error).message) ?? [];
    throw new BadXml(message ?? (error as Error).message, Number(line ?? 1), Number(column ?? 1));
  }
}

const isText = (value: XmlValue | undefined): value is string => typeof value === 'string';

/** Every value of the child of that name: none, one or several. */
export function values(node: XmlNode, name: string): readonly (string | XmlNode)[] {
  const value = node[name];
  if (value === undefined) return [];
  return Array.isArray(value) ? (value as readonly (string | XmlNode)[]) : [value as XmlNode];
}

/** The children of that name that have children themselves; an empty element counts as one without any. */
export const nodes = (node: XmlNode, name: string): readonly XmlNode[] =>
  values(node, name).map((value) => (isText(value) ? {} : value));

/** The texts of the children of that name. */
export const texts = (node: XmlNode, name: string): readonly string[] => values(node, name).filter(isText);

/** The text of the first child of that name; undefined when there is none or it is empty. */
export function text(node: XmlNode, name: string): string | undefined {
  const [first] = texts(node, name);
  return first === '' ? undefined : first;
}

/** A boolean as metadata writes it; false when it is left out. */
export const isTrue = (node: XmlNode, name: string): boolean => text(node, name) === 'true';

/** The first child of that name as an element, or one without children. */
export const node = (parent: XmlNode, name: string): XmlNode => nodes(parent, name)[0] ?? {};

/** Line and column, from 1, of a position in a text. */
export function positionOf(source: string, index: number): { line: number; column: number } {
  const before = source.slice(0, Math.max(0, index));
  return { line: before.split('\n').length, column: before.length - before.lastIndexOf('\n') };
}

const escapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
};

/** Text for XML; characters that XML 1.0 cannot hold are left out. */
export const escapeXml = (source: string): string =>
  source.replace(/[&<>"']/g, (character) => escapes[character] ?? '').replace(/[^\t\n\r\x20-\uFFFF]/g, '');

/** Elements of a plain value: a list repeats its element, undefined and null leave it out. */
export function toXml(name: string, value: unknown, indent?: string): string {
  if (typeof value === 'boolean' || typeof value === 'number') return toXml(name, String(value), indent);
  if (Array.isArray(value)) return value.map((item) => toXml(name, item, indent)).join('');
  const newLine = indent === undefined ? '' : '\n';
  if (typeof value === 'object' && value !== null) {
    const inner = Object.entries(value).map(([key, child]) =>
      toXml(key, child, indent === undefined ? undefined : `${indent}    `),
    );
    return `${indent ?? ''}<${name}>${newLine}${inner.join('')}${indent ?? ''}</${name}>${newLine}`;
  }
  if (typeof value !== 'string') return '';
  return `${indent ?? ''}<${name}>${escapeXml(value)}</${name}>${newLine}`;
}
