import { describe, expect, it } from '@jest/globals';
import { features } from '../../../middleware/src/contracts/fieldMap.ts';
import { evaluateProperties } from '../../../middleware/src/planning/evaluateProperties.ts';
import { defaultEvaluationSettings } from '../../../middleware/src/planning/evaluationSettings.ts';
import type { SourceFeatureRow, SourceProperty } from '../../../middleware/src/planning/sourceRows.ts';
import {
  aCompany,
  aFeatureRow,
  aProductionId,
  aProperty,
  aPropertyUuid,
  at,
} from '../../fixtures/properties.ts';

const sfdcId = aProductionId(1);

/** Properties 1, 2, … that share one production id, the first the newest, unless said otherwise. */
const siblings = (...values: Partial<SourceProperty>[]): SourceProperty[] =>
  values.map((value, index) =>
    aProperty({
      id: aPropertyUuid(index + 1),
      sfdcId,
      updatedAt: new Date(Date.UTC(2025, 5, 1) - index),
      ...value,
    }),
  );
const featuresOf = (number: number, values: Parameters<typeof aFeatureRow>[0]): SourceFeatureRow =>
  aFeatureRow({ ...values, propertyId: aPropertyUuid(number) });

const evaluate = (properties: SourceProperty[], featureRows: SourceFeatureRow[] = []) => {
  const input = { properties, companies: [aCompany()], featureRows, stagingRows: [] };
  const evaluations = [...evaluateProperties(input, defaultEvaluationSettings).values()];
  return { evaluations, group: evaluations[0]?.group, warnings: evaluations.map(({ warnings }) => warnings) };
};

describe('members of a group', () => {
  it('share an id in its 15- and 18-character form', () => {
    const { group } = evaluate(siblings({}, { sfdcId: sfdcId.slice(0, 15) }, { sfdcId: ` ${sfdcId}\t` }));
    expect(group).toMatchObject({ key: sfdcId, activePropertyCount: 3, isMultiProperty: true });
  });

  it.each([null, '', ' ', '\t'])('are only the property itself when its id is %j', (blank) => {
    const { evaluations } = evaluate(siblings({ sfdcId: blank }, { sfdcId: blank }));
    expect(evaluations.map(({ group }) => group?.key)).toEqual([aPropertyUuid(1), aPropertyUuid(2)]);
    expect(evaluations[0]?.group).toMatchObject({
      sfdcId18: null,
      activePropertyCount: 1,
      isMultiProperty: false,
    });
  });

  it('are only the property itself when its id is malformed', () => {
    const { group, warnings } = evaluate(siblings({ sfdcId: 'n/a' }, { sfdcId: 'n/a' }));
    expect(group?.memberIds).toEqual([aPropertyUuid(1)]);
    expect(warnings).toEqual([['MALFORMED_SFDC_ID'], ['MALFORMED_SFDC_ID']]);
  });

  it.each<[string, Partial<SourceProperty>]>([
    ['disabled', { status: 'DISABLED' }],
    ['deleted by status', { status: 'DELETED' }],
    ['of an unknown status', { status: 'PAUSED' }],
    ['without a status', { status: null }],
    ['soft-deleted', { isDeleted: true }],
    ['a test', { name: 'Test Court' }],
    ['without a company', { companyId: null }],
    ['of a blank company', { companyId: '' }],
  ])('are not those that are %s', (_title, values) => {
    const { evaluations, group } = evaluate(siblings({}, values), [
      featuresOf(2, { enabled: { idv: at('2020-01-01') } }),
    ]);
    expect(group).toMatchObject({
      memberIds: [aPropertyUuid(1)],
      totalFeatureCount: 0,
      hasAnyFeatures: false,
    });
    expect(evaluations[1]?.group).toBeNull();
  });

  it('count a soft-delete mark that is null as live, and a status in any case', () => {
    const { group } = evaluate(siblings({ isDeleted: null }, { status: ' active ' }));
    expect(group?.activePropertyCount).toBe(2);
  });

  it('may be 67, beside three disabled ones', () => {
    const members = Array.from({ length: 67 }, () => ({}));
    const disabled = Array.from({ length: 3 }, () => ({ status: 'DISABLED' }));
    const { evaluations, group } = evaluate(siblings(...members, ...disabled), [
      featuresOf(40, { enabled: { payroll: at('2025-04-01') } }),
    ]);
    expect(group).toMatchObject({ activePropertyCount: 67, totalFeatureCount: 1, hasPaidFeatures: true });
    const rows = evaluations.slice(0, 67).map(({ expected }) => expected);
    const contributors = Array.from({ length: 67 }, (_, index) => aPropertyUuid(index + 1)).join(';');
    for (const row of rows) {
      expect(row).toMatchObject({
        Connected_Payroll_Enabled__c: true,
        Connected_Payroll_Start_Date__c: '2025-04-01',
        Active_Property_Count__c: 67,
        Is_Multi_Property__c: true,
        Contributing_Property_IDs__c: contributors,
      });
    }
  });
});

