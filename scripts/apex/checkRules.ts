import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { findJava, loadTool } from './apexTools.ts';
import type { Finding } from './finding.ts';
import { readApexFiles } from './readApexFiles.ts';

/**
 * Rules of PMD: those on safety, on errors and on limits. Its best practices want a text on every assertion and runAs
 * in every test, and its documentation rules a tag for every parameter: both are noise here.
 */
const pmdRules = ['pmd:Security', 'pmd:ErrorProne', 'pmd:Performance'];

/** Rules of the Graph Engine, which follows each path from an entry point to the database. */
const graphRules = [
  'sfge:ApexFlsViolation',
  'sfge:DatabaseOperationsMustUseWithSharing',
  'sfge:AvoidDatabaseOperationInLoop',
];

/** Where a path begins (Code Analyzer's documentation, "Graph Engine: path-based analysis"); triggers are none. */
const entryPoint =
  /@(AuraEnabled|InvocableMethod|RemoteAction|HttpGet|HttpPost|HttpPut|HttpPatch|HttpDelete|NamespaceAccessible)\b|\bglobal\b|\bPageReference\b|Messaging\.InboundEmailHandler/i;

/** The part of Code Analyzer's API that is used here. */
interface CodeAnalyzer {
  addEnginePlugin(plugin: unknown): Promise<void>;
  createWorkspace(paths: string[]): Promise<unknown>;
  selectRules(selectors: string[], options: { workspace: unknown }): Promise<{ getCount(): number }>;
  run(rules: unknown, options: { workspace: unknown }): Promise<{ getViolations(): Violation[] }>;
}
interface Violation {
  getRule(): { getName(): string; getEngineName(): string };
  getMessage(): string;
  getPrimaryLocation(): { getFile(): string | undefined; getStartLine(): number | undefined };
}
interface Core {
  CodeAnalyzer: new (config: unknown) => CodeAnalyzer;
  CodeAnalyzerConfig: { fromObject(values: object): unknown };
}
interface EnginePlugin {
  createEnginePlugin(): unknown;
}

/**
 * Runs the rules of PMD, and of the Graph Engine once some class is an entry point. Every file has to parse: what does
 * not is left out by the one and stops the other. An engine that fails is a finding too.
 */
export async function checkRules(root: string): Promise<Finding[]> {
  const files = await readApexFiles(root);
  if (files.length === 0) return [];
  const hasEntryPoints = files.some(({ text }) => entryPoint.test(text) && !/@IsTest/i.test(text));
  const { CodeAnalyzer, CodeAnalyzerConfig } = loadTool('@salesforce/code-analyzer-core') as Core;
  const analyzer = new CodeAnalyzer(
    CodeAnalyzerConfig.fromObject({
      log_folder: tmpdir(),
      log_level: 1,
      engines: { pmd: { java_command: await findJava() }, sfge: { java_command: await findJava() } },
    }),
  );
  await analyzer.addEnginePlugin(engine('@salesforce/code-analyzer-pmd-engine'));
  if (hasEntryPoints) await analyzer.addEnginePlugin(engine('@salesforce/code-analyzer-sfge-engine'));
  // Apex alone: the same engine has rules for JavaScript, and the components have a linter of their own.
  const workspace = await analyzer.createWorkspace(files.map(({ file }) => join(root, file)));
  const selectors = hasEntryPoints ? [...pmdRules, ...graphRules] : pmdRules;
  const rules = await analyzer.selectRules(selectors, { workspace });
  if (rules.getCount() === 0) throw new Error('Code Analyzer knows none of the rules.');
  const violations = (await analyzer.run(rules, { workspace })).getViolations();
  return violations.map((violation) => ({
    file: relative(root, violation.getPrimaryLocation().getFile() ?? root),
    line: violation.getPrimaryLocation().getStartLine() ?? 1,
    rule: `${violation.getRule().getEngineName()} ${violation.getRule().getName()}`,
    message: violation.getMessage().split('\n')[0] ?? '',
  }));
}

const engine = (name: string): unknown => (loadTool(name) as EnginePlugin).createEnginePlugin();
