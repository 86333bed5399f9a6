import { describe, expect, it } from '@jest/globals';
import { type Evaluation, evaluateProperties } from '../../../middleware/src/planning/evaluateProperties.ts';
import { defaultEvaluationSettings } from '../../../middleware/src/planning/evaluationSettings.ts';
import type { SourceProperty, StagingRow } from '../../../middleware/src/planning/sourceRows.ts';
import {
  aCompany,
  aFeatureRow,
  aProductionId,
  aProperty,
  aPropertyUuid,
  aStagingId,
  aStagingRow,
  at,
} from '../../fixtures/properties.ts';

const sfdcId = aProductionId(1);
const companies = [aCompany()];

const evaluateAll = (
  properties: SourceProperty[],
  stagingRows: StagingRow[] = [],
  featureRows: Parameters<typeof aFeatureRow>[0][] = [],
): Evaluation[] => {
  const input = {
    properties,
    companies,
    stagingRows,
    featureRows: featureRows.map((row) => aFeatureRow(row)),
  };
  return [...evaluateProperties(input, defaultEvaluationSettings).values()];
};
const sibling = (number: number, values: Partial<SourceProperty> = {}): SourceProperty =>
  aProperty({
    id: aPropertyUuid(number),
    sfdcId,
    updatedAt: new Date(Date.UTC(2025, 5, 30 - number)),
    ...values,
  });
const inSync = { class: 'IN_SYNC', changes: [] };

