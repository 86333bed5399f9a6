import { features, type Feature } from '../contracts/fieldMap.ts';
import type { EnrichedProperty } from './enrichProperty.ts';
import { normalizeDate } from './normalizeValue.ts';
import { byFeature, type FeatureFlags } from './reduceFeatureRows.ts';
import type { ProductionId, PropertyId } from './salesforceId.ts';

/** The production id that members share, or the id of the one member without a valid one. */
export type GroupKey = ProductionId | PropertyId;

/** Days in UTC as `YYYY-MM-DD`. */
export type FeatureDates = Readonly<Record<Feature, string | null>>;

export interface Group {
  readonly key: GroupKey;
  /** The shared production id; null for a group of one without a valid id. */
  readonly sfdcId18: ProductionId | null;
  /** Shown for the group; it gives no other member an identity. */
  readonly primary: EnrichedProperty;
  /** Ascending. */
  readonly memberIds: readonly PropertyId[];
  readonly flags: FeatureFlags;
  readonly startDates: FeatureDates;
  readonly lastUpdatedAt: Date | null;
  readonly activePropertyCount: number;
  readonly totalFeatureCount: number;
  readonly isMultiProperty: boolean;
  readonly hasAnyFeatures: boolean;
  readonly hasPaidFeatures: boolean;
  /** Two or more members are the newest by `updated_at`. */
  readonly hasTie: boolean;
  readonly hasDifferentFeatures: boolean;
}

export const groupKeyOf = (property: EnrichedProperty): GroupKey => property.sfdcId18 ?? property.id;

const timeOf = (time: Date | null): number => time?.getTime() ?? Number.NEGATIVE_INFINITY;
const compare = <Value extends string | number>(left: Value, right: Value): number =>
  left < right ? -1 : left > right ? 1 : 0;

/** The total order of docs/domain.md §7: newest update, newest insert, lowest id. */
export function compareNewestFirst(left: EnrichedProperty, right: EnrichedProperty): number {
  return (
    compare(timeOf(right.updatedAt), timeOf(left.updatedAt)) ||
    compare(timeOf(right.createdAt), timeOf(left.createdAt)) ||
    compare(left.id, right.id)
  );
}

// Only members that have the feature count: what another member once had must not date it.
function startDate(members: readonly EnrichedProperty[], feature: Feature): string | null {
  let earliest: Date | null = null;
  for (const { flags, enabledAt } of members) {
    const time = flags[feature] ? enabledAt[feature] : null;
    if (time !== null && (earliest === null || time < earliest)) earliest = time;
  }
  return normalizeDate(earliest);
}

function aggregate(
  key: GroupKey,
  members: readonly EnrichedProperty[],
  paidFeatures: readonly Feature[],
): Group {
  const [primary, second] = members.toSorted(compareNewestFirst);
  if (primary === undefined) throw new Error(`Group ${key} has no members.`);
  const flags = byFeature((feature) => members.some((member) => member.flags[feature]));
  const totalFeatureCount = features.filter((feature) => flags[feature]).length;
  return {
    key,
    sfdcId18: primary.sfdcId18,
    primary,
    memberIds: members.map(({ id }) => id).sort(compare),
    flags,
    startDates: byFeature((feature) => startDate(members, feature)),
    lastUpdatedAt: primary.updatedAt,
    activePropertyCount: members.length,
    totalFeatureCount,
    isMultiProperty: members.length > 1,
    hasAnyFeatures: totalFeatureCount > 0,
    hasPaidFeatures: paidFeatures.some((feature) => flags[feature]),
    hasTie: second !== undefined && timeOf(primary.updatedAt) === timeOf(second.updatedAt),
    hasDifferentFeatures: members.some((member) =>
      features.some((feature) => member.flags[feature] !== primary.flags[feature]),
    ),
  };
}

/**
 * The groups of the eligible properties and what each has in common (docs/domain.md §5): flags by union, start dates
 * by the earliest. Properties that are not eligible contribute nothing.
 */
export function groupProperties(
  properties: Iterable<EnrichedProperty>,
  paidFeatures: readonly Feature[],
): Map<GroupKey, Group> {
  const membersByKey = new Map<GroupKey, EnrichedProperty[]>();
  for (const property of properties) {
    if (!property.isEligible) continue;
    const key = groupKeyOf(property);
    const members = membersByKey.get(key);
    if (members === undefined) membersByKey.set(key, [property]);
    else members.push(property);
  }
  const groups = new Map<GroupKey, Group>();
  for (const [key, members] of membersByKey) groups.set(key, aggregate(key, members, paidFeatures));
  return groups;
}
