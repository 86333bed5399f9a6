import type { MappedValue, Normalizer } from '../contracts/fieldMap.ts';
import { normalizeText } from './normalizeText.ts';
import { toSalesforceId18 } from './salesforceId.ts';
import type { RawValue } from './sourceRows.ts';
import { toStateCode } from './usStates.ts';

/** A note that a value was changed, dropped or looks wrong; it never changes a class. */
export type ValueWarning = 'NAME_TRUNCATED' | 'INVALID_STATE' | 'POSTAL_SUSPECT';

export interface NormalizedValue {
  readonly value: MappedValue;
  readonly warning: ValueWarning | null;
}

const nameLength = 80;
const suspectPostalCodeLengths: ReadonlySet<number> = new Set([3, 4, 7]);

const toText = (raw: RawValue): string | null => {
  if (raw === null) return null;
  return normalizeText(raw instanceof Date ? raw.toISOString() : String(raw));
};

const plain = (value: MappedValue): NormalizedValue => ({ value, warning: null });

// Lengths are in code points, as in SQL and in Salesforce. A cut after a word leaves a space, which Salesforce would
// drop: without the second trim such a name would differ for ever.
function normalizeName(raw: RawValue): NormalizedValue {
  const text = toText(raw);
  const characters = text === null ? [] : Array.from(text);
  if (characters.length <= nameLength) return plain(text);
  return { value: normalizeText(characters.slice(0, nameLength).join('')), warning: 'NAME_TRUNCATED' };
}

function normalizeState(raw: RawValue): NormalizedValue {
  const text = toText(raw);
  if (text === null) return plain(null);
  const code = toStateCode(text.toUpperCase());
  return { value: code, warning: code === null ? 'INVALID_STATE' : null };
}

function normalizePostalCode(raw: RawValue): NormalizedValue {
  const text = toText(raw);
  const isSuspect = text !== null && suspectPostalCodeLengths.has(Array.from(text).length);
  return { value: text, warning: isSuspect ? 'POSTAL_SUSPECT' : null };
}

/** A checkbox is never null in Salesforce, so null, blank and FALSE are one value. */
export function normalizeBoolean(raw: RawValue): boolean {
  const text = toText(raw)?.toLowerCase();
  return text === 'true' || text === '1';
}

/** The day in UTC as `YYYY-MM-DD`. A text that already is a day is taken as it is. */
export function normalizeDate(raw: RawValue): string | null {
  const text = toText(raw);
  if (text === null || /^\d{4}-\d{2}-\d{2}$/.test(text)) return text;
  const instant = new Date(text);
  return Number.isNaN(instant.getTime()) ? text : instant.toISOString().slice(0, 10);
}

function normalizeInteger(raw: RawValue): number | null {
  const text = toText(raw);
  return text === null ? null : Number(text);
}

const normalizers: Readonly<Record<Normalizer, (raw: RawValue) => NormalizedValue>> = {
  uuid: (raw) => plain(toText(raw)?.toLowerCase() ?? null),
  name: normalizeName,
  text: (raw) => plain(toText(raw)),
  state: normalizeState,
  postalCode: normalizePostalCode,
  status: (raw) => plain(toText(raw)?.toUpperCase() ?? null),
  boolean: (raw) => plain(normalizeBoolean(raw)),
  date: (raw) => plain(normalizeDate(raw)),
  integer: (raw) => plain(normalizeInteger(raw)),
  // A text that is no id stays as it is: nulled, it would look equal to a blank source and never be corrected.
  salesforceId: (raw) => plain(toSalesforceId18(toText(raw)) ?? toText(raw)),
};

/**
 * A raw value of either side in the form in which it is compared and written (docs/domain.md §8.2). Normalising twice
 * changes nothing more.
 */
export function normalizeValue(normalizer: Normalizer, raw: RawValue): NormalizedValue {
  return normalizers[normalizer](raw);
}
