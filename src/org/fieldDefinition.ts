/** A custom field as its `.field-meta.xml` defines it. */
export interface FieldDefinition {
  readonly object: string;
  readonly name: string;
  /** Metadata API type, such as `LongTextArea`. */
  readonly type: string;
  readonly label: string;
  readonly helpText: string;
  /** Characters; null where the type has none. */
  readonly length: number | null;
  /** Digits before the point; null where the type is no number. */
  readonly wholeDigits: number | null;
  readonly referenceTo: string | null;
  /** Values of a picklist, in their order. */
  readonly values: readonly string[];
  readonly isExternalId: boolean;
  readonly isUnique: boolean;
}

/** The parsed content of `<CustomField>`; the parser leaves every value a string. */
export type FieldXml = Readonly<Record<string, unknown>>;

/** Reads the definition of a field. Source: Metadata API Developer Guide, "CustomField". */
export function fieldDefinition(fullName: string, xml: FieldXml): FieldDefinition {
  const [object = '', name = ''] = fullName.split('.');
  const precision = numberOf(xml['precision']);
  return {
    object,
    name,
    type: textOf(xml['type']) ?? '',
    label: textOf(xml['label']) ?? name,
    helpText: textOf(xml['inlineHelpText']) ?? '',
    length: numberOf(xml['length']),
    wholeDigits: precision === null ? null : precision - (numberOf(xml['scale']) ?? 0),
    referenceTo: textOf(xml['referenceTo']),
    values: picklistValues(xml['valueSet']),
    isExternalId: textOf(xml['externalId']) === 'true',
    isUnique: textOf(xml['unique']) === 'true',
  };
}

const textOf = (value: unknown): string | null => (typeof value === 'string' ? value.trim() : null);

function numberOf(value: unknown): number | null {
  const text = textOf(value);
  return text === null ? null : Number(text);
}

function picklistValues(valueSet: unknown): string[] {
  const values = (valueSet as { valueSetDefinition?: { value?: unknown } } | undefined)?.valueSetDefinition
    ?.value;
  return [values ?? []].flat().flatMap((value) => textOf((value as { fullName?: unknown }).fullName) ?? []);
}
