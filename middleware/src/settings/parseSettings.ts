import { isMap, LineCounter, parseDocument, type Document, type Node } from 'yaml';
import type { z } from 'zod';
import { SyncError } from '../errors.ts';
import { nearestNames } from '../planning/nearestNames.ts';
import { fixedSettings, settingsSchema, type Settings } from './settingsSchema.ts';

type Path = readonly PropertyKey[];

/**
 * The settings of a YAML text; what it does not name has its default. Throws CONFIG_INVALID with one line per finding:
 * the setting, the line of the file, what is allowed, and for an unknown name the nearest known one.
 */
export function parseSettings(text: string): Settings {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  const findings = document.errors.map(({ message }) => message.split('\n')[0] ?? message);
  if (findings.length === 0) {
    const result = settingsSchema.safeParse(document.toJS() ?? {});
    if (result.success) return result.data;
    findings.push(...result.error.issues.flatMap((issue) => describeIssue(issue, document, lines)));
  }
  throw new SyncError('CONFIG_INVALID', `The settings are not right: ${findings.join('; ')}.`, {
    details: findings,
  });
}

function describeIssue(issue: z.core.$ZodIssue, document: Document, lines: LineCounter): string[] {
  if (issue.code !== 'unrecognized_keys') {
    const where = place(issue.path, document, lines);
    return [issue.path.length === 0 ? `${where}: must be a list of settings` : `${where}: ${issue.message}`];
  }
  return issue.keys.flatMap((key) =>
    leaves([...issue.path, key], document).map(
      (path) => `${place(path, document, lines)}: ${describeUnknown(path.map(String).join('.'))}`,
    ),
  );
}

function describeUnknown(name: string): string {
  const fixed = Object.keys(fixedSettings).find((each) => name === each || name.startsWith(`${each}.`));
  if (fixed !== undefined) {
    return `cannot be set in this version (it is: ${fixedSettings[fixed] ?? ''}); take it out`;
  }
  const near = nearestNames(name, settingNames());
  return near.length === 0 ? 'is no setting' : `is no setting; nearest: ${near.join(', ')}`;
}

/** What an unknown name stands over: of a group each setting is named, since that is what was meant. */
function leaves(path: Path, document: Document): Path[] {
  const node = document.getIn(path, true);
  if (!isMap(node) || node.items.length === 0) return [path];
  return node.items.flatMap(({ key }) => leaves([...path, String((key as Node).toJS(document))], document));
}

function place(path: Path, document: Document, lines: LineCounter): string {
  const name = path.map(String).join('.');
  const range = (document.getIn(path, true) as Node | undefined)?.range;
  const line = range == null ? '' : `line ${String(lines.linePos(range[0]).line)}`;
  return [name, line && `(${line})`].filter((part) => part !== '').join(' ');
}

/** Every setting by its path with dots. */
export function settingNames(settings: object = settingsSchema.parse({}), prefix = ''): string[] {
  return Object.entries(settings).flatMap(([name, value]: [string, unknown]) =>
    value !== null && typeof value === 'object' && !Array.isArray(value) && name !== 'columns'
      ? settingNames(value, `${prefix}${name}.`)
      : [`${prefix}${name}`],
  );
}
