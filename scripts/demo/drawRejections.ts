import type { Evaluation } from '../../middleware/src/planning/evaluateProperties.ts';
import type { OrgAudit } from './auditOrg.ts';

/** Keys of the records that the org is to refuse. */
export interface Rejections {
  readonly creates: readonly string[];
  readonly updates: readonly string[];
}

const identityFields: readonly string[] = ['Name', 'State_Code__c'];

/**
 * Chooses creates without a paid feature and updates that change identity only (docs/domain.md §18.7), by the raw source
 * and the org alone. Equal audits give equal keys. A create whose Salesforce id is shared is left out: it would keep its
 * property blocked, which is another criterion.
 */
export function drawRejections(
  { evaluations }: OrgAudit,
  wanted: { readonly creates: number; readonly updates: number },
): Rejections {
  const all = [...evaluations.values()];
  const membersOf = Map.groupBy(all, ({ groupKey }) => groupKey);
  const isUnshared = ({ groupKey }: Evaluation): boolean => membersOf.get(groupKey)?.length === 1;
  const firstKeys = (count: number, isFit: (evaluation: Evaluation) => boolean): string[] => {
    const keys = all.filter(isFit).map(({ rdsPropertyId }) => rdsPropertyId);
    if (keys.length < count)
      throw new Error(`Only ${String(keys.length)} records fit, not ${String(count)}.`);
    return keys.sort().slice(0, count);
  };
  return {
    creates: firstKeys(
      wanted.creates,
      (evaluation) => evaluation.class === 'CREATE' && evaluation.priority === 'P3' && isUnshared(evaluation),
    ),
    updates: firstKeys(
      wanted.updates,
      ({ class: name, changes }) =>
        name === 'UPDATE' && changes.every(({ field }) => identityFields.includes(field)),
    ),
  };
}
