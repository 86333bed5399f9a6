import { productPropertyMirror } from '../mirror/mirrorTables.ts';
import type { Warehouse } from '../ports/warehouse.ts';

const liveRows = (warehouse: Warehouse): string =>
  `${warehouse.name(productPropertyMirror.name)} as mirror
   where not coalesce(mirror.is_deleted, false)`;
const key = "nullif(lower(trim(mirror.rds_property_id)), '')";

/** Live staging rows beyond the first of their key, and the keys that have any (docs/domain.md §18.1). */
export async function countSurplus(warehouse: Warehouse): Promise<{ rows: number; keys: number }> {
  const [row] = await warehouse.query(
    `select count(*) as keys, coalesce(sum(row_count - 1), 0) as surplus
     from (
       select count(*) as row_count
       from ${liveRows(warehouse)} and ${key} is not null
       group by ${key}
       having count(*) > 1
     ) as repeated`,
  );
  return { rows: Number(row?.['surplus'] ?? 0), keys: Number(row?.['keys'] ?? 0) };
}

/** Live staging rows whose key no row of the source has, and those without a key. */
export async function countStrays(warehouse: Warehouse): Promise<{ orphans: number; keyless: number }> {
  const [row] = await warehouse.query(
    `select
       count(case when ${key} is null then 1 end) as keyless,
       count(case when ${key} is not null and source.id is null then 1 end) as orphans
     from ${warehouse.name(productPropertyMirror.name)} as mirror
     left join (select distinct lower(trim(id)) as id from ${warehouse.name('source_properties')}) as source
       on source.id = ${key}
     where not coalesce(mirror.is_deleted, false)`,
  );
  return { orphans: Number(row?.['orphans'] ?? 0), keyless: Number(row?.['keyless'] ?? 0) };
}

/** What one other user wrote into rows after the sync had. */
export interface ForeignWrites {
  readonly userId: string;
  readonly rows: number;
  /** Of these, rows that differ from what they should hold, as the last plan saw it. */
  readonly differing: number;
}

/** Rows that somebody else wrote last, after the sync had written them (docs/domain.md §11.4). */
export async function countForeignWrites(warehouse: Warehouse, userId: string): Promise<ForeignWrites[]> {
  const rows = await warehouse.query(
    `select mirror.last_modified_by as user_id, count(*) as row_count,
       count(case when compared.changed_fields <> '' then 1 end) as differing
     from ${warehouse.name(productPropertyMirror.name)} as mirror
     left join ${warehouse.name('property_comparison')} as compared on compared.staging_id = mirror.staging_id
     where not coalesce(mirror.is_deleted, false)
       and mirror.last_modified_by <> :user_id
       and mirror.last_modified_at > mirror.last_synced_at
     group by mirror.last_modified_by
     order by row_count desc`,
    { user_id: userId },
  );
  return rows.map((row) => ({
    userId: String(row['user_id']),
    rows: Number(row['row_count']),
    differing: Number(row['differing']),
  }));
}
