import { type Feature, features } from '../contracts/fieldMap.ts';
import { normalizeBoolean } from './normalizeValue.ts';
import { type PropertyId, toPropertyId } from './salesforceId.ts';
import type { SourceFeatureRow } from './sourceRows.ts';

export type FeatureFlags = Readonly<Record<Feature, boolean>>;
export type FeatureTimes = Readonly<Record<Feature, Date | null>>;

/** A property's own features: those of the one row of the wide table that counts. */
export interface OwnFeatures {
  readonly flags: FeatureFlags;
  readonly enabledAt: FeatureTimes;
  /** Another row is as new and says something else. */
  readonly isAmbiguous: boolean;
}

/** One value for each feature, in the order in which features are shown. */
export function byFeature<Value>(valueOf: (feature: Feature) => Value): Readonly<Record<Feature, Value>> {
  const values: Partial<Record<Feature, Value>> = {};
  for (const feature of features) values[feature] = valueOf(feature);
  return values as Record<Feature, Value>;
}

/** The features of a property without a feature row. */
export const noFeatures: OwnFeatures = {
  flags: byFeature(() => false),
  enabledAt: byFeature(() => null),
  isAmbiguous: false,
};

interface RankedRow {
  readonly updatedAtMs: number;
  readonly enabledAtMs: number;
  readonly productPropertyId: string | null;
  readonly own: OwnFeatures;
}

const neverMs = Date.UTC(1900, 0, 1);
const latestMs = (times: readonly (Date | null)[]): number =>
  Math.max(...times.map((time) => time?.getTime() ?? neverMs));

function rank(row: SourceFeatureRow): RankedRow {
  const own = {
    flags: byFeature((feature) => normalizeBoolean(row.features[feature].isEnabled)),
    enabledAt: byFeature((feature) => row.features[feature].enabledAt),
    isAmbiguous: false,
  };
  return {
    updatedAtMs: latestMs(features.map((feature) => row.features[feature].updatedAt)),
    enabledAtMs: latestMs(features.map((feature) => row.features[feature].enabledAt)),
    productPropertyId: row.productPropertyId,
    own,
  };
}

/** Ascending, null last. */
function compareNullLast<Value extends string | number>(left: Value | null, right: Value | null): number {
  if (left === right) return 0;
  if (left === null) return 1;
  if (right === null) return -1;
  return left < right ? -1 : 1;
}

const compareByTime = (left: RankedRow, right: RankedRow): number =>
  right.updatedAtMs - left.updatedAtMs || right.enabledAtMs - left.enabledAtMs;

// The source's ids make the order total. Should they repeat, the content decides, TRUE first, and not the order in
// which the rows arrived.
function compareByContent(left: OwnFeatures, right: OwnFeatures): number {
  for (const feature of features) {
    const order = Number(right.flags[feature]) - Number(left.flags[feature]);
    if (order !== 0) return order;
  }
  for (const feature of features) {
    const order = compareNullLast(
      left.enabledAt[feature]?.getTime() ?? null,
      right.enabledAt[feature]?.getTime() ?? null,
    );
    if (order !== 0) return order;
  }
  return 0;
}

const haveEqualFlags = (left: OwnFeatures, right: OwnFeatures): boolean =>
  features.every((feature) => left.flags[feature] === right.flags[feature]);

function chooseRow(left: RankedRow, right: RankedRow): RankedRow {
  const orderByTime = compareByTime(left, right);
  const order =
    orderByTime ||
    compareNullLast(left.productPropertyId, right.productPropertyId) ||
    compareByContent(left.own, right.own);
  const winner = order <= 0 ? left : right;
  if (orderByTime !== 0) return winner;
  const isAmbiguous = left.own.isAmbiguous || right.own.isAmbiguous || !haveEqualFlags(left.own, right.own);
  return { ...winner, own: { ...winner.own, isAmbiguous } };
}

/**
 * The wide table reduced to one row per property (docs/domain.md §3.3): the latest update, then the latest enabling,
 * then the lowest `product_property_id`. All features of a property come from its one row.
 */
export function reduceFeatureRows(rows: Iterable<SourceFeatureRow>): Map<PropertyId, OwnFeatures> {
  const chosen = new Map<PropertyId, RankedRow>();
  for (const row of rows) {
    const propertyId = toPropertyId(row.propertyId);
    if (propertyId === null) continue;
    const rankedRow = rank(row);
    const rival = chosen.get(propertyId);
    chosen.set(propertyId, rival === undefined ? rankedRow : chooseRow(rival, rankedRow));
  }
  const reduced = new Map<PropertyId, OwnFeatures>();
  for (const [propertyId, { own }] of chosen) reduced.set(propertyId, own);
  return reduced;
}
