import type { FieldChange, FieldExplanation } from 'types/propertySync';

/** One field as the table shows it. */
export interface FieldRow {
  readonly field: string;
  readonly product: FieldChange['to'];
  readonly salesforce: FieldChange['from'];
  readonly doesDiffer: boolean;
  /** Null until the explanation has been read. */
  readonly rule: string | null;
  /** The name of the property whose value it is; null for a value of the group as a whole or for none. */
  readonly contributor: string | null;
}

type Named = { readonly rdsPropertyId: string; readonly name: string | null };

/** The fields that differ, with what is known of why. */
export function differingRows(
  changes: readonly FieldChange[],
  explanations: readonly FieldExplanation[],
  members: readonly Named[],
): FieldRow[] {
  return changes.map(({ field, from, to }) => {
    const explained = explanations.find((explanation) => explanation.field === field);
    return {
      field,
      product: to,
      salesforce: from,
      doesDiffer: true,
      rule: explained?.rule ?? null,
      contributor: nameOf(explained?.contributorId ?? null, members),
    };
  });
}

/** Every field, as the source and Salesforce hold it now. */
export function explainedRows(
  explanations: readonly FieldExplanation[],
  members: readonly Named[],
): FieldRow[] {
  return explanations.map(({ field, expected, salesforce, doesDiffer, rule, contributorId }) => ({
    field,
    product: expected,
    salesforce,
    doesDiffer,
    rule,
    contributor: nameOf(contributorId, members),
  }));
}

function nameOf(id: string | null, members: readonly Named[]): string | null {
  return members.find(({ rdsPropertyId }) => rdsPropertyId === id)?.name ?? id;
}
