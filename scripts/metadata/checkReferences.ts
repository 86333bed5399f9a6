import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Finding } from '../apex/finding.ts';
import { knownNames } from './knownNames.ts';
import { readComponents } from './readComponents.ts';
import { readQueryReferences } from './readQueryReferences.ts';
import { readTextReferences } from './readTextReferences.ts';
import { referencesOf, type Reference } from './references.ts';

/** What only an org without the two objects gets. */
const optIn = 'force-app/with-objects/';

/**
 * Finds names in metadata and in code that nothing defines, and names in what every org gets that only the opt-in
 * directory defines. The objects themselves are the exception: an org without that directory has them already.
 */
export async function checkReferences(root: string): Promise<Finding[]> {
  const components = readComponents(root);
  const names = knownNames(components);
  const findings: Finding[] = [];

  const check = (file: string, line: number, reference: Reference): void => {
    const found = names.find(reference);
    const what = `${reference.type} ${reference.name}`;
    if (found === undefined) {
      findings.push({ file, line, rule: 'references', message: `${what} does not exist.` });
    } else if (found.startsWith(optIn) && !file.startsWith(optIn) && !isObjectOrItsField(reference)) {
      const message = `${what} is not in every org: it is defined in ${optIn}.`;
      findings.push({ file, line, rule: 'references', message });
    }
  };

  for (const component of components) {
    const text = await readFile(join(root, component.file), 'utf8');
    for (const reference of referencesOf(component)) {
      check(component.file, lineOf(text, reference.name), reference);
    }
  }
  const inCode = [...(await readQueryReferences(root, names)), ...(await readTextReferences(root))];
  for (const { file, line, reference } of inCode) check(file, line, reference);
  return findings;
}

const isObjectOrItsField = ({ type }: Reference): boolean =>
  type === 'CustomObject' || type === 'CustomField';

/** The line that holds the name, or its last part where the file does not hold it whole. */
function lineOf(text: string, name: string): number {
  const lines = text.split('\n');
  const find = (word: string): number => lines.findIndex((line) => line.includes(`>${word}<`)) + 1;
  return find(name) || find(name.slice(name.indexOf('.') + 1)) || 1;
}
