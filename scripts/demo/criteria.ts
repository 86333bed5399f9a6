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
}

/** Fewer missing properties than this, whatever the size of the cohort (docs/domain.md §12.3). */
const maxMissing = 50;

const holds: Readonly<Record<Criterion['target']['op'], (actual: number, value: number) => boolean>> = {
  '>=': (actual, value) => actual >= value,
  '>': (actual, value) => actual > value,
  '<': (actual, value) => actual < value,
  '==': (actual, value) => actual === value,
};

/** The success criteria of docs/domain.md §12.2 to §12.4, with the thresholds that §12.3 decides. */
export function judgeCriteria(facts: CriteriaFacts): Criterion[] {
  const judge = (name: string, op: Criterion['target']['op'], value: number, actual: number): Criterion => ({
    name,
    target: { op, value },
    actual,
    passed: holds[op](actual, value),
  });
  return [
    // Both "at least 95 %" and "fewer than 50 left" have to hold: 1,032 of 1,081.
    judge(
      'created',
      '>=',
      Math.max(Math.ceil(facts.toCreate * 0.95), facts.toCreate - maxMissing + 1),
      facts.created,
    ),
    judge('matchedEqual', '>=', Math.ceil(facts.matched * 0.95), facts.matchedEqual),
    judge('missing', '<', maxMissing, facts.missing),
    judge('featureAccuracy', '>', 0.99, facts.featureAccuracy),
    judge('p1Visible', '==', facts.p1, facts.p1Visible),
    judge('idvResolved', '==', facts.idvMismatches, facts.idvResolved),
    judge('unblocked', '==', facts.blocked, facts.unblocked),
    judge('errorRateA', '<', 0.02, facts.errorRateA),
    judge('errorRateB', '<', 0.02, facts.errorRateB),
    judge('unverified', '==', 0, facts.unverified),
    judge('parkKennedy', '==', 0, facts.parkKennedyDifferences),
    judge('noopWrites', '==', 0, facts.noopWrites),
  ];
}
