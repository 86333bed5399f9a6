import type { Run } from '../contracts/index.ts';

/** docs/domain.md §11.4, §13.3: too few attempts say nothing yet. */
export interface BrakeSettings {
  readonly maxErrorShare: number;
  readonly minAttempts: number;
}

export const defaultBrakeSettings: BrakeSettings = { maxErrorShare: 0.1, minAttempts: 20 };

/** The reason to stop a run while it runs, or null. Counts from where somebody last let the run go on. */
export function checkBrakes(
  { counts, brakeBase }: Pick<Run, 'counts' | 'brakeBase'>,
  settings: BrakeSettings,
): string | null {
  const attempted = counts.attempted - (brakeBase?.attempted ?? 0);
  const failed = failedOf(counts) - (brakeBase?.failed ?? 0);
  if (attempted < settings.minAttempts || failed / attempted <= settings.maxErrorShare) return null;
  return `${failed.toLocaleString('en-US')} of ${attempted.toLocaleString('en-US')} records failed: more than ${String(settings.maxErrorShare * 100)} %.`;
}

/** Where the error rate of a run that goes on after its brake is counted from. */
export function brakeBaseOf({ counts }: Pick<Run, 'counts'>): NonNullable<Run['brakeBase']> {
  return { attempted: counts.attempted, failed: failedOf(counts) };
}

function failedOf({ failed, quarantined }: Run['counts']): number {
  return failed + quarantined;
}
