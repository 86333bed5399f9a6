import { getField, type Value } from '../store/schema.ts';
import type { Table } from '../store/table.ts';

/** Stamps who changed a record and when. SystemModstamp never goes back, whatever the seed said. */
export function stampRow(table: Table, row: Value[], nowMs: number, userId: string): void {
  const stamp = getField(table.object, 'SystemModstamp').index;
  row[getField(table.object, 'LastModifiedDate').index] = nowMs;
  row[getField(table.object, 'LastModifiedById').index] = userId;
  row[stamp] = Math.max(nowMs, (row[stamp] as number | null) ?? 0);
}
