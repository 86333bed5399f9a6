import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import ts from 'typescript';
import type { z } from 'zod';
import {
  explanationSchema,
  featureStateSchema,
  historyEntrySchema,
  pageSchema,
  propertySchema,
  propertyStatusSchema,
  resyncSchema,
} from '../../middleware/src/contracts/index.ts';
import type { Finding } from '../apex/finding.ts';
import { readComponents } from './readComponents.ts';

const controller = 'PropertySyncController';
const controllerFile = `force-app/main/default/classes/${controller}.cls`;
const contractFile = 'force-app/types/propertySync.ts';
const platformFile = 'force-app/types/platform.d.ts';
const event = { object: 'Property_Sync__e', type: 'SyncEventPayload' };

/** What Apex hands through as the middleware sent it, and therefore declares as `Object`. */
const passedThrough: Readonly<Record<string, z.ZodObject>> = {
  Explanation: explanationSchema,
  HistoryPage: pageSchema(historyEntrySchema),
  Property: propertySchema,
  PropertyStatus: propertyStatusSchema,
  Resync: resyncSchema,
};

/** Fields or parameters with their types, each as a type of Apex. */
type Members = Readonly<Record<string, string>>;

interface ApexMethod {
  readonly line: number;
  readonly answer: string;
  readonly parameters: Members;
  /** Outermost fields that it wants in what the middleware answers. */
  readonly expected: readonly string[];
}

/**
 * Finds where the Apex class and what the components are told of it have drifted apart: the fields of its data classes,
 * its methods with their parameters and answers, the codes that it finds by itself, the fields that it looks for in
 * answers of the middleware, and the fields of the platform event.
 */
