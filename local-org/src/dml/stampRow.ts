import { findField, type Value } from '../store/schema.ts';
import type { Table } from '../store/table.ts';

/** Stamps who changed a record and when. SystemModstamp never goes back, whatever the seed said. Setup objects lack some. */
export function stampRow(table: Table, row: Value[], nowMs: number, userId: string): void {
  const put = (name: string, value: Value) => {
    const field = findField(table.object, name);
    if (field) row[field.index] = value;
  };
  const stamp = findField(table.object, 'SystemModstamp');
  put('LastModifiedDate', nowMs);
  put('LastModifiedById', userId);
  if (stamp) put('SystemModstamp', Math.max(nowMs, (row[stamp.index] as number | null) ?? 0));
}
