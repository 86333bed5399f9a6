import { defaultFieldMap, type Feature, type FieldMapping } from '../contracts/fieldMap.ts';
import { type PropertyId, toPropertyId } from './salesforceId.ts';
import type { ViewSettings } from './writeSyncContext.ts';

/** The settings that change what a property is or what Salesforce should hold (docs/domain.md §19). */
export interface EvaluationSettings {
  readonly paidFeatures: readonly Feature[];
  readonly excludePlaceholder: boolean;
  readonly excludeTestNames: boolean;
  /** Properties that keep a test word in their name and are synced all the same. */
  readonly testAllowList: ReadonlySet<PropertyId>;
  /** The first three characters of a production record's id. */
  readonly productionKeyPrefix: string;
  readonly fieldMap: readonly FieldMapping[];
}

export const defaultEvaluationSettings: EvaluationSettings = {
  paidFeatures: ['idv', 'bank_linking', 'payroll', 'income_insights'],
  excludePlaceholder: true,
  excludeTestNames: true,
  testAllowList: new Set(),
  productionKeyPrefix: 'a01',
  fieldMap: defaultFieldMap,
};

/** The same settings as the views read, as the reference evaluator takes them. */
export function toEvaluationSettings(
  {
    fieldMap,
    views,
  }: { fieldMap: readonly FieldMapping[]; views: Omit<ViewSettings, 'productionKeyPrefix'> },
  productionKeyPrefix: string,
): EvaluationSettings {
  return {
    paidFeatures: views.paidFeatures,
    excludePlaceholder: views.isPlaceholderExcluded,
    excludeTestNames: views.isTestNameExcluded,
    testAllowList: new Set(views.testNameAllowList.flatMap((id) => toPropertyId(id) ?? [])),
    productionKeyPrefix,
    fieldMap,
  };
}