describe('features of a group', () => {
  it('are on when any member has them', () => {
    const { group, warnings } = evaluate(siblings({}, {}), [
      featuresOf(1, { enabled: { idv: at('2025-01-01') } }),
      featuresOf(2, { enabled: { document_fraud: at('2025-01-01') } }),
    ]);
    expect(group?.flags).toEqual({
      idv: true,
      bank_linking: false,
      payroll: false,
      income_insights: false,
      document_fraud: true,
    });
    expect(group).toMatchObject({ totalFeatureCount: 2, hasAnyFeatures: true, hasPaidFeatures: true });
    expect(warnings).toEqual([['GROUP_FEATURES_DIFFER'], ['GROUP_FEATURES_DIFFER']]);
  });

  it('start on the earliest day in UTC of the members that have them', () => {
    const { group } = evaluate(siblings({}, {}, {}), [
      featuresOf(1, { enabled: { idv: new Date('2025-03-01T20:00:00-07:00') } }),
      featuresOf(2, { enabled: { idv: at('2025-03-02T02:00:00.000Z') } }),
      featuresOf(3, { stale: { idv: at('2019-01-01') } }),
    ]);
    expect(group?.startDates.idv).toBe('2025-03-02');
  });

  it('have no date when they are off, whatever a member once had', () => {
    const { group } = evaluate(siblings({}), [featuresOf(1, { stale: { payroll: at('2019-01-01') } })]);
    expect(group).toMatchObject({ flags: { payroll: false }, startDates: { payroll: null } });
  });

  it('pass over a member that has the feature without a date', () => {
    const { group, warnings } = evaluate(siblings({}, {}), [
      featuresOf(1, { enabled: { payroll: null } }),
      featuresOf(2, { enabled: { payroll: at('2025-03-02') } }),
    ]);
    expect(group?.startDates.payroll).toBe('2025-03-02');
    expect(warnings).toEqual([[], []]);
  });

  it.each(features)('warn of a missing date of %s, IDV excepted', (feature) => {
    const { warnings } = evaluate(siblings({}), [featuresOf(1, { enabled: { [feature]: null } })]);
    expect(warnings).toEqual([feature === 'idv' ? [] : ['DATE_MISSING']]);
  });

  it('do not make a group paid by document fraud alone', () => {
    const { group } = evaluate(siblings({}), [
      featuresOf(1, { enabled: { document_fraud: at('2025-01-01') } }),
    ]);
    expect(group).toMatchObject({ hasAnyFeatures: true, hasPaidFeatures: false });
  });
});

describe('the primary of a group', () => {
  const [first, second] = [at('2025-01-01'), at('2025-01-02')];

  it.each<[string, Partial<SourceProperty>[], number, string[]]>([
    ['newest update', [{ updatedAt: first }, { updatedAt: second }], 2, []],
    [
      'newest insert on a tie',
      [
        { updatedAt: second, insertedAt: first },
        { updatedAt: second, insertedAt: second },
      ],
      2,
      ['GROUP_TIE'],
    ],
    ['lowest id on two ties', [{ updatedAt: second }, { updatedAt: second }], 1, ['GROUP_TIE']],
    ['member with an update', [{ updatedAt: null }, { updatedAt: first }], 2, []],
    [
      'newest, whatever older ones tie',
      [{ updatedAt: first }, { updatedAt: first }, { updatedAt: second }],
      3,
      [],
    ],
  ])('is the %s', (_title, values, number, warnings) => {
    const properties = siblings(...values);
    for (const ordered of [properties, properties.toReversed()]) {
      const result = evaluate(ordered);
      expect(result.group?.primary.id).toBe(aPropertyUuid(number));
      expect(result.group?.lastUpdatedAt).toEqual(values[number - 1]?.updatedAt ?? aProperty().updatedAt);
      expect(result.warnings).toEqual(ordered.map(() => warnings));
    }
  });

  it('gives no member its own identity', () => {
    const { evaluations } = evaluate(
      siblings({ name: 'Elm House' }, { name: 'Oak House', updatedAt: at('2025-12-01') }),
    );
    expect(evaluations.map(({ expected }) => expected?.['Name'])).toEqual(['Elm House', 'Oak House']);
  });
});
