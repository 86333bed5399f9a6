import { describe, expect, it } from '@jest/globals';
import { defaultFieldMap, type FieldExplanation } from '../../../middleware/src/contracts/index.ts';
import { evaluateProperties } from '../../../middleware/src/planning/evaluateProperties.ts';
import { defaultEvaluationSettings } from '../../../middleware/src/planning/evaluationSettings.ts';
import { compareNewestFirst } from '../../../middleware/src/planning/groupProperties.ts';
import { toStagingRow } from '../../../middleware/src/planning/toStagingRow.ts';
import type { StagingRecord } from '../../../middleware/src/ports/crm.ts';
import { explainFields } from '../../../middleware/src/properties/explainFields.ts';
import { fieldRule } from '../../../middleware/src/properties/fieldRules.ts';
import { aStagingRecord } from '../../fixtures/ledger.ts';
import {
  aCompany,
  aFeatureRow,
  aProductionId,
  aProperty,
  aPropertyUuid,
  at,
} from '../../fixtures/properties.ts';

/** Newest first: 1, 2, 3; the fourth is DISABLED. */
const properties = [1, 2, 3, 4].map((number) =>
  aProperty({
    id: aPropertyUuid(number),
    sfdcId: aProductionId(1),
    updatedAt: at(`2025-06-0${9 - number}T00:00:00.000Z`),
    status: number === 4 ? 'DISABLED' : 'ACTIVE',
  }),
);
const featureRows = [
  // Off, with a date of its own that must not count.
  aFeatureRow({ propertyId: aPropertyUuid(1), stale: { payroll: at('2024-01-01T00:00:00.000Z') } }),
  aFeatureRow({
    propertyId: aPropertyUuid(2),
    enabled: { payroll: at('2025-03-01T23:30:00.000Z'), idv: null },
  }),
  aFeatureRow({
    propertyId: aPropertyUuid(3),
    enabled: { payroll: at('2025-02-01T00:00:00.000Z'), idv: null },
  }),
  aFeatureRow({ propertyId: aPropertyUuid(4), enabled: { document_fraud: at('2023-01-01T00:00:00.000Z') } }),
];

function explain(number: number, ownRows: readonly StagingRecord[] = []): Map<string, FieldExplanation> {
  const evaluations = evaluateProperties(
    { properties, companies: [aCompany()], featureRows, stagingRows: ownRows.map(toStagingRow) },
    defaultEvaluationSettings,
  );
  const all = [...evaluations.values()];
  const evaluation = all.find(({ rdsPropertyId }) => rdsPropertyId === aPropertyUuid(number));
  if (evaluation === undefined) throw new Error('The property is gone.');
  const fields = explainFields(
    {
      evaluation,
      ownRows,
      contributors: all
        .map(({ property }) => property)
        .filter(({ isEligible }) => isEligible)
        .sort(compareNewestFirst),
      source: { property_name: ' Maple\tCourt ', sfdc_id_18: aProductionId(1).slice(0, 15) },
      view: { Name: 'Maple Court (old)' },
    },
    defaultFieldMap,
  );
  return new Map(fields.map((field) => [field.field, field]));
}
const aRow = (values: StagingRecord['values'] = {}): StagingRecord =>
  aStagingRecord({ key: aPropertyUuid(1), values });

describe('where a value comes from', () => {
  it('is the property itself for its identity, as it stands in the source', () => {
    expect(explain(1).get('Name')).toMatchObject({
      column: 'property_name',
      source: ' Maple\tCourt ',
      view: 'Maple Court (old)',
      expected: 'Maple Court',
      contributorId: aPropertyUuid(1),
    });
    expect(explain(1).get('Source_Salesforce_ID__c')).toMatchObject({
      source: aProductionId(1).slice(0, 15),
      expected: aProductionId(1),
    });
  });

  it('is for a flag the first contributor that has the feature', () => {
    for (const number of [1, 2, 3]) {
      expect(explain(number).get('Connected_Payroll_Enabled__c')).toMatchObject({
        source: true,
        expected: true,
        contributorId: aPropertyUuid(2),
      });
    }
  });

  it('is for a date the contributor that got the feature first, and never one that has it off', () => {
    expect(explain(1).get('Connected_Payroll_Start_Date__c')).toMatchObject({
      source: '2025-02-01T00:00:00.000Z',
      expected: '2025-02-01',
      contributorId: aPropertyUuid(3),
    });
  });

  it('is nobody for a feature that none has, and for a date that none has', () => {
    expect(explain(1).get('Bank_Linking_Enabled__c')).toMatchObject({
      source: false,
      expected: false,
      contributorId: null,
    });
    expect(explain(1).get('ID_Verification_Start_Date__c')).toMatchObject({
      source: null,
      expected: null,
      contributorId: null,
    });
  });

  it('is nobody for what the group has as a whole', () => {
    expect(explain(1).get('Active_Property_Count__c')).toMatchObject({
      source: null,
      expected: 3,
      contributorId: null,
    });
    expect(explain(1).get('Is_Multi_Property__c')).toMatchObject({ expected: true, contributorId: null });
    expect(explain(1).get('Contributing_Property_IDs__c')).toMatchObject({
      expected: [1, 2, 3].map(aPropertyUuid).join(';'),
      contributorId: null,
    });
  });

  it('shows what a property that does not contribute has itself, and that it does not count', () => {
    const row = aStagingRecord({ key: aPropertyUuid(4), values: {} });
    expect(explain(4, [row]).get('Connected_Payroll_Enabled__c')).toMatchObject({
      source: false,
      expected: false,
      contributorId: null,
    });
    expect(explain(4, [row]).get('Fraud_Detection_Enabled__c')).toMatchObject({
      source: true,
      expected: false,
      contributorId: null,
    });
  });
});

describe('what differs', () => {
  it('is everything but what is empty or off, where there is no row', () => {
    const fields = explain(1);
    expect(fields.get('Name')).toMatchObject({ salesforce: null, doesDiffer: true });
    expect(fields.get('Bank_Linking_Enabled__c')).toMatchObject({ salesforce: null, doesDiffer: false });
    expect(fields.get('Bank_Linking_Start_Date__c')).toMatchObject({ salesforce: null, doesDiffer: false });
  });

  it('is judged as the sync does, and shown as Salesforce holds it', () => {
    const fields = explain(1, [aRow({ Name: 'Maple  Court', City__c: 'Elsewhere' })]);
    expect(fields.get('Name')).toMatchObject({ salesforce: 'Maple  Court', doesDiffer: false });
    expect(fields.get('City__c')).toMatchObject({ salesforce: 'Elsewhere', doesDiffer: true });
  });

  it('is nothing where the sync compares nothing: two rows, or an excluded property', () => {
    const twice = explain(1, [aRow({ Name: 'One' }), aRow({ Name: 'Two' })]);
    expect(twice.get('Name')).toMatchObject({ expected: 'Maple Court', salesforce: null, doesDiffer: false });
    const excluded = explain(4);
    for (const field of excluded.values()) expect(field).toMatchObject({ expected: null, doesDiffer: false });
  });
});

describe('the rule of a field', () => {
  it.each(defaultFieldMap.map((mapping) => [mapping.field, mapping] as const))(
    '%s is one sentence',
    (_field, mapping) => {
      expect(fieldRule(mapping)).toMatch(/^[A-Z][^.]*\.$/);
    },
  );

  it('is asked of no column that has none', () => {
    expect(() => fieldRule({ column: 'churn' })).toThrow('churn');
  });
});
