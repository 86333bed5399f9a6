import { normalizeText } from './normalizeText.ts';

declare const idSpace: unique symbol;
type Id<Space extends string> = string & { readonly [idSpace]: Space };

/** The UUID of an RDS property, in lower case: the only key to staging rows (docs/domain.md §2.1). */
export type PropertyId = Id<'property'>;
/** The 18-character id of a `Property__c`: for grouping and reference, never a key to staging rows. */
export type ProductionId = Id<'production'>;
/** The id of a `Product_Property__c`. */
export type StagingId = Id<'staging'>;

const suffixAlphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ012345';
const salesforceIdPattern = /^(?:[A-Za-z0-9]{15}|[A-Za-z0-9]{18})$/;

/** The three characters that make a 15-character id safe in systems that ignore case (docs/domain.md §2.5). */
export function salesforceIdSuffix(id15: string): string {
  let suffix = '';
  for (let group = 0; group < 3; group += 1) {
    let index = 0;
    for (let position = 0; position < 5; position += 1) {
      const character = id15.charAt(group * 5 + position);
      if (character >= 'A' && character <= 'Z') index += 1 << position;
    }
    suffix += suffixAlphabet.charAt(index);
  }
  return suffix;
}

/** The 18-character form of a Salesforce id of any object, or null for a text that is no such id. */
export function toSalesforceId18(raw: string | null): string | null {
  const id = normalizeText(raw);
  if (id === null || !salesforceIdPattern.test(id)) return null;
  const id15 = id.slice(0, 15);
  const id18 = id15 + salesforceIdSuffix(id15);
  return id.length === 15 || id === id18 ? id18 : null;
}

/** What a raw `sfdc_id` is; only a valid one has an id. */
export type SourceSfdcId =
  | { readonly kind: 'valid'; readonly id: ProductionId }
  | { readonly kind: 'blank' | 'placeholder' | 'malformed'; readonly id: null };

/** Reads a raw `sfdc_id` of the source. `keyPrefix` is that of the production object, such as `a01`. */
export function readSourceSfdcId(raw: string | null, keyPrefix: string): SourceSfdcId {
  const text = normalizeText(raw);
  if (text === null) return { kind: 'blank', id: null };
  if (/^X+$/.test(text)) return { kind: 'placeholder', id: null };
  const id = toSalesforceId18(text);
  if (id === null || !id.startsWith(keyPrefix)) return { kind: 'malformed', id: null };
  return { kind: 'valid', id: id as ProductionId };
}

const lowerCaseKey = (raw: string | null): string | null => normalizeText(raw)?.toLowerCase() ?? null;

/** The key of a property row. Null only for a row without one, which the source's primary key rules out. */
export const toPropertyId = (raw: string | null): PropertyId | null => lowerCaseKey(raw) as PropertyId | null;

/** A staging record's own id. Salesforce gave it, so it is taken as it is, in its 18-character form. */
export const toStagingId = (raw: string): StagingId => (toSalesforceId18(raw) ?? raw) as StagingId;

/** A staging record's lookup. Salesforce gave it; null when automation has not linked the row yet. */
export const toProductionId = (raw: string | null): ProductionId | null =>
  (toSalesforceId18(raw) ?? normalizeText(raw)) as ProductionId | null;