export async function checkControllerContract(root: string): Promise<Finding[]> {
  const [apex, contract, platform] = await Promise.all(
    [controllerFile, contractFile, platformFile].map((file) => readFile(join(root, file), 'utf8')),
  );
  const interfaces = readInterfaces(contract ?? '');
  const declared = readDeclaredMethods(platform ?? '');
  const methods = readApexMethods(apex ?? '');
  const findings: Finding[] = [];
  const report = (message: string, line = 1): void => {
    findings.push({ file: controllerFile, line, rule: 'contract', message });
  };
  const compare = (what: string, found: Members, wanted: Members, line?: number): void => {
    for (const name of new Set([...Object.keys(found), ...Object.keys(wanted)])) {
      const [is, should] = [found[name] ?? 'missing', wanted[name] ?? 'missing'];
      if (is !== should)
        report(`${what}.${name} is ${is} here and ${should} in the types of the components.`, line);
    }
  };

  const types: Record<string, Members> = { ...interfaces, FeatureState: membersOf(featureStateSchema) };
  const { [event.type]: payload = {}, ...answers } = types;
  const dataClasses = readDataClasses(apex ?? '');
  for (const name of new Set([...Object.keys(dataClasses), ...Object.keys(answers)])) {
    const { fields = {}, line } = dataClasses[name] ?? {};
    compare(name, fields, answers[name] ?? {}, line);
  }
  for (const name of new Set([...Object.keys(methods), ...Object.keys(declared)])) {
    const [found, wanted] = [methods[name], declared[name]];
    if (found === undefined || wanted === undefined) {
      report(
        `The method ${name} is ${found === undefined ? 'missing here' : 'not declared in ' + platformFile}.`,
      );
      continue;
    }
    compare(name, found.parameters, wanted.parameters, found.line);
    if (found.answer !== apexType(wanted.answer))
      report(`${name} answers ${found.answer}, and components read ${wanted.answer}.`, found.line);
    // What getStatus passes on is a part of its answer.
    const schema = passedThrough[wanted.answer] ?? propertyStatusSchema;
    for (const field of found.expected.filter((each) => !(each in schema.shape)))
      report(`${name} looks for ${field}, which the middleware does not answer.`, found.line);
  }
  const codes = asMembers([...(apex ?? '').matchAll(/\bfailed\(\s*'(\w+)'/g)].map(([, code = '']) => code));
  compare('ControllerCode', codes, asMembers(readUnion(contract ?? '', 'ControllerCode')));
  const published = readComponents(root)
    .filter(({ type, name }) => type === 'CustomField' && name.startsWith(`${event.object}.`))
    .map(({ name }) => name.slice(event.object.length + 1));
  compare(event.object, asMembers(published), asMembers(Object.keys(payload)));
  return findings;
}

const asMembers = (names: readonly string[]): Members =>
  Object.fromEntries(names.map((name) => [name, 'there']));

/** The type by which Apex knows a type of the contract. */
function apexType(type: string): string {
  const bare = type.replace(/\s*\|\s*null\b/, '').trim();
  const element = /^readonly (\w+)\[\]$/.exec(bare)?.[1];
  if (element !== undefined) return `List<${element}>`;
  if (bare in passedThrough) return 'Object';
  return { string: 'String', boolean: 'Boolean', number: 'Integer' }[bare] ?? bare;
}

function membersOf(schema: z.ZodObject): Members {
  const kinds: Readonly<Record<string, string>> = { boolean: 'Boolean', int: 'Integer', number: 'Integer' };
  return Object.fromEntries(
    Object.entries(schema.shape).map(([name, field]) => [
      name,
      kinds[(field as z.ZodType).def.type] ?? 'String',
    ]),
  );
}

function readInterfaces(text: string): Record<string, Members> {
  const found: Record<string, Members> = {};
  for (const statement of parse(contractFile, text)) {
    if (ts.isInterfaceDeclaration(statement)) found[statement.name.text] = membersIn(statement.members);
  }
  return found;
}

function membersIn(members: ts.NodeArray<ts.TypeElement>): Members {
  return Object.fromEntries(
    members
      .filter(ts.isPropertySignature)
      .map(({ name, type }) => [name.getText(), apexType(type?.getText() ?? '')]),
  );
}

function readUnion(text: string, name: string): string[] {
  const alias = parse(contractFile, text).find(
    (statement): statement is ts.TypeAliasDeclaration =>
      ts.isTypeAliasDeclaration(statement) && statement.name.text === name,
  );
  if (alias === undefined || !ts.isUnionTypeNode(alias.type)) return [];
  return alias.type.types.map((type) => type.getText().replaceAll("'", ''));
}

/** The methods that components may import, with the bare name of what their promise brings. */
function readDeclaredMethods(text: string): Record<string, { answer: string; parameters: Members }> {
  const found: Record<string, { answer: string; parameters: Members }> = {};
  for (const statement of parse(platformFile, text)) {
    if (!ts.isModuleDeclaration(statement) || !ts.isStringLiteral(statement.name)) continue;
    const method = new RegExp(`^@salesforce/apex/${controller}\\.(\\w+)$`).exec(statement.name.text)?.[1];
    if (method === undefined || statement.body === undefined || !ts.isModuleBlock(statement.body)) continue;
    const declaration = statement.body.statements.find(ts.isFunctionDeclaration);
    const parameters = declaration?.parameters[0]?.type;
    found[method] = {
      answer: /\.(\w+)>$/.exec(declaration?.type?.getText() ?? '')?.[1] ?? '',
      parameters:
        parameters !== undefined && ts.isTypeLiteralNode(parameters) ? membersIn(parameters.members) : {},
    };
  }
  return found;
}

const parse = (file: string, text: string): ts.NodeArray<ts.Statement> =>
  ts.createSourceFile(file, text, ts.ScriptTarget.ESNext, true).statements;

// The format of the class is checked, so that its text can be read by its lines.

function readDataClasses(text: string): Record<string, { fields: Members; line: number }> {
  const classes = [...text.matchAll(/^ {4}public class (\w+) \{\n([\s\S]*?)^ {4}\}$/gm)];
  return Object.fromEntries(
    classes.map(({ 1: name = '', 2: body = '', index }) => {
      const fields = [...body.matchAll(/@AuraEnabled\s+public ([\w<>]+) (\w+);/g)];
      return [
        name,
        {
          fields: Object.fromEntries(fields.map(([, type = '', field = '']) => [field, type])),
          line: lineAt(text, index),
        },
      ];
    }),
  );
}

function readApexMethods(text: string): Record<string, ApexMethod> {
  const found = [
    ...text.matchAll(/@AuraEnabled\s+public static (\w+) (\w+)\(([^)]*)\) \{\n([\s\S]*?)^ {4}\}$/gm),
  ];
  return Object.fromEntries(
    found.map(({ 1: answer = '', 2: name = '', 3: parameters = '', 4: body = '', index }) => {
      const pairs = parameters.split(',').map((each) => each.trim().split(' '));
      const lists = [...body.matchAll(/new List<String>\{([^}]*)\}/g)];
      return [
        name,
        {
          answer,
          line: lineAt(text, index),
          // An id is a string to whoever calls.
          parameters: Object.fromEntries(
            pairs.map(([type = '', parameter = '']) => [parameter, type === 'Id' ? 'String' : type]),
          ),
          expected: lists.flatMap(([, list = '']) =>
            [...list.matchAll(/'(\w+)'/g)].map(([, field = '']) => field),
          ),
        },
      ];
    }),
  );
}

const lineAt = (text: string, index: number): number => text.slice(0, index).split('\n').length;
