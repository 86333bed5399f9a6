import { beforeAll, describe, expect, it } from '@jest/globals';
import type { Evaluation } from '../../../middleware/src/planning/evaluateProperties.ts';
import { evaluateProperties } from '../../../middleware/src/planning/evaluateProperties.ts';
import { defaultEvaluationSettings } from '../../../middleware/src/planning/evaluationSettings.ts';
import { features, salesforceStems } from '../../../middleware/src/contracts/fieldMap.ts';
import type { Group } from '../../../middleware/src/planning/groupProperties.ts';
import { januaryWorld } from '../../fixtures/baselineWorlds.ts';
import { parkKennedyIds } from '../../fixtures/namedCases.ts';

const countBy = <Item>(
  items: readonly Item[],
  keyOf: (item: Item) => string | null,
): Record<string, number> => {
  const counts: Record<string, number> = {};
  for (const item of items) {
    const key = keyOf(item);
    if (key !== null) counts[key] = (counts[key] ?? 0) + 1;
  }
  return counts;
};

describe('the January baseline (docs/domain.md §18)', () => {
  let evaluations: Evaluation[];
  let groups: Group[];
  beforeAll(() => {
    evaluations = [...evaluateProperties(januaryWorld(), defaultEvaluationSettings).values()];
    groups = [...new Set(evaluations.map(({ group }) => group))].filter((group) => group !== null);
  });
  const ofClass = (name: Evaluation['class']): Evaluation[] =>
    evaluations.filter((evaluation) => evaluation.class === name);

  it('falls into these classes', () => {
    expect(evaluations).toHaveLength(20_186);
    expect(countBy(evaluations, ({ class: name }) => name)).toEqual({
      CREATE: 1_081,
      UPDATE: 1_843,
      IN_SYNC: 15_619,
      CONFLICT: 258,
      EXCLUDED: 1_385,
    });
    expect(countBy(evaluations, ({ reasonCode }) => reasonCode)).toEqual({
      DISABLED: 1_061,
      PLACEHOLDER_SFDC: 267,
      TEST_NAME: 40,
      NO_COMPANY: 5,
      SOURCE_DELETED: 12,
    });
  });

  it('has these groups', () => {
    expect(groups).toHaveLength(11_579);
    expect(groups.filter(({ sfdcId18 }) => sfdcId18 !== null)).toHaveLength(8_629);
    const multi = groups.filter(({ isMultiProperty }) => isMultiProperty);
    expect(countBy(multi, ({ activePropertyCount }) => String(activePropertyCount))).toEqual({
      2: 280,
      3: 32,
      6: 1,
      9: 1,
      10: 1,
      67: 1,
    });
    expect(multi.filter(({ hasPaidFeatures }) => hasPaidFeatures)).toHaveLength(236);
    expect(multi.filter(({ hasDifferentFeatures }) => hasDifferentFeatures)).toHaveLength(182);
    expect(groups.filter(({ hasTie }) => hasTie)).toHaveLength(3);
    const members = groups.reduce((sum, { activePropertyCount }) => sum + activePropertyCount, 0);
    expect(members).toBe(12_011);
  });

  it('has these priorities and populations', () => {
    expect(countBy(ofClass('CREATE'), ({ priority }) => priority)).toEqual({ P1: 507, P3: 574 });
    const existing = evaluations.filter(({ current }) => current !== null);
    expect(countBy(existing, ({ population }) => population)).toEqual({
      active_with_sfdc: 7_980,
      active_without_sfdc: 2_854,
      disabled: 6_628,
    });
    expect(countBy(ofClass('UPDATE'), ({ population }) => population)).toEqual({
      active_with_sfdc: 1_471,
      active_without_sfdc: 60,
      disabled: 312,
    });
    const matchedPaid = existing.filter(
      ({ population, priority }) => population === 'active_with_sfdc' && priority === 'P2',
    );
    expect(matchedPaid).toHaveLength(6_200);
  });

  it('has these differences and no other', () => {
    const changes = evaluations.flatMap((evaluation) => evaluation.changes);
    expect(countBy(changes, ({ field }) => field)).toEqual({
      ID_Verification_Enabled__c: 799,
      Bank_Linking_Enabled__c: 140,
      Bank_Linking_Start_Date__c: 140,
      Connected_Payroll_Enabled__c: 83,
      Connected_Payroll_Start_Date__c: 83,
      Income_Verification_Enabled__c: 255,
      Income_Verification_Start_Date__c: 255,
      Fraud_Detection_Enabled__c: 205,
      Fraud_Detection_Start_Date__c: 205,
      Name: 299,
      State_Code__c: 160,
      Status__c: 312,
      Active_Property_Count__c: 312,
      Contributing_Property_IDs__c: 312,
    });
    expect(changes).toHaveLength(3_560);
    expect(changes.filter(({ to }) => to === null)).toHaveLength(772);
  });

  it('has this feature accuracy', () => {
    const comparable = evaluations.filter(({ current, property }) => current !== null && property.isEligible);
    const fields = features.map((feature) => `${salesforceStems[feature]}_Enabled__c`);
    const accurate = comparable.filter(({ changes }) => !changes.some(({ field }) => fields.includes(field)));
    expect([comparable.length, accurate.length]).toEqual([10_834, 9_762]);
  });

  it('has these warnings', () => {
    const counts = countBy(
      evaluations.flatMap(({ warnings }) => warnings),
      (warning) => warning,
    );
    expect(counts).toMatchObject({ LINK_MISMATCH: 6, POSTAL_SUSPECT: 24, EXCLUDED_WITH_ROW: 30 });
    const unresolved = evaluations.filter(({ warnings }) => warnings.includes('COMPANY_UNRESOLVED'));
    expect(unresolved.filter(({ property }) => property.isEligible)).toHaveLength(25);
    expect(Object.keys(counts)).not.toContain('MALFORMED_SFDC_ID');
    expect(Object.keys(counts)).not.toContain('FEATURE_ROWS_AMBIGUOUS');
    expect(Object.keys(counts)).not.toContain('UNKNOWN_STATUS');
    expect(Object.keys(counts)).not.toContain('INVALID_STATE');
    expect(Object.keys(counts)).not.toContain('NAME_TRUNCATED');
    expect(Object.keys(counts)).not.toContain('DATE_MISSING');
  });

  it('holds Park Kennedy in the create queue', () => {
    const active = evaluations.find(({ rdsPropertyId }) => rdsPropertyId === parkKennedyIds.active);
    expect(active).toMatchObject({ class: 'CREATE', priority: 'P1', group: { activePropertyCount: 1 } });
  });
});
