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

/** Most records of one sObject Collections call (REST API Developer Guide, "sObject Collections"). */
const maxRecords = 200;

/** Chooses batch sizes along the ramp, and within what the org's automation has been seen to bear. */
export interface BatchSizer {
  next(): number;
  /** The batch went through without running into a limit of automation. */
  passed(size: number): void;
  /** The batch ran into a limit of automation: smaller ones may pass. */
  overloaded(size: number): void;
}

export function createBatchSizer(ramp: readonly number[]): BatchSizer {
  let sent = 0;
  let safeSize = maxRecords;
  let provenSize = 0;
  return {
    next: () =>
      Math.max(1, Math.min(ramp[Math.min(sent, ramp.length - 1)] ?? maxRecords, safeSize, maxRecords)),
    passed(size) {
      sent += 1;
      provenSize = Math.max(provenSize, size);
    },
    overloaded(size) {
      sent += 1;
      // A record that is too much alone says nothing about the size of a batch.
      if (size === 1) safeSize = maxRecords;
      else safeSize = provenSize > 0 && provenSize < size ? provenSize : Math.floor(size / 2);
    },
  };
}
