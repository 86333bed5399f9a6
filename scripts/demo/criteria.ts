/** One success criterion: what must hold and what was found. */
export interface Criterion {
  readonly name: string;
  readonly target: { readonly op: '>=' | '>' | '<' | '=='; readonly value: number };
  readonly actual: number;
  readonly passed: boolean;
}

/** What the criteria are judged on; every number was counted after the rollout. */
export interface CriteriaFacts {
  readonly toCreate: number;
  readonly created: number;
  readonly matched: number;
  readonly matchedEqual: number;
  readonly missing: number;
  readonly featureAccuracy: number;
  readonly p1: number;
  readonly p1Visible: number;
  readonly idvMismatches: number;
  readonly idvResolved: number;
  readonly blocked: number;
  readonly unblocked: number;
  readonly errorRateA: number;
  readonly errorRateB: number;
  readonly unverified: number;
  readonly parkKennedyDifferences: number;
  readonly noopWrites: number;
  /** Records that the org was told to refuse: they stay unverified, and a second run tries them again. */
  readonly rejected: number;
}

/** Fewer missing properties than this, whatever the size of the cohort (docs/domain.md §12.3). */
const maxMissing = 50;

const holds: Readonly<Record<Criterion['target']['op'], (actual: number, value: number) => boolean>> = {
  '>=': (actual, value) => actual >= value,
  '>': (actual, value) => actual > value,
  '<': (actual, value) => actual < value,
  '==': (actual, value) => actual === value,
};

export const criterion = (
  name: string,
  op: Criterion['target']['op'],
  value: number,
  actual: number,
): Criterion => ({ name, target: { op, value }, actual, passed: holds[op](actual, value) });

/** The success criteria of docs/domain.md §12.2 to §12.4, with the thresholds that §12.3 decides. */
export function judgeCriteria(facts: CriteriaFacts): Criterion[] {
  return [
    // Both "at least 95 %" and "fewer than 50 left" have to hold: 1,032 of 1,081.
    criterion(
      'created',
      '>=',
      Math.max(Math.ceil(facts.toCreate * 0.95), facts.toCreate - maxMissing + 1),
      facts.created,
    ),
    criterion('matchedEqual', '>=', Math.ceil(facts.matched * 0.95), facts.matchedEqual),
    criterion('missing', '<', maxMissing, facts.missing),
    criterion('featureAccuracy', '>', 0.99, facts.featureAccuracy),
    criterion('p1Visible', '==', facts.p1, facts.p1Visible),
    criterion('idvResolved', '==', facts.idvMismatches, facts.idvResolved),
    criterion('unblocked', '==', facts.blocked, facts.unblocked),
    criterion('errorRateA', '<', 0.02, facts.errorRateA),
    criterion('errorRateB', '<', 0.02, facts.errorRateB),
    criterion('unverified', '==', facts.rejected, facts.unverified),
    criterion('parkKennedy', '==', 0, facts.parkKennedyDifferences),
    criterion('noopWrites', '==', facts.rejected, facts.noopWrites),
  ];
}

/** How a rollout that the org disturbed has ended; every number was counted after it. */
export interface OutcomeFacts {
  readonly toCreate: number;
  readonly toUpdate: number;
  readonly inSync: number;
  readonly created: number;
  readonly updated: number;
  readonly quarantined: number;
  readonly leftToCreate: number;
  readonly leftToUpdate: number;
  readonly inSyncAfter: number;
  readonly newSurplusRows: number;
  readonly rejected: { readonly creates: number; readonly updates: number };
}

/** Whatever the org does, every record ends as planned but those that it refuses for ever (docs/domain.md §18.7). */
export function judgeOutcome(facts: OutcomeFacts): Criterion[] {
  const { toCreate, toUpdate, inSync, rejected } = facts;
  const [created, updated] = [toCreate - rejected.creates, toUpdate - rejected.updates];
  return [
    criterion('createdOfPlan', '==', created, facts.created),
    criterion('updatedOfPlan', '==', updated, facts.updated),
    criterion('quarantined', '==', rejected.creates + rejected.updates, facts.quarantined),
    criterion('leftToCreate', '==', rejected.creates, facts.leftToCreate),
    criterion('leftToUpdate', '==', rejected.updates, facts.leftToUpdate),
    criterion('inSyncAfter', '==', inSync + created + updated, facts.inSyncAfter),
    criterion('newSurplusRows', '==', 0, facts.newSurplusRows),
  ];
}
