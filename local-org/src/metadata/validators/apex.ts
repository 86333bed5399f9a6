import { parentOf, problem, type Component, type Problem } from '../component.ts';
import type { World } from '../world.ts';
import { text } from '../xml.ts';
import { required } from './labels.ts';
import { inField, type Reference } from './reference.ts';
import type { Surroundings } from './validator.ts';

/** The source of a class or trigger. */
export const apexSource = ({ files, fileName }: Component): string =>
  files.get(fileName)?.toString('utf8') ?? '';

/** The source with comments and text literals blanked: what is left is code, at its place. */
export const apexCode = (component: Component): string =>
  apexSource(component).replace(/\/\*[\s\S]*?\*\/|\/\/[^\n]*|'(?:\\.|[^'\\\n])*'/g, (text) =>
    text.replace(/[^\n]/g, ' '),
  );

/** How many test methods a class declares. They are counted, never run. */
export const countTestMethods = (component: Component): number =>
  [...apexCode(component).matchAll(/@IsTest\b[^;{}]*?\b\w+\s*\(\s*\)\s*\{|\btestMethod\b/gi)].length;

/** Apex is not compiled: name, version and braces are looked at, and what it refers to. */
export function classProblems(component: Component): Problem[] {
  const { fullName } = component;
  const declared = /\b(?:class|interface|enum)\s+(\w+)/i.exec(apexCode(component))?.[1];
  const problems = [...apexProblems(component)];
  if (declared === undefined)
    problems.push(problem('Unexpected token: a class, an interface or an enum is expected'));
  else if (declared.toLowerCase() !== fullName.toLowerCase()) {
    problems.push(problem(`Invalid class name: the file ${fullName} declares ${declared}`));
  }
  return problems;
}

export function triggerProblems(component: Component, { world }: Surroundings): Problem[] {
  const [, name, object] = /^\s*trigger\s+(\w+)\s+on\s+(\w+)\s*\(/i.exec(apexCode(component)) ?? [];
  const problems = [...apexProblems(component)];
  if (name === undefined || object === undefined)
    problems.push(problem("Unexpected token: expecting 'trigger NAME on OBJECT (EVENTS)'"));
  else {
    if (name.toLowerCase() !== component.fullName.toLowerCase())
      problems.push(problem(`Invalid trigger name: ${name}`));
    if (!world.hasObject(object)) problems.push(problem(`Invalid type: ${object}`));
  }
  return problems;
}

function apexProblems(component: Component): Problem[] {
  const code = apexCode(component);
  const version = Number(text(component.definition, 'apiVersion') ?? NaN);
  const problems = required(component, ['apiVersion', 'status']);
  if (!(version >= 20 && version <= 66))
    problems.push(problem(`Invalid version specified:${text(component.definition, 'apiVersion') ?? ''}`));
  const status = text(component.definition, 'status') ?? 'Active';
  if (!['Active', 'Inactive', 'Deleted'].includes(status))
    problems.push(problem(`'${status}' is not a valid value for the enum 'ApexCodeUnitStatus'`));
  if (code.split('{').length !== code.split('}').length) problems.push(problem("Missing '}' or '{'"));
  return problems;
}

/**
 * What the code names that only the org can have: custom objects and fields by their endings, labels and named
 * credentials. A compiler sees more; what it says is believed.
 */
export function apexReferences(component: Component): Reference[] {
  const code = apexCode(component);
  const named = new Set([...code.matchAll(/\b\w+__(?:c|e|mdt|r)\b/gi)].map(([name]) => name));
  const labels = new Set([...code.matchAll(/\b(?:System\.)?Label\.(\w+)/gi)].map(([, name]) => name ?? ''));
  const callouts = new Set(
    [...apexSource(component).matchAll(/'callout:(\w+)/g)].map(([, name]) => name ?? ''),
  );
  return [
    ...[...named].map((name): Reference => ({
      type: 'CustomField',
      fullName: name,
      missing: `Variable does not exist: ${name}`,
      exists: (world) => isDeclared(world, name),
      isHolding: true,
    })),
    ...[...labels].map((name) => ({
      ...inField('label', 'CustomLabel', name, { isHolding: true }),
      missing: `External string does not exist: ${name}`,
    })),
    ...[...callouts].map((name) => inField('callout', 'NamedCredential', name, { isHolding: true })),
  ];
}

/** Whether some object or field has that name; of which object, only a compiler knows. */
function isDeclared(world: World, name: string): boolean {
  return (
    world.hasObject(name) ||
    world.fieldNames.has(name.toLowerCase().replace(/__r$/, '__c')) ||
    world.fieldNames.has(name.toLowerCase())
  );
}

/** Whether the code names the object, or the field of it, by its API name. */
export function mentions(component: Component, type: string, fullName: string): boolean {
  const name = type === 'CustomField' ? fullName.slice(parentOf(fullName).length + 1) : fullName;
  return new RegExp(`\\b${name.replace(/__c$/, '__[cr]')}\\b`, 'i').test(apexCode(component));
}
