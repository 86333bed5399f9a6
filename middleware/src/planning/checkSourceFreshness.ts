import type { Warehouse } from '../ports/warehouse.ts';
import { SyncError } from '../errors.ts';

export interface SourceFreshness {
  /** When the ingest last wrote a row of the properties table. Null: never. */
  readonly syncedAt: Date | null;
  readonly isStale: boolean;
  readonly rowCount: number;
  /** Of these, rows that are not soft-deleted. */
  readonly liveRowCount: number;
}

/** How many rows the source has, and how old it is at `now`, by `max(_fivetran_synced)` (docs/domain.md §3.4). */
export async function checkSourceFreshness(
  warehouse: Warehouse,
  now: Date,
  maxAgeMs: number,
): Promise<SourceFreshness> {
  const [row] = await warehouse.query(
    `select max(_fivetran_synced) as synced_at, count(*) as n,
        count_if(not coalesce(_fivetran_deleted, false)) as live
     from ${warehouse.name('source_properties')}`,
  );
  const syncedAt = row?.['synced_at'] instanceof Date ? row['synced_at'] : null;
  const isStale = syncedAt === null || now.getTime() - syncedAt.getTime() > maxAgeMs;
  return { syncedAt, isStale, rowCount: Number(row?.['n'] ?? 0), liveRowCount: Number(row?.['live'] ?? 0) };
}

/** Refuses to go on with a source that is too old for a live run. */
export function assertSourceFresh({ syncedAt, isStale }: SourceFreshness, maxAgeMs: number): void {
  if (!isStale) return;
  const age =
    syncedAt === null ? 'has never been ingested' : `was last ingested at ${syncedAt.toISOString()}`;
  throw new SyncError(
    'SOURCE_STALE',
    `The source ${age}; it may be at most ${String(maxAgeMs / 60_000)} minutes old.`,
  );
}
