import { features, type Feature } from '../contracts/fieldMap.ts';
import type { Row, Warehouse } from '../ports/warehouse.ts';
import { syncContext } from './warehouseTables.ts';

/** Settings that the views read (docs/domain.md §19). */
export interface ViewSettings {
  /** First three characters of a production record's id, read from the org's describe. */
  readonly productionKeyPrefix: string;
  readonly isPlaceholderExcluded: boolean;
  readonly isTestNameExcluded: boolean;
  /** Ids of properties that are real although their name looks like a test's. */
  readonly testNameAllowList: readonly string[];
  readonly paidFeatures: readonly Feature[];
}

export const defaultViewSettings: ViewSettings = {
  productionKeyPrefix: 'a01',
  isPlaceholderExcluded: true,
  isTestNameExcluded: true,
  testNameAllowList: [],
  paidFeatures: ['idv', 'bank_linking', 'payroll', 'income_insights'],
};

/** Writes the one row of `sync_context`: the clock of the plan and the settings of the views. */
export async function writeSyncContext(
  warehouse: Warehouse,
  businessTime: Date,
  settings: ViewSettings = defaultViewSettings,
): Promise<void> {
  const row: Row = {
    context_id: 'current',
    business_time: businessTime,
    production_key_prefix: settings.productionKeyPrefix,
    is_placeholder_excluded: settings.isPlaceholderExcluded,
    is_test_name_excluded: settings.isTestNameExcluded,
    test_name_allow_list: settings.testNameAllowList.map((id) => id.toLowerCase()).join(';'),
    ...Object.fromEntries(
      features.map((feature) => [`is_${feature}_paid`, settings.paidFeatures.includes(feature)]),
    ),
  };
  await warehouse.mergeRows(syncContext, single(row), { replaceAll: true });
}

async function* single(row: Row): AsyncIterable<Row[]> {
  yield await Promise.resolve([row]);
}
