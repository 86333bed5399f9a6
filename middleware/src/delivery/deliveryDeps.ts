import type { PlanningDeps, PlanningSettings } from '../planning/buildPlan.ts';
import type { BrakeSettings } from './brakes.ts';
import type { RampSettings } from './batchSize.ts';

export interface DeliverySettings extends PlanningSettings {
  readonly ramp: RampSettings;
  readonly brakes: BrakeSettings;
  /** Share of the day's API calls that a scheduled run leaves to others (docs/domain.md §11.2, §19 `api.reserve`). */
  readonly apiReserveShare: number;
  /** Up to this many rows go by sObject Collections, more as one Bulk API 2.0 job (docs/domain.md §11.1). */
  readonly maxCollectionRows: number;
  /** How often a record is sent in all before it counts as failed. */
  readonly maxAttempts: number;
  /** Base of the wait before locked or refused records go again; doubled with each round, with jitter. */
  readonly retryPauseMs: number;
  /** How long after a lost answer the org is asked what became of it: the request may still be under way. */
  readonly lostAnswerPauseMs: number;
  /** How long after the sending Salesforce may still be at work on a request whose answer was lost. */
  readonly lostAnswerSettleMs: number;
  readonly pollIntervalMs: number;
  /** How long one attempt waits for a job. The job goes on, and the next attempt finds it by its id. */
  readonly jobTimeoutMs: number;
}

/** docs/domain.md §11.1, §19. */
export const defaultDeliveryLimits = {
  apiReserveShare: 0.2,
  maxCollectionRows: 2_000,
  maxAttempts: 4,
  retryPauseMs: 1_000,
  lostAnswerPauseMs: 2_000,
  lostAnswerSettleMs: 120_000,
  pollIntervalMs: 2_000,
  jobTimeoutMs: 3_600_000,
} as const;

/** Waits, and draws a number from 0 to 1 for each wait that should not fall together with others. */
export interface Pause {
  wait(ms: number): Promise<unknown>;
  jitter(): number;
}

export interface DeliveryDeps extends PlanningDeps {
  readonly settings: DeliverySettings;
  readonly pause: Pause;
}

/** Asked before anything more is sent; anything but null stops the delivery. */
export type ShouldStop<Reason> = () => Promise<Reason | null>;
