import { readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { Component } from './component.ts';
import { fieldProblems } from './validators/field.ts';
import { BadXml, node, parseXml, type XmlNode } from './xml.ts';

/** What an org decides about a field against its source: January's key is not unique yet (docs/domain.md §18.1). */
export type FieldOverlays = Readonly<Record<string, { unique: boolean }>>;

/**
 * Reads the custom objects and platform events below `dir` in SFDX source format:
 * `…/objects/<Object>/<Object>.object-meta.xml` and `…/objects/<Object>/fields/*.field-meta.xml` (Salesforce DX
 * Developer Guide, "Salesforce DX Source Format"), which may lie in different package directories. What else is there
 * is for a deploy. A field of a type that this org does not know stops the start with the file's name.
 */
export function loadSource(dir: string, overlays: FieldOverlays = {}): Component[] {
  const paths = readdirSync(dir, { recursive: true, encoding: 'utf8' }).sort();
  const objects = paths
    .filter((path) => /__[ce]\.object-meta\.xml$/.test(path))
    .map((path) => readSource('CustomObject', objectOf(path), objectOf(path), join(dir, path)));
  const names = new Set(objects.map(({ fullName }) => fullName));
  const fields = paths
    .filter((path) => path.endsWith('.field-meta.xml') && names.has(basename(dirname(dirname(path)))))
    .map((path) => readField(join(dir, path), overlays));
  const unknown = Object.keys(overlays).filter((name) => !fields.some(({ fullName }) => fullName === name));
  if (unknown.length > 0) throw new Error(`The schema has no field ${unknown.join(', ')} to overlay.`);
  return [...objects, ...fields];
}

const objectOf = (path: string): string => basename(path, '.object-meta.xml');

function readField(file: string, overlays: FieldOverlays): Component {
  const object = basename(dirname(dirname(file)));
  const fullName = `${object}.${basename(file, '.field-meta.xml')}`;
  const field = readSource('CustomField', fullName, object, file);
  const [problem] = fieldProblems(field);
  if (problem) throw new Error(`${file} is not a CustomField this org can read: ${problem.message}`);
  const unique = overlays[fullName]?.unique;
  return unique === undefined
    ? field
    : { ...field, definition: { ...field.definition, unique: String(unique) } };
}

function readSource(type: string, fullName: string, object: string, file: string): Component {
  const definition = readDefinition(file, type);
  return {
    type,
    fullName,
    fileName: `objects/${object}.object`,
    definition,
    files: new Map(),
    line: 1,
    column: 1,
  };
}

function readDefinition(file: string, type: string): XmlNode {
  try {
    return node(parseXml(readFileSync(file, 'utf8')), type);
  } catch (error) {
    if (!(error instanceof BadXml)) throw error;
    throw new Error(`${file} is not XML: ${error.message} (line ${error.line})`, { cause: error });
  }
}
