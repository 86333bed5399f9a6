import type { MappedValues } from '../contracts/index.ts';

/** Longest value of a field in a Bulk API 2.0 file (Bulk API 2.0 Developer Guide, "Limits"). */
const maxCellCharacters = 32_000;

/** Whether a CSV file can carry these values: there the text `#N/A` means "clear the field". */
export function fitsBulkFile(values: MappedValues): boolean {
  return Object.values(values).every(
    (value) => value !== '#N/A' && !(typeof value === 'string' && value.length > maxCellCharacters),
  );
}