/** One case for each row of docs/domain.md §3.5: the evaluations of its properties in their order. */
const cases: [pattern: string, title: string, evaluations: Evaluation[], expected: object[]][] = [
  [
    'D1',
    'excludes a placeholder',
    evaluateAll([aProperty({ sfdcId: 'X'.repeat(15) })]),
    [{ reasonCode: 'PLACEHOLDER_SFDC' }],
  ],
  [
    'D2',
    'makes a group of one of each blank id',
    evaluateAll([null, '', ' \t'].map((blank, index) => sibling(index + 1, { sfdcId: blank }))),
    [1, 2, 3].map((number) => ({
      class: 'CREATE',
      groupKey: aPropertyUuid(number),
      group: { activePropertyCount: 1 },
    })),
  ],
  [
    'D3',
    'joins 15 and 18 characters in one group',
    evaluateAll([sibling(1), sibling(2, { sfdcId: sfdcId.slice(0, 15) })]),
    [{ groupKey: sfdcId, group: { activePropertyCount: 2 } }, { groupKey: sfdcId }],
  ],
  [
    'D4',
    'warns of a staging id in place of a production id',
    evaluateAll([aProperty({ sfdcId: aStagingId(5) })]),
    [{ warnings: ['MALFORMED_SFDC_ID'], groupKey: aPropertyUuid(1), population: 'active_without_sfdc' }],
  ],
  [
    'D5',
    'lets only the active sibling contribute',
    evaluateAll(
      [sibling(1), sibling(2, { status: 'DISABLED' })],
      [],
      [{ propertyId: aPropertyUuid(2), enabled: { idv: at('2020-01-01') } }],
    ),
    [
      { priority: 'P3', group: { memberIds: [aPropertyUuid(1)], totalFeatureCount: 0 } },
      { reasonCode: 'DISABLED' },
    ],
  ],
  [
    'D6',
    'lists all of 67 members',
    evaluateAll(
      Array.from({ length: 70 }, (_, index) => sibling(index + 1, index < 67 ? {} : { status: 'DISABLED' })),
    ).slice(0, 1),
    [
      {
        group: {
          activePropertyCount: 67,
          memberIds: Array.from({ length: 67 }, (_, index) => aPropertyUuid(index + 1)),
        },
      },
    ],
  ],
  [
    'D7',
    'unites the features of members and keeps their names apart',
    evaluateAll(
      [sibling(1, { name: 'Elm House' }), sibling(2, { name: 'Oak House' })],
      [],
      [{ propertyId: aPropertyUuid(2), enabled: { idv: null } }],
    ),
    ['Elm House', 'Oak House'].map((name) => ({
      warnings: ['GROUP_FEATURES_DIFFER'],
      expected: { Name: name, ID_Verification_Enabled__c: true },
    })),
  ],
  [
    'D8',
    'breaks a tie of the newest update',
    evaluateAll([
      sibling(1, { updatedAt: at('2025-06-01') }),
      sibling(2, { updatedAt: at('2025-06-01'), insertedAt: at('2025-04-01') }),
    ]),
    [{ warnings: ['GROUP_TIE'], group: { primary: { id: aPropertyUuid(2) } } }, { warnings: ['GROUP_TIE'] }],
  ],
  [
    'D9',
    'takes the newest of several feature rows',
    evaluateAll(
      [aProperty()],
      [],
      [
        { enabled: { idv: null }, updatedAt: at('2025-01-01') },
        { enabled: { payroll: at('2025-01-02') }, updatedAt: at('2025-01-02') },
      ],
    ),
    [{ expected: { ID_Verification_Enabled__c: false, Connected_Payroll_Enabled__c: true } }],
  ],
  [
    'D10',
    'does not mind several rows on one lookup',
    evaluateAll(
      [sibling(1)],
      [
        aStagingRow({ lookup: sfdcId, values: { Source_Salesforce_ID__c: sfdcId } }),
        aStagingRow({ id: aStagingId(2), key: aPropertyUuid(9), lookup: sfdcId }),
      ],
    ),
    [{ ...inSync, ownRowCount: 1 }],
  ],
  [
    'D11',
    'picks none of several rows with one key',
    evaluateAll([aProperty()], [aStagingRow(), aStagingRow({ id: aStagingId(2) })]),
    [{ class: 'CONFLICT', ownRowCount: 2, expected: null }],
  ],
  [
    'D12',
    'leaves the company name empty when the company is gone',
    evaluateAll([aProperty({ companyId: 'c0000000-0000-4000-8000-0000000000ff' })]),
    [{ class: 'CREATE', warnings: ['COMPANY_UNRESOLVED'], expected: { Company_Name__c: null } }],
  ],
  [
    'D13',
    'cleans a name, keeps its suffix and cuts it to 80',
    evaluateAll([
      aProperty({ name: ' Elm\tHouse\n- Guarantor 1234567 ' }),
      aProperty({ id: aPropertyUuid(2), name: `${'n'.repeat(79)} cut` }),
    ]),
    [
      { warnings: [], expected: { Name: 'Elm House - Guarantor 1234567' } },
      { warnings: ['NAME_TRUNCATED'], expected: { Name: 'n'.repeat(79) } },
    ],
  ],
  [
    'D14',
    'takes state, ZIP and city as they can be understood',
    evaluateAll([
      aProperty({ state: '', zip: '02134-1000', city: ' Elm ' }),
      aProperty({ id: aPropertyUuid(2), state: 'Texas', zip: '2134' }),
    ]),
    [
      { warnings: [], expected: { State_Code__c: null, Postal_Code__c: '02134-1000', City__c: 'Elm' } },
      { warnings: ['POSTAL_SUSPECT'], expected: { State_Code__c: 'TX', Postal_Code__c: '2134' } },
    ],
  ],
  [
    'D15',
    'fills what Salesforce lacks',
    evaluateAll([aProperty()], [aStagingRow({ values: { State_Code__c: null, Street__c: '' } })]),
    [
      {
        class: 'UPDATE',
        changes: [
          { field: 'Street__c', from: null, to: '1 Maple Street' },
          { field: 'State_Code__c', from: null, to: 'IL' },
        ],
      },
    ],
  ],
  [
    'D18',
    'reads booleans in every form on both sides',
    evaluateAll(
      [aProperty()],
      [
        aStagingRow({
          values: {
            Is_Multi_Property__c: 0,
            Fraud_Detection_Enabled__c: 'false',
            ID_Verification_Enabled__c: null,
          },
        }),
      ],
    ),
    [inSync],
  ],
  [
    'D19',
    'excludes a test word and not a word that holds one',
    evaluateAll([
      aProperty({ name: 'Maple (TEST)' }),
      aProperty({ id: aPropertyUuid(2), name: 'Devon Court' }),
    ]),
    [{ reasonCode: 'TEST_NAME' }, { class: 'CREATE' }],
  ],
  [
    'D21',
    'sees another name in Salesforce as an ordinary difference',
    evaluateAll([aProperty()], [aStagingRow({ values: { Name: 'Maple Ct' } })]),
    [{ class: 'UPDATE', warnings: [], changes: [{ field: 'Name', from: 'Maple Ct', to: 'Maple Court' }] }],
  ],
];

describe('dirty data (docs/domain.md §3.5)', () => {
  // D16 is a column that is never read, D17 a value of the org's picklist (guards), D20 a matter of naming fields.
  it.each(cases)('%s: %s', (_pattern, _title, evaluations, expected) =>
    expect(evaluations).toMatchObject(expected),
  );
});
