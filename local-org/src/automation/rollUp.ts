import { stampRow } from '../dml/stampRow.ts';
import { getField, type Row, type Value } from '../store/schema.ts';
import type { Table } from '../store/table.ts';
import { FEATURE_FIELDS, LOOKUP_FIELD, STATUS_FIELD } from './propertyFields.ts';

/**
 * Gives a production record the union of the flags and the earliest of the dates of the staging rows linked to it
 * with status ACTIVE; a flag that no such row has is FALSE and has no date (docs/domain.md §4.3, §5). Writes only
 * a record that changes.
 */
export function rollUp(
  tables: { staging: Table; production: Table },
  productionId: string,
  { nowMs, userId }: { nowMs: number; userId: string },
): void {
  const { staging, production } = tables;
  const before = production.get(productionId);
  if (!before || production.isDeleted(before)) return;
  const status = getField(staging.object, STATUS_FIELD).index;
  const linked = staging
    .findLive(getField(staging.object, LOOKUP_FIELD), productionId)
    .filter((row) => row[status] === 'ACTIVE');
  const after: Value[] = [...before];
  for (const { flag, date } of FEATURE_FIELDS) {
    const flagIndex = getField(staging.object, flag).index;
    const dateIndex = getField(staging.object, date).index;
    const enabled = linked.filter((row) => row[flagIndex] === true);
    after[getField(production.object, flag).index] = enabled.length > 0;
    after[getField(production.object, date).index] = earliest(enabled, dateIndex);
  }
  if (after.every((value, index) => value === before[index])) return;
  stampRow(production, after, nowMs, userId);
  production.put(after);
}

function earliest(rows: readonly Row[], index: number): string | null {
  const dates = rows.map((row) => row[index] ?? null).filter((value) => typeof value === 'string');
  return dates.sort()[0] ?? null;
}
