import type { FieldMapping, MappedValue, MappedValues } from '../contracts/fieldMap.ts';
import { normalizeValue } from './normalizeValue.ts';
import type { RawValue } from './sourceRows.ts';

/** One field whose value in Salesforce is to change. Both values are normalised. */
export interface FieldChange {
  readonly field: string;
  readonly from: MappedValue;
  readonly to: MappedValue;
}

export interface FieldDifferences {
  /** In the order of the field map. */
  readonly changes: readonly FieldChange[];
  /** Fields whose source is empty and whose Salesforce value is therefore left as it is. */
  readonly keptFields: readonly string[];
}

/** Salesforce's values in the form in which they are compared; a field that was not read is null. */
export function normalizeCurrent(
  values: Readonly<Record<string, RawValue>>,
  fieldMap: readonly FieldMapping[],
): MappedValues {
  const current: Record<string, MappedValue> = {};
  for (const { field, normalizer } of fieldMap) {
    current[field] = normalizeValue(normalizer, values[field] ?? null).value;
  }
  return current;
}

/**
 * Compares what Salesforce should hold with what it holds, both normalised, by owner and NULL policy of each field
 * (docs/domain.md §8.1 to §8.3).
 */
export function diffFields(
  expected: MappedValues,
  current: MappedValues,
  fieldMap: readonly FieldMapping[],
): FieldDifferences {
  const changes: FieldChange[] = [];
  const keptFields: string[] = [];
  for (const { field, owner, nullPolicy } of fieldMap) {
    const from = current[field] ?? null;
    const to = expected[field] ?? null;
    if (from === to || owner === 'salesforce' || (owner === 'setIfEmpty' && from !== null)) continue;
    if (to === null && nullPolicy === 'keep') keptFields.push(field);
    else changes.push({ field, from, to });
  }
  return { changes, keptFields };
}
