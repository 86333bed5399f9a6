import { globSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { FoundReference } from './references.ts';

type Patterns = readonly [pattern: RegExp, type: string][];

/** Names that Apex writes as text, or that only a deploy would look at. */
const inApex: Patterns = [
  [/'callout:(\w+)/g, 'NamedCredential'],
  [/checkPermission\(\s*'(\w+)'/g, 'CustomPermission'],
  [/\bLabel\.(\w+)/g, 'CustomLabel'],
];

/** What a Lightning web component imports (Lightning Web Components Developer Guide, "@salesforce Modules"). */
const inComponents: Patterns = [
  [/['"]@salesforce\/label\/c\.(\w+)/g, 'CustomLabel'],
  [/['"]@salesforce\/customPermission\/(\w+)/g, 'CustomPermission'],
  [/['"]@salesforce\/apex\/(\w+)/g, 'ApexClass'],
  [/['"]@salesforce\/schema\/(\w+)['"]/g, 'CustomObject'],
  [/['"]@salesforce\/schema\/(\w+\.\w+)['"]/g, 'CustomField'],
];

/** What the code of the package names in its text: labels, permissions, credentials, classes, objects and fields. */
export async function readTextReferences(root: string): Promise<FoundReference[]> {
  return [
    ...(await search(root, 'force-app/**/*.{cls,trigger}', inApex)),
    ...(await search(root, 'force-app/**/lwc/*/*.{js,ts}', inComponents)),
  ];
}

async function search(root: string, glob: string, patterns: Patterns): Promise<FoundReference[]> {
  const found: FoundReference[] = [];
  for (const file of globSync(glob, { cwd: root }).sort()) {
    const text = await readFile(join(root, file), 'utf8');
    for (const [pattern, type] of patterns) {
      for (const match of text.matchAll(pattern)) {
        const line = text.slice(0, match.index).split('\n').length;
        found.push({ file, line, reference: { type, name: match[1] ?? '' } });
      }
    }
  }
  return found;
}
