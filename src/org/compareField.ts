import type { FieldDefinition } from './fieldDefinition.ts';

/** What the describe of an object says of a field; the names are those of the REST API. */
export interface DescribedField {
  readonly name: string;
  readonly label: string;
  readonly inlineHelpText: string | null;
  readonly type: string;
  readonly length: number;
  readonly precision: number;
  readonly scale: number;
  readonly externalId: boolean;
  readonly unique: boolean;
  readonly calculated: boolean;
  readonly restrictedPicklist: boolean;
  readonly referenceTo: readonly string[];
  readonly picklistValues: readonly { readonly value: string; readonly active: boolean }[];
}

/**
 * The describe type of each Metadata API type which the package uses. Source: Object Reference, "Field Types", and
 * Metadata API Developer Guide, "FieldType".
 */
const describeTypes: Readonly<Record<string, readonly string[]>> = {
  Text: ['string'],
  LongTextArea: ['textarea'],
  Checkbox: ['boolean'],
  Date: ['date'],
  DateTime: ['datetime'],
  Number: ['double', 'int'],
  Picklist: ['picklist'],
  Lookup: ['reference'],
};

/**
 * Why the field which an org has already cannot hold what the package's field holds, in words; null when it can. A
 * wider field is good enough: it is the customer's, and it is left as it is.
 */
export function compareField(wanted: FieldDefinition, found: DescribedField): string | null {
  if (found.calculated) return 'is a formula, so nothing can be written into it';
  if (!(describeTypes[wanted.type] ?? []).includes(found.type)) {
    return `is of type ${found.type}; ${wanted.type}${sizeOf(wanted)} is needed`;
  }
  if (wanted.length !== null && found.length < wanted.length) {
    return `holds ${found.length} characters; ${wanted.length} are needed`;
  }
  if (wanted.wholeDigits !== null && found.precision - found.scale < wanted.wholeDigits) {
    return `holds ${found.precision - found.scale} digits; ${wanted.wholeDigits} are needed`;
  }
  if (wanted.referenceTo !== null && !found.referenceTo.includes(wanted.referenceTo)) {
    return `looks up ${found.referenceTo.join(', ')}; ${wanted.referenceTo} is needed`;
  }
  const missing = wanted.values.filter(
    (value) => !found.picklistValues.some((known) => known.value === value && known.active),
  );
  if (found.restrictedPicklist && missing.length > 0) {
    return `is a restricted picklist without the value${missing.length > 1 ? 's' : ''} ${missing.join(', ')}`;
  }
  return null;
}

const sizeOf = ({ length, wholeDigits, referenceTo }: FieldDefinition): string =>
  length !== null
    ? `(${length})`
    : wholeDigits !== null
      ? `(${wholeDigits})`
      : referenceTo !== null
        ? `(${referenceTo})`
        : '';
