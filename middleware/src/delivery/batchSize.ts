import type { Operation } from '../contracts/index.ts';

/** How many records one call carries, from the first batch on; the last number goes on (docs/domain.md §11.1, §19). */
export interface RampSettings {
  readonly sizes: Readonly<Record<Operation, readonly number[]>>;
  readonly pauseMs: number;
}

export const defaultRampSettings: RampSettings = {
  sizes: { create: [50, 100, 200], update: [100, 200] },
  pauseMs: 120_000,
};

/** The size of the next batch: along the ramp, but never above what the org's automation has been seen to bear. */
export function nextBatchSize(ramp: readonly number[], batchesSent: number, safeSize: number): number {
  const size = ramp[Math.min(batchesSent, ramp.length - 1)] ?? 200;
  return Math.max(1, Math.min(size, safeSize, 200));
}
