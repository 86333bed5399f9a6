import type { RunItem } from '../contracts/index.ts';
import type { RecordOutcome } from '../ports/crm.ts';
import type { ItemUpdate } from '../ports/runStore.ts';

/** What a batch of outcomes means for its items and for the batches to come. */
export interface Settlement {
  readonly updates: readonly ItemUpdate[];
  /** The org's automation ran out of a limit: smaller batches may pass. */
  readonly hasCapacityError: boolean;
  /** Records were locked or the org was busy: wait a little before they go again. */
  readonly hasContention: boolean;
}

/**
 * Joins outcomes to items by external id, never by position, and decides by error class (docs/domain.md §11.3): what
 * can pass later goes back to `planned`, what cannot is quarantined with its cause. An item without an outcome is
 * unknown, never silently done. `identityOf` names the column that identified the row: the key, or a record id.
 */
export function settleOutcomes(
  items: readonly RunItem[],
  outcomes: readonly RecordOutcome[],
  options: { maxAttempts: number; identityOf: (item: RunItem) => string },
): Settlement {
  const byIdentity = new Map(outcomes.map((outcome) => [outcome.key.toLowerCase(), outcome]));
  let hasCapacityError = false;
  let hasContention = false;
  const updates = items.map((item): ItemUpdate => {
    const { rdsPropertyId } = item;
    const outcome = byIdentity.get(options.identityOf(item).toLowerCase());
    if (outcome === undefined) return { rdsPropertyId, state: 'unknown' };
    if (outcome.kind === 'accepted') {
      return {
        rdsPropertyId,
        state: 'accepted',
        stagingId: outcome.id,
        wasCreated: outcome.wasCreated,
        error: null,
      };
    }
    if (outcome.kind === 'unprocessed') return { rdsPropertyId, state: 'planned' };

    const error = {
      class: outcome.class,
      code: outcome.code,
      message: outcome.message,
      fields: [...outcome.fields],
    };
    if (outcome.class === 'capacity') {
      hasCapacityError = true;
      // Alone in its batch and still too much: no smaller batch is left to try.
      return items.length > 1
        ? { rdsPropertyId, state: 'planned', error }
        : { rdsPropertyId, state: 'failed', error };
    }
    if (
      outcome.class === 'contention' ||
      outcome.class === 'transient' ||
      outcome.class === 'authentication'
    ) {
      hasContention = true;
      return { rdsPropertyId, state: item.attempts + 1 < options.maxAttempts ? 'planned' : 'failed', error };
    }
    return { rdsPropertyId, state: 'quarantined', error };
  });
  return { updates, hasCapacityError, hasContention };
}
