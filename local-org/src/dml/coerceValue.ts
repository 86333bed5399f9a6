import { badJson, saveError, type SaveError } from '../errors.ts';
import type { FieldSchema, Value } from '../store/schema.ts';
import { isCalendarDay, parseDateTime, toWholeSeconds } from '../store/timestamps.ts';

/** A value as the org would hold it, or the record error that it causes. */
export type Coerced = { readonly value: Value } | { readonly error: SaveError };

/**
 * Where a value comes from. The same wrong type fails the whole request in JSON, since the body cannot be read
 * (JSON_PARSER_ERROR), but only its own row in a bulk CSV (INVALID_TYPE_ON_FIELD_IN_RECORD).
 */
export type InputFormat = 'json' | 'csv';

const OUTER_WHITE_SPACE = /^[ \t\r\n\f\v]+|[ \t\r\n\f\v]+$/g;

/**
 * Text as the database holds it: never with outer white space, never empty but null (Apex Developer Guide,
 * "Primitive Data Types": "sObject String field values … can never be empty (only null), and they can never
 * include leading and trailing whitespace"). A no-break space is not white space here.
 */
export function toStoredText(text: string): string | null {
  const trimmed = text.replace(OUTER_WHITE_SPACE, '');
  return trimmed === '' ? null : trimmed;
}

/** Turns a value of a request into what the field stores. Throws JSON_PARSER_ERROR for a wrong JSON type. */
export function coerceValue(field: FieldSchema, input: unknown, format: InputFormat): Coerced {
  if (input === null || input === '') {
    return field.type === 'boolean' ? { error: wrongType(field, '') } : { value: null };
  }
  switch (field.type) {
    case 'boolean':
      return coerce(field, input, format, toBoolean(input));
    case 'double':
    case 'int':
      return coerceNumber(field, input, format);
    case 'date':
      return coerce(
        field,
        input,
        format,
        typeof input === 'string' && isCalendarDay(input) ? input : undefined,
      );
    case 'datetime':
      return coerce(field, input, format, typeof input === 'string' ? toSeconds(input) : undefined);
    default:
      return coerceText(field, input, format);
  }
}

function coerceText(field: FieldSchema, input: unknown, format: InputFormat): Coerced {
  if (typeof input !== 'string') return coerce(field, input, format, undefined);
  const text = toStoredText(input);
  if (text === null || field.type === 'reference' || field.type === 'id') return { value: text };
  if (field.type === 'picklist') {
    if (!field.isRestrictedPicklist || field.picklistValues.includes(text)) return { value: text };
    const message = `${field.label}: bad value for restricted picklist field: ${text}`;
    return { error: saveError('INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST', message, [field.name]) };
  }
  if (text.length <= field.length) return { value: text };
  const message = `${field.label}: data value too large: ${text} (max length=${field.length})`;
  return { error: saveError('STRING_TOO_LONG', message, [field.name]) };
}

/** Numbers are rounded to the field's scale, half away from zero [believed, not verified on a real org]. */
function coerceNumber(field: FieldSchema, input: unknown, format: InputFormat): Coerced {
  const number =
    typeof input === 'number'
      ? input
      : typeof input === 'string' && input.trim() !== ''
        ? Number(input)
        : NaN;
  if (!Number.isFinite(number)) return coerce(field, input, format, undefined);
  const rounded = roundDecimal(number, field.scale);
  if (Math.abs(rounded) < 10 ** (field.precision - field.scale)) return { value: rounded };
  const message = `${field.label}: value outside of valid range on numeric field: ${number}`;
  return { error: saveError('NUMBER_OUTSIDE_VALID_RANGE', message, [field.name]) };
}

/** Shifts the decimal point in the text, since 1.005 * 100 is less than 100.5. */
function roundDecimal(number: number, scale: number): number {
  const shift = (value: number, by: number) => {
    const [digits = '', exponent = '0'] = String(value).split('e');
    return Number(`${digits}e${Number(exponent) + by}`);
  };
  return Math.sign(number) * shift(Math.round(shift(Math.abs(number), scale)), -scale);
}

function coerce(field: FieldSchema, input: unknown, format: InputFormat, value: Value | undefined): Coerced {
  if (value !== undefined) return { value };
  if (format === 'csv') return { error: wrongType(field, String(input)) };
  throw badJson(
    `Cannot deserialize instance of ${field.type} from ${jsonToken(input)} ` +
      `or request may be missing a required field at field ${field.name}`,
  );
}

const wrongType = (field: FieldSchema, text: string): SaveError =>
  saveError('INVALID_TYPE_ON_FIELD_IN_RECORD', `${field.label}: value not of required type: ${text}`, [
    field.name,
  ]);

function toBoolean(input: unknown): boolean | undefined {
  if (typeof input === 'boolean') return input;
  if (typeof input !== 'string') return undefined;
  const text = input.toLowerCase();
  return text === 'true' || text === '1' ? true : text === 'false' || text === '0' ? false : undefined;
}

function toSeconds(text: string): number | undefined {
  const ms = parseDateTime(text);
  return ms === undefined ? undefined : toWholeSeconds(ms);
}

function jsonToken(input: unknown): string {
  if (typeof input === 'string') return `VALUE_STRING value ${input}`;
  if (typeof input === 'number') return `VALUE_NUMBER value ${input}`;
  if (typeof input === 'boolean') return `VALUE_${input ? 'TRUE' : 'FALSE'} value ${input}`;
  return Array.isArray(input) ? 'START_ARRAY value [' : 'START_OBJECT value {';
}
