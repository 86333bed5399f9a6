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
  const trueAt: EnabledAt = (property, feature) => {
    if (property.group.block === 'parkKennedy') return property.insertedAt + halfHour;
    if (features[feature] === 'idv') return null;
    const span = Math.min(threeYears, Math.max(halfHour, now - property.insertedAt - halfHour));
    return property.insertedAt + (hash(topic.enabled + feature, property.number) % span);
  };
  const enabledAt: EnabledAt = (property, feature) => {
    const bit = 1 << feature;
    if ((property.ownFlags & bit) !== 0) return trueAt(property, feature);
    if ((property.staleFlag & bit) === 0) return null;
    const age = (30 + (hash(topic.stale, property.number) % 300)) * day;
    return (earliest(property.group, feature) ?? property.insertedAt + threeYears / 3) - age;
  };
  const earliest = (group: PlannedGroup, feature: number): number | null => {
    let first: number | null = null;
    for (const member of group.members) {
      if ((member.ownFlags & (1 << feature)) === 0) continue;
      const at = trueAt(member, feature);
      if (at !== null && (first === null || at < first)) first = at;
    }
    return first;
  };
  return {
    enabledAt,
    groupFeatures: (group) => ({
      flags: group.flags,
      dates: features.map((_, feature) => earliest(group, feature)),
    }),
  };
}
