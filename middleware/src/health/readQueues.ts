import type { FieldMapping } from '../contracts/index.ts';
import type { Warehouse } from '../ports/warehouse.ts';

/** A value about to be sent, and in how many rows. */
export interface QueuedValue {
  readonly value: string;
  readonly rows: number;
}

/** Rows that the next runs would write, as the last plan left the queues. */
const queued = (warehouse: Warehouse, columns: readonly string[]): string => `
  select ${columns.join(', ')} from ${warehouse.name('properties_to_create')}
  union all
  select ${columns.join(', ')} from ${warehouse.name('properties_to_update')} where has_changes`;

/** The greatest length of each text column about to be sent, in characters; 0 where there is none. */
export async function readLongest(
  warehouse: Warehouse,
  mappings: readonly FieldMapping[],
): Promise<ReadonlyMap<string, number>> {
  const columns = mappings.map(({ column }) => column);
  const [row] = await warehouse.query(
    `select ${columns.map((column) => `max(length(${column})) as ${column}`).join(', ')}
     from (${queued(warehouse, columns)}) as queued_rows`,
  );
  return new Map(mappings.map(({ column, field }) => [field, Number(row?.[column] ?? 0)]));
}

/** The distinct values of one column about to be sent, most frequent first. */
export async function readQueuedValues(warehouse: Warehouse, column: string): Promise<QueuedValue[]> {
  const rows = await warehouse.query(
    `select ${column} as value, count(*) as n
     from (${queued(warehouse, [column])}) as queued_rows
     where ${column} is not null
     group by ${column}
     order by n desc`,
  );
  return rows.map((row) => ({ value: String(row['value']), rows: Number(row['n']) }));
}
