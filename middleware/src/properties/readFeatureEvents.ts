import { SyncError } from '../errors.ts';
import { sourceTables } from '../planning/sourceContract.ts';
import { identifier } from '../planning/sourceViews.ts';
import type { Warehouse } from '../ports/warehouse.ts';

/** Codes of the features that a property was ever recorded to get; a property without any is missing. */
export type FeatureEvents = ReadonlyMap<string, ReadonlySet<string>>;

/**
 * Which features RDS has recorded as enabled, by property (docs/domain.md §3.3, `property_feature_events`). The syncs
 * do without this table, and an installation may lack it: then the answer is null.
 */
export async function readFeatureEvents(
  rdsPropertyIds: readonly string[],
  {
    warehouse,
    settings,
  }: {
    warehouse: Warehouse;
    settings: { readonly sourceTables: Readonly<Record<string, string>> };
  },
): Promise<FeatureEvents | null> {
  const table = settings.sourceTables['propertyFeatureEvents'] ?? sourceTables.propertyFeatureEvents.table;
  try {
    const rows = await warehouse.query(
      `with asked as (
           select explode(split(:ids, ';')) as rds_property_id
       )
       select asked.rds_property_id, events.feature_code
       from ${table.split('.').map(identifier).join('.')} as events
       inner join asked on asked.rds_property_id = lower(text_value(cast(events.property_id as string)))
       where events.event_type = 'enabled' and not coalesce(events._fivetran_deleted, false)
       group by asked.rds_property_id, events.feature_code`,
      { ids: rdsPropertyIds.join(';') },
    );
    const events = new Map<string, Set<string>>();
    for (const row of rows) {
      const id = String(row['rds_property_id']);
      events.set(id, (events.get(id) ?? new Set()).add(String(row['feature_code'])));
    }
    return events;
  } catch (error) {
    if (error instanceof SyncError && error.code === 'WAREHOUSE_QUERY_FAILED') return null;
    throw error;
  }
}
