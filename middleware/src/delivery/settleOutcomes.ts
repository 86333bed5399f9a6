import type { ItemError, RunItem } from '../contracts/index.ts';
import type { RecordOutcome } from '../ports/crm.ts';
import type { ItemUpdate } from '../ports/runStore.ts';

export interface SettleOptions {
  /** What identified the row: the key, or for the updates of a job the record id. */
  readonly identityOf: (item: RunItem) => string;
  /** How many records shared a transaction: for a record alone there is no smaller batch to go to. */
  readonly batchSize: number;
  readonly maxAttempts: number;
}

/** What a batch of outcomes means for its items and for the batches to come. */
export interface Settlement {
  readonly updates: readonly ItemUpdate[];
  /** The org's automation ran out of a limit: smaller batches may pass. */
  readonly hasCapacityError: boolean;
  /** Records were locked or the org was busy: wait a little before they go again. */
  readonly hasContention: boolean;
}

/**
 * Joins outcomes to items by identity and decides by error class (docs/domain.md §11.3): what can pass later goes back to
 * `planned`, what cannot is quarantined with its cause. An item without an outcome is unknown, never silently done. Items
 * are given as they stand after the intent, so that `attempts` counts the attempt that is being settled.
 */
export function settleOutcomes(
  items: readonly RunItem[],
  outcomes: readonly RecordOutcome[],
  { identityOf, batchSize, maxAttempts }: SettleOptions,
): Settlement {
  const byIdentity = new Map(outcomes.map((outcome) => [outcome.key.toLowerCase(), outcome]));
  let hasCapacityError = false;
  let hasContention = false;
  const updates = items.map((item): ItemUpdate => {
    const { rdsPropertyId } = item;
    const outcome = byIdentity.get(identityOf(item).toLowerCase());
    if (outcome === undefined) return { rdsPropertyId, state: 'unknown' };
    if (outcome.kind === 'accepted') {
      const { id, wasCreated } = outcome;
      return { rdsPropertyId, state: 'accepted', stagingId: id, wasCreated, error: null };
    }
    const again = item.attempts < maxAttempts ? 'planned' : 'failed';
    if (outcome.kind === 'unprocessed') return { rdsPropertyId, state: again, error: neverProcessed };

    const error = {
      class: outcome.class,
      code: outcome.code,
      message: outcome.message,
      fields: [...outcome.fields],
    };
    switch (outcome.class) {
      case 'capacity':
        hasCapacityError = true;
        return { rdsPropertyId, state: batchSize > 1 ? 'planned' : 'failed', error };
      case 'contention':
      case 'transient':
      case 'authentication':
        hasContention = true;
        return { rdsPropertyId, state: again, error };
      default:
        return { rdsPropertyId, state: 'quarantined', error };
    }
  });
  return { updates, hasCapacityError, hasContention };
}

const neverProcessed: ItemError = {
  class: 'transient',
  code: 'NOT_PROCESSED',
  message: 'Salesforce took the record and did not process it.',
  fields: [],
};
