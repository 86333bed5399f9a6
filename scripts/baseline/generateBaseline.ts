import { featureRows, propertyRows, companyRows } from './rdsRows.ts';
import { propertyFeatureEventRows, propertyFeatureRows, wideRows } from './featureRows.ts';
import { countPlan, type BaselineCounts } from './countPlan.ts';
import { leastProperties, type BaselineVariant } from './january.ts';
import { planBaseline } from './planBaseline.ts';
import { productionRows } from './productionRows.ts';
import { createScene } from './scene.ts';
import { stagingRows } from './stagingRows.ts';
import type { Row, TableName } from './tables.ts';

export interface BaselineRequest {
  /** A whole number from 0 to 2^53 - 1. */
  readonly seed: number;
  /** Live properties, at least {@link leastProperties}. */
  readonly properties: number;
  /** Business time as an ISO time stamp. */
  readonly now: string;
  readonly variant?: BaselineVariant;
}

export interface Baseline {
  readonly counts: BaselineCounts;
  /** The rows of a table, made while they are read; every call starts anew and gives the same rows. */
  rows(table: TableName): Iterable<Row>;
}

/**
 * Makes the January baseline of docs/domain.md §18: exact at 20,174 properties, scaled by largest remainder at any
 * other size. The same request always gives the same rows.
 */
export function generateBaseline({ seed, properties, now, variant = 'january' }: BaselineRequest): Baseline {
  if (!Number.isSafeInteger(seed) || seed < 0)
    throw new RangeError('The seed must be a whole number from 0.');
  if (!Number.isSafeInteger(properties) || properties < leastProperties) {
    throw new RangeError(`A baseline has at least ${leastProperties} properties.`);
  }
  const plan = planBaseline({
    seed,
    variant,
    liveProperties: properties,
    now: Math.floor(Date.parse(now) / 1000),
  });
  const scene = createScene(plan);
  const tables: Readonly<Record<TableName, () => Iterable<Row>>> = {
    properties: () => propertyRows(scene),
    companies: () => companyRows(scene),
    features: () => featureRows(scene),
    property_features: () => propertyFeatureRows(scene),
    property_feature_events: () => propertyFeatureEventRows(scene),
    product_property_w_features: () => wideRows(scene),
    Product_Property__c: () => stagingRows(scene),
    Property__c: () => productionRows(scene),
  };
  return { counts: countPlan(plan), rows: (table) => tables[table]() };
}
