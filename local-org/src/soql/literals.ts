import { ApiError, invalidField, malformedQuery } from '../errors.ts';
import { normalizeId } from '../ids.ts';
import type { FieldSchema, Value } from '../store/schema.ts';
import { isCalendarDay, parseDateTime } from '../store/timestamps.ts';
import type { FieldCondition } from './conditionTree.ts';

/** A literal of a query: its kind as the parser names it, and its text as written. */
export interface Literal {
  readonly kind: string;
  readonly text: string;
}

/** The literals of a condition, one for a plain comparison, several for IN. */
export function literalsOf(condition: Exclude<FieldCondition, { valueQuery: unknown }>): Literal[] {
  const texts = [condition.value].flat();
  const kinds = [condition.literalType].flat();
  return texts.map((text, index) => ({ text, kind: kinds[Math.min(index, kinds.length - 1)] ?? 'STRING' }));
}

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', b: '\b', f: '\f' };

/** The text of a quoted string (SOQL and SOSL Reference, "Quoted String Escape Sequences"). */
export function unquote(quoted: string): string {
  return quoted
    .slice(1, -1)
    .replace(/\\(?:u([0-9a-f]{4})|(.))/gis, (_match, code: string | undefined, character: string) =>
      code ? String.fromCharCode(parseInt(code, 16)) : (ESCAPES[character.toLowerCase()] ?? character),
    );
}

const escapePattern = (text: string) => text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');

/** A LIKE pattern: `%` any text, `_` any one character, both literal after a backslash; case does not matter. */
export function likePattern(quoted: string): RegExp {
  const body = quoted.slice(1, -1);
  let source = '';
  for (let i = 0; i < body.length; i++) {
    const character = body.charAt(i);
    if (character === '%') source += '.*';
    else if (character === '_') source += '.';
    else if (character === '\\') {
      const escape = /^\\u[0-9a-f]{4}/i.exec(body.slice(i))?.[0] ?? body.slice(i, i + 2);
      source += escapePattern(unquote(`'${escape}'`));
      i += escape.length - 1;
    } else source += escapePattern(character);
  }
  return new RegExp(`^${source}$`, 'is');
}

/** The kinds of literal that a field of the type compares with. */
const KINDS: Readonly<Record<FieldSchema['type'], readonly string[]>> = {
  id: ['STRING'],
  reference: ['STRING'],
  string: ['STRING'],
  textarea: ['STRING'],
  picklist: ['STRING'],
  boolean: ['BOOLEAN'],
  double: ['INTEGER', 'DECIMAL'],
  int: ['INTEGER', 'DECIMAL'],
  date: ['DATE', 'DATE_LITERAL', 'DATE_N_LITERAL'],
  datetime: ['DATETIME', 'DATE_LITERAL', 'DATE_N_LITERAL'],
};

/** Refuses a literal whose kind does not fit the field, with Salesforce's words. */
export function assertComparable(field: FieldSchema, { kind }: Literal): void {
  if (kind === 'NULL' || KINDS[field.type].includes(kind)) return;
  const type = { double: 'double', int: 'int', datetime: 'dateTime', date: 'date', boolean: 'boolean' }[
    field.type as string
  ];
  throw invalidField(
    type === undefined
      ? `value of filter criterion for field '${field.name}' must be of type string and should be enclosed in quotes`
      : `value of filter criterion for field '${field.name}' must be of type ${type} and should not be enclosed in quotes`,
  );
}

/** The literal as the field would store it. Date literals such as TODAY are ranges and do not come here. */
export function toFieldValue(field: FieldSchema, literal: Literal): Value {
  if (literal.kind === 'NULL') return null;
  switch (field.type) {
    case 'boolean':
      return literal.text.toUpperCase() === 'TRUE';
    case 'double':
    case 'int':
      return Number(literal.text);
    case 'date':
      if (!isCalendarDay(literal.text)) throw malformedQuery(`Invalid date: ${literal.text}`);
      return literal.text;
    case 'datetime': {
      const ms = parseDateTime(literal.text);
      if (ms === undefined) throw malformedQuery(`Invalid datetime: ${literal.text}`);
      return ms;
    }
    case 'id':
    case 'reference': {
      const text = unquote(literal.text);
      const id = text === '' ? null : normalizeId(text);
      if (id === undefined)
        throw new ApiError(400, 'INVALID_QUERY_FILTER_OPERATOR', `invalid ID field: ${text}`);
      return id;
    }
    default: {
      const text = unquote(literal.text);
      return text === '' ? null : text;
    }
  }
}
