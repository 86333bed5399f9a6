import type { RunCounts } from '../contracts/index.ts';

/** docs/domain.md §11.4, §13.3: too few attempts say nothing yet. */
export interface BrakeSettings {
  readonly maxErrorShare: number;
  readonly minAttempts: number;
}

export const defaultBrakeSettings: BrakeSettings = { maxErrorShare: 0.1, minAttempts: 20 };

/** The reason to stop a run while it runs, or null. */
export function checkBrakes(counts: RunCounts, settings: BrakeSettings): string | null {
  const { attempted } = counts;
  const failed = counts.failed + counts.quarantined;
  if (attempted < settings.minAttempts || failed / attempted <= settings.maxErrorShare) return null;
  return `${String(failed)} of ${String(attempted)} records failed: more than ${String(settings.maxErrorShare * 100)} %.`;
}
