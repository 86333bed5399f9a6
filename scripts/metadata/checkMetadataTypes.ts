import { readFile } from 'node:fs/promises';
import ts from 'typescript';
import { findTool } from '../apex/apexTools.ts';
import type { Finding } from '../apex/finding.ts';
import { isList, readComponents, type Xml } from './readComponents.ts';

type Types = ReadonlyMap<string, ts.TypeNode>;

/**
 * Holds each metadata file against Salesforce's own types of the Metadata API (@salesforce/types, `metadata.d.ts`):
 * elements that do not exist or are missing, and values of the wrong kind or outside an enumeration.
 */
export async function checkMetadataTypes(root: string): Promise<Finding[]> {
  const types = await readTypes();
  const seen = new Set<string>();
  return readComponents(root).flatMap(({ type, file, xml }) => {
    // Labels share a file, which is checked as a whole.
    if (seen.has(file)) return [];
    seen.add(file);
    const declared = types.get(type);
    const faults = declared === undefined ? ['is no type of metadata'] : check(xml, declared, types, '');
    return faults.map((fault) => ({ file, line: 1, rule: 'metadata', message: `${type}${fault}.` }));
  });
}

async function readTypes(): Promise<Types> {
  const file = findTool('@salesforce/types/lib/metadata.d.ts');
  const source = ts.createSourceFile(file, await readFile(file, 'utf8'), ts.ScriptTarget.Latest);
  const declarations = source.statements.filter((statement) => ts.isTypeAliasDeclaration(statement));
  return new Map(declarations.map(({ name, type }) => [name.text, type]));
}

/** Typed as text, since the API carries it encoded; in source format it is XML of another schema. */
const opaque = new Set(['targetConfigs']);

/** What is wrong with a value, as text that follows the path to it. */
function check(value: Xml, type: ts.TypeNode, types: Types, path: string): string[] {
  if (ts.isArrayTypeNode(type)) {
    return (isList(value) ? value : [value]).flatMap((item) => check(item, type.elementType, types, path));
  }
  if (isList(value)) return [`${path} is there more than once`];
  if (ts.isTypeReferenceNode(type) && ts.isIdentifier(type.typeName)) {
    const declared = types.get(type.typeName.text);
    return declared === undefined ? [] : check(value, declared, types, path);
  }
  const members = membersOf(type, types);
  if (members === null) return isAllowed(value, type) ? [] : [`${path} is ${JSON.stringify(value)}`];
  // An element without content is parsed as an empty text.
  const elements = typeof value === 'string' ? {} : value;
  const missing = [...members]
    .filter(([name, { isRequired }]) => isRequired && !(name in elements))
    .map(([name]) => `${path}.${name} is missing`);
  const wrong = Object.entries(elements).flatMap(([name, element]) => {
    if (name.startsWith('@_') || name.startsWith('#')) return [];
    const member = members.get(name);
    return member === undefined
      ? [`${path}.${name} does not exist`]
      : opaque.has(name)
        ? []
        : check(element, member.type, types, `${path}.${name}`);
  });
  return [...missing, ...wrong];
}

type Members = Map<string, { type: ts.TypeNode; isRequired: boolean }>;

/** The elements of a type, those of its base included; null when it holds text. */
function membersOf(type: ts.TypeNode, types: Types): Members | null {
  if (ts.isTypeReferenceNode(type) && ts.isIdentifier(type.typeName)) {
    const declared = types.get(type.typeName.text);
    return declared === undefined ? null : membersOf(declared, types);
  }
  if (ts.isIntersectionTypeNode(type)) {
    return new Map(type.types.flatMap((part) => [...(membersOf(part, types) ?? [])]));
  }
  if (!ts.isTypeLiteralNode(type)) return null;
  const members: Members = new Map();
  for (const member of type.members) {
    if (!ts.isPropertySignature(member) || !member.type || !ts.isIdentifier(member.name)) continue;
    // A list may be empty, and then it is not in the file.
    const isRequired = !member.questionToken && !ts.isArrayTypeNode(member.type);
    members.set(member.name.text, { type: member.type, isRequired });
  }
  return members;
}

function isAllowed(value: Xml, type: ts.TypeNode): boolean {
  if (typeof value !== 'string') return false;
  if (ts.isUnionTypeNode(type)) return type.types.some((part) => isAllowed(value, part));
  if (ts.isLiteralTypeNode(type)) return ts.isStringLiteral(type.literal) && type.literal.text === value;
  if (type.kind === ts.SyntaxKind.BooleanKeyword) return value === 'true' || value === 'false';
  if (type.kind === ts.SyntaxKind.NumberKeyword) return /^-?\d+(\.\d+)?$/.test(value);
  return true;
}
