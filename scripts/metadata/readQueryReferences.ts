import { loadTool } from '../apex/apexTools.ts';
import { readApexFiles } from '../apex/readApexFiles.ts';
import type { KnownNames } from './knownNames.ts';
import type { FoundReference, Reference } from './references.ts';

/** A node of the parse tree of @apexdevtools/apex-parser; its kind is the name of its class. */
interface Node {
  readonly children?: readonly Node[] | null;
  readonly start?: { readonly line: number };
  getText(): string;
}
interface ApexParser {
  compilationUnit(): Node;
  triggerUnit(): Node;
}
interface ApexParserPackage {
  ApexParserFactory: { createParser(text: string): ApexParser };
}

/** The fields and objects that the queries of the package name, which the type checker does not look at. */
export async function readQueryReferences(root: string, names: KnownNames): Promise<FoundReference[]> {
  const { ApexParserFactory } = loadTool('@apexdevtools/apex-parser') as ApexParserPackage;
  return (await readApexFiles(root)).flatMap(({ file, text }) => {
    const parser = ApexParserFactory.createParser(text);
    const tree = file.endsWith('.trigger') ? parser.triggerUnit() : parser.compilationUnit();
    return readQueries(tree, names).map((found) => ({ file, ...found }));
  });
}

type Found = Omit<FoundReference, 'file'>;

/** The queries below a node, each with the fields it names; a query within a query is one of its own. */
function readQueries(node: Node, names: KnownNames, outer?: string): Found[] {
  if (!isQuery(node)) return (node.children ?? []).flatMap((child) => readQueries(child, names, outer));
  const from = findBelow(node, 'FromNameListContext')[0];
  const [source = '', alias] = (from?.children ?? []).map((child) => child.getText());
  const object = (outer === undefined ? undefined : names.findChild(outer, source)) ?? source;
  const line = from?.start?.line ?? 1;
  const inner = (node.children ?? []).flatMap((child) => readQueries(child, names, object));
  // Fields of a standard object are Salesforce's to know.
  if (!/__\w+$/.test(object)) return inner;
  const aliases = new Set(findBelow(node, 'SelectListContext').flatMap(aliasesIn));
  const fields = findBelow(node, 'FieldNameContext').filter(
    (field) => from !== undefined && !isIn(from, field),
  );
  return [
    { line, reference: { type: 'CustomObject', name: object } },
    ...fields
      .map((field) => ({ line: field.start?.line ?? line, path: field.getText().split('.') }))
      .filter(({ path }) => !(path.length === 1 && aliases.has(path[0] ?? '')))
      .map(({ line: at, path }) => ({
        line: at,
        path: [alias, source].includes(path[0]) ? path.slice(1) : path,
      }))
      .map(({ line: at, path }) => ({ line: at, reference: resolve(object, path, names) })),
    ...inner,
  ];
}

/** The field at the end of a path: `Property__r.Name` of a staging row is the `Name` of a Property. */
function resolve(object: string, [first = '', ...rest]: readonly string[], names: KnownNames): Reference {
  if (rest.length === 0) return { type: 'CustomField', name: `${object}.${first}` };
  const lookup = `${object}.${first.replace(/__r$/, '__c')}`;
  const target = names.findTarget(lookup);
  if (target !== undefined) return resolve(target, rest, names);
  // Owner, CreatedBy and their like lead to standard objects.
  return /__r$/.test(first)
    ? { type: 'CustomField', name: lookup }
    : { type: 'CustomField', name: `${object}.${first}Id` };
}

const kindOf = (node: Node): string => node.constructor.name;

const isQuery = (node: Node): boolean => ['QueryContext', 'SubQueryContext'].includes(kindOf(node));

/** Nodes of a kind below one, outside of the queries within it. */
function findBelow(node: Node, kind: string): Node[] {
  return (node.children ?? []).flatMap((child) => {
    if (isQuery(child)) return [];
    return kindOf(child) === kind ? [child] : findBelow(child, kind);
  });
}

function aliasesIn(select: Node): string[] {
  return findBelow(select, 'SelectEntryContext')
    .flatMap((entry) => (entry.children ?? []).filter((child) => kindOf(child) === 'SoqlIdContext'))
    .map((alias) => alias.getText());
}

function isIn(node: Node, other: Node): boolean {
  return node === other || (node.children ?? []).some((child) => isIn(child, other));
}
