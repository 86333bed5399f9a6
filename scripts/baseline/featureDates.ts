import { features, type PlannedGroup, type PlannedProperty } from './plan.ts';
import type { Hash } from './random.ts';

const topic = { enabled: 50, stale: 60 } as const;
const day = 86_400;
const halfHour = 1_800;
const threeYears = 1_095 * day;

/** When RDS says the feature was enabled, in seconds, or null. IDV has no dates but Park Kennedy's. */
export type EnabledAt = (property: PlannedProperty, feature: number) => number | null;

/** The flags and dates that every row of a group must show, in the order of {@link features}. */
export interface GroupFeatures {
  readonly flags: number;
  /** Seconds, or null. */
  readonly dates: readonly (number | null)[];
}

/** What a property without eligible group shows. */
export const noFeatures: GroupFeatures = { flags: 0, dates: features.map(() => null) };

/** The dates of a baseline made at `now` (seconds). */
export function createFeatureDates(
  hash: Hash,
  now: number,
): { enabledAt: EnabledAt; groupFeatures(group: PlannedGroup): GroupFeatures } {
  const within = (property: PlannedProperty, random: number): number =>
    property.insertedAt +
    (random % Math.min(threeYears, Math.max(halfHour, now - property.insertedAt - halfHour)));
  const trueAt: EnabledAt = (property, feature) => {
    if (property.group.block === 'parkKennedy') return property.insertedAt + halfHour;
    return features[feature] === 'idv'
      ? null
      : within(property, hash(topic.enabled + feature, property.number));
  };
  const earliest = (group: PlannedGroup, feature: number): number | null => {
    const dates = group.members
      .filter((member) => (member.ownFlags & (1 << feature)) !== 0)
      .map((member) => trueAt(member, feature))
      .filter((at) => at !== null);
    return dates.length === 0 ? null : Math.min(...dates);
  };
  const staleAt = (property: PlannedProperty, feature: number): number => {
    const random = hash(topic.stale, property.number);
    const shown = earliest(property.group, feature);
    return shown === null ? within(property, random) : shown - (30 + (random % 300)) * day;
  };
  const enabledAt: EnabledAt = (property, feature) => {
    const bit = 1 << feature;
    if ((property.ownFlags & bit) !== 0) return trueAt(property, feature);
    return (property.staleFlag & bit) === 0 ? null : staleAt(property, feature);
  };
  return {
    enabledAt,
    groupFeatures: (group) => ({
      flags: group.flags,
      dates: features.map((_, feature) => earliest(group, feature)),
    }),
  };
}
