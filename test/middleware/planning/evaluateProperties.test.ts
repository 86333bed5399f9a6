import { describe, expect, it } from '@jest/globals';
import { defaultFieldMap, features, salesforceStems } from '../../../middleware/src/contracts/fieldMap.ts';
import { type Evaluation, evaluateProperties } from '../../../middleware/src/planning/evaluateProperties.ts';
import { defaultEvaluationSettings } from '../../../middleware/src/planning/evaluationSettings.ts';
import { type PropertyId, toPropertyId } from '../../../middleware/src/planning/salesforceId.ts';
import type {
  SourceCompany,
  SourceFeatureRow,
  SourceProperty,
  StagingRow,
} from '../../../middleware/src/planning/sourceRows.ts';
import { parkKennedy, parkKennedyIds } from '../../fixtures/namedCases.ts';
import {
  aCompany,
  aCompanyUuid,
  aFeatureRow,
  aProductionId,
  aProperty,
  aPropertyUuid,
  aStagingId,
  aStagingRow,
  at,
} from '../../fixtures/properties.ts';

interface Rows {
  readonly properties?: SourceProperty[];
  readonly companies?: SourceCompany[];
  readonly featureRows?: SourceFeatureRow[];
  readonly stagingRows?: StagingRow[];
}

const evaluateAll = (rows: Rows, settings = defaultEvaluationSettings): Evaluation[] => {
  const { properties = [aProperty()], companies = [aCompany()], featureRows = [], stagingRows = [] } = rows;
  return [...evaluateProperties({ properties, companies, featureRows, stagingRows }, settings).values()];
};
const evaluate = (rows: Rows, settings = defaultEvaluationSettings): Evaluation => {
  const [first] = evaluateAll(rows, settings);
  if (first === undefined) throw new Error('There is no property.');
  return first;
};
const ofProperty = (values: Partial<SourceProperty>, stagingRows: StagingRow[] = []): Evaluation =>
  evaluate({ properties: [aProperty(values)], stagingRows });

const disabledRow = aStagingRow({
  values: { Status__c: 'DISABLED', Active_Property_Count__c: 0, Contributing_Property_IDs__c: null },
});

describe('the class of a property', () => {
  const rows = {
    none: [],
    one: [aStagingRow()],
    two: [aStagingRow(), aStagingRow({ id: aStagingId(2) })],
  };

  it.each<[string, Partial<SourceProperty>, keyof typeof rows, string, string | null]>([
    ['soft-deleted', { isDeleted: true }, 'none', 'EXCLUDED', 'SOURCE_DELETED'],
    ['soft-deleted with a row', { isDeleted: true }, 'one', 'EXCLUDED', 'SOURCE_DELETED'],
    ['of status DELETED', { status: 'deleted ' }, 'none', 'EXCLUDED', 'SOURCE_DELETED'],
    [
      'deleted, a placeholder and a test',
      { isDeleted: true, sfdcId: 'X', name: 'Test' },
      'none',
      'EXCLUDED',
      'SOURCE_DELETED',
    ],
    ['a placeholder', { sfdcId: 'XXXXXXXXXXXXXXX' }, 'one', 'EXCLUDED', 'PLACEHOLDER_SFDC'],
    ['a placeholder and a test', { sfdcId: 'XXX', name: 'Test' }, 'none', 'EXCLUDED', 'PLACEHOLDER_SFDC'],
    ['a test', { name: 'Test Court' }, 'one', 'EXCLUDED', 'TEST_NAME'],
    ['a test without a company', { name: 'Test', companyId: null }, 'none', 'EXCLUDED', 'TEST_NAME'],
    ['without a company', { companyId: null }, 'one', 'EXCLUDED', 'NO_COMPANY'],
    ['of a blank company', { companyId: ' ' }, 'none', 'EXCLUDED', 'NO_COMPANY'],
    ['disabled without a company', { companyId: null, status: 'DISABLED' }, 'none', 'EXCLUDED', 'NO_COMPANY'],
    ['disabled without a row', { status: 'DISABLED' }, 'none', 'EXCLUDED', 'DISABLED'],
    ['disabled with a row', { status: 'DISABLED' }, 'one', 'UPDATE', null],
    ['disabled with two rows', { status: 'DISABLED' }, 'two', 'CONFLICT', null],
    ['of an unknown status', { status: 'PAUSED' }, 'none', 'EXCLUDED', 'DISABLED'],
    ['of an unknown status with a row', { status: 'PAUSED' }, 'one', 'EXCLUDED', 'DISABLED'],
    ['of an unknown status with two rows', { status: 'PAUSED' }, 'two', 'EXCLUDED', 'DISABLED'],
    ['without a status', { status: null }, 'one', 'EXCLUDED', 'DISABLED'],
    ['of an empty status', { status: '' }, 'one', 'EXCLUDED', 'DISABLED'],
    ['active without a row', {}, 'none', 'CREATE', null],
    ['active with a blank id', { sfdcId: '' }, 'none', 'CREATE', null],
    ['active with two rows', {}, 'two', 'CONFLICT', null],
    ['active with a row that differs', { name: 'Oak House' }, 'one', 'UPDATE', null],
    ['active with a row that agrees', {}, 'one', 'IN_SYNC', null],
    ['active in small letters', { status: ' active' }, 'one', 'IN_SYNC', null],
    ['created long ago', { insertedAt: at('2019-01-01') }, 'none', 'CREATE', null],
    ['updated an hour ago', { updatedAt: at('2026-01-05T11:00:00Z') }, 'one', 'IN_SYNC', null],
    ['unsure about its soft delete', { isDeleted: null }, 'one', 'IN_SYNC', null],
  ])('that is %s', (_title, values, own, expected, reasonCode) => {
    expect(ofProperty(values, rows[own])).toMatchObject({ class: expected, reasonCode });
  });

  it('counts a recycled own row as none', () => {
    const evaluation = ofProperty({}, [aStagingRow({ isDeleted: true })]);
    expect(evaluation).toMatchObject({ class: 'CREATE', ownRowCount: 0, stagingIds: [] });
  });

  it('finds the own row by the key alone, in any case, and not by the lookup or the record id', () => {
    const sfdcId = aProductionId(1);
    const foreign = aStagingRow({ id: aStagingId(2), key: aPropertyUuid(9), lookup: sfdcId });
    const keyless = aStagingRow({ id: aStagingId(3), key: null, lookup: sfdcId });
    const blank = aStagingRow({ id: aStagingId(4), key: '', lookup: sfdcId });
    const own = aStagingRow({ key: aPropertyUuid(1).toUpperCase() });
    expect(ofProperty({ sfdcId }, [foreign, keyless, blank])).toMatchObject({ class: 'CREATE' });
    expect(ofProperty({}, [foreign, own])).toMatchObject({ class: 'IN_SYNC', stagingIds: [aStagingId(1)] });
  });

  it('lists the ids of several own rows in order and picks none', () => {
    const own = [aStagingRow({ id: aStagingId(3) }), aStagingRow({ id: aStagingId(2) })];
    expect(ofProperty({}, own)).toMatchObject({
      class: 'CONFLICT',
      ownRowCount: 2,
      stagingIds: [aStagingId(2), aStagingId(3)],
      expected: null,
      changes: [],
      priority: null,
    });
  });

  it('is in sync when a placeholder or a test is not excluded by the settings', () => {
    const settings = { ...defaultEvaluationSettings, excludePlaceholder: false, excludeTestNames: false };
    expect(evaluate({ properties: [aProperty({ sfdcId: 'XXX' })] }, settings).class).toBe('CREATE');
    expect(evaluate({ properties: [aProperty({ name: 'Test' })] }, settings).class).toBe('CREATE');
  });

  it('is not that of a test when its id is on the allow-list', () => {
    const testAllowList = new Set([toPropertyId(aPropertyUuid(1).toUpperCase()) as PropertyId]);
    const settings = { ...defaultEvaluationSettings, testAllowList };
    expect(evaluate({ properties: [aProperty({ name: 'Test' })] }, settings).class).toBe('CREATE');
  });
});

describe('what Salesforce should hold', () => {
  it('is every mapped field, identity from the property and features from the group', () => {
    const sfdcId = aProductionId(1);
    const [evaluation] = evaluateAll({
      properties: [
        aProperty({ sfdcId, state: 'illinois', zip: '02134-1000' }),
        aProperty({ id: aPropertyUuid(2), sfdcId, updatedAt: at('2025-12-01'), name: 'Oak House' }),
      ],
      featureRows: [
        aFeatureRow({ propertyId: aPropertyUuid(2), enabled: { idv: null, payroll: at('2025-04-01') } }),
      ],
    });
    expect(evaluation?.expected).toEqual({
      Name: 'Maple Court',
      Short_ID__c: 'mpl0000001',
      Company_ID__c: aCompanyUuid(1),
      Company_Name__c: 'Northwind Homes',
      Street__c: '1 Maple Street',
      City__c: 'Springfield',
      State_Code__c: 'IL',
      Postal_Code__c: '02134-1000',
      Status__c: 'ACTIVE',
      ID_Verification_Enabled__c: true,
      ID_Verification_Start_Date__c: null,
      Bank_Linking_Enabled__c: false,
      Bank_Linking_Start_Date__c: null,
      Connected_Payroll_Enabled__c: true,
      Connected_Payroll_Start_Date__c: '2025-04-01',
      Income_Verification_Enabled__c: false,
      Income_Verification_Start_Date__c: null,
      Fraud_Detection_Enabled__c: false,
      Fraud_Detection_Start_Date__c: null,
      Active_Property_Count__c: 2,
      Is_Multi_Property__c: true,
      Contributing_Property_IDs__c: `${aPropertyUuid(1)};${aPropertyUuid(2)}`,
      Source_Salesforce_ID__c: sfdcId,
    });
  });

  it('is no feature and no group for a disabled property, whatever its siblings have', () => {
    const sfdcId = aProductionId(1);
    const evaluation = evaluate({
      properties: [
        aProperty({ sfdcId, status: 'DISABLED', name: 'Elm House' }),
        aProperty({ id: aPropertyUuid(2), sfdcId }),
      ],
      featureRows: [1, 2].map((number) =>
        aFeatureRow({ propertyId: aPropertyUuid(number), enabled: { idv: at('2025-01-01') } }),
      ),
      stagingRows: [
        aStagingRow({
          values: { ID_Verification_Enabled__c: true, ID_Verification_Start_Date__c: '2025-01-01' },
        }),
      ],
    });
    expect(evaluation).toMatchObject({ class: 'UPDATE', priority: null, group: null });
    expect(evaluation.changes).toEqual([
      { field: 'Name', from: 'Maple Court', to: 'Elm House' },
      { field: 'Status__c', from: 'ACTIVE', to: 'DISABLED' },
      { field: 'ID_Verification_Enabled__c', from: true, to: false },
      { field: 'ID_Verification_Start_Date__c', from: '2025-01-01', to: null },
      { field: 'Active_Property_Count__c', from: 1, to: 0 },
      { field: 'Contributing_Property_IDs__c', from: aPropertyUuid(1), to: null },
      { field: 'Source_Salesforce_ID__c', from: null, to: sfdcId },
    ]);
  });

  it('is nothing for a property that is never written', () =>
    expect(ofProperty({ companyId: null }, [aStagingRow()])).toMatchObject({
      expected: null,
      current: null,
    }));

  it.each([
    ['missing', []],
    ['deleted', [aCompany({ isDeleted: true })]],
    ['unnamed', [aCompany({ name: null })]],
    ['of a blank name', [aCompany({ name: '\t' })]],
  ])('has no company name when the company is %s', (_title, companies) => {
    const { expected, warnings } = evaluate({ companies });
    expect(expected?.['Company_Name__c']).toBeNull();
    expect(warnings).toEqual(['COMPANY_UNRESOLVED']);
  });

  it('names the company whatever the case of its id', () => {
    const companies = [aCompany({ id: aCompanyUuid(1).toUpperCase(), isDeleted: null })];
    expect(evaluate({ companies }).expected?.['Company_Name__c']).toBe('Northwind Homes');
  });

  it('refuses a field map that names no column', () => {
    const [first] = defaultFieldMap;
    if (first === undefined) throw new Error('The field map is empty.');
    const settings = { ...defaultEvaluationSettings, fieldMap: [{ ...first, column: 'nickname' }] };
    expect(() => evaluate({}, settings)).toThrow('nickname');
  });
});

describe('the priority', () => {
  const paid = [aFeatureRow({ enabled: { payroll: at('2025-01-01') } })];
  const fraudOnly = [aFeatureRow({ enabled: { document_fraud: at('2025-01-01') } })];
  const own = [aStagingRow()];

  it.each([
    ['P1 when paid and absent', paid, [], 'P1'],
    ['P2 when paid and present', paid, own, 'P2'],
    ['P3 when unpaid and absent', [], [], 'P3'],
    ['P3 when fraud alone is on', fraudOnly, [], 'P3'],
    ['none when unpaid and present', [], own, null],
  ])('is %s', (_title, featureRows, stagingRows, priority) =>
    expect(evaluate({ featureRows, stagingRows }).priority).toBe(priority),
  );

  it('follows the features of the group, not those of the property', () => {
    const sfdcId = aProductionId(1);
    const properties = [aProperty({ sfdcId }), aProperty({ id: aPropertyUuid(2), sfdcId })];
    const featureRows = [aFeatureRow({ propertyId: aPropertyUuid(2), enabled: { idv: null } })];
    expect(evaluate({ properties, featureRows }).priority).toBe('P1');
  });
});

describe('the warnings', () => {
  const sfdcId = aProductionId(1);

  it.each<[string, Partial<SourceProperty>, StagingRow[], string[]]>([
    ['another record is linked', { sfdcId }, [aStagingRow({ lookup: aProductionId(2) })], ['LINK_MISMATCH']],
    ['the right record is linked', { sfdcId }, [aStagingRow({ lookup: sfdcId })], []],
    [
      'the right record is linked in 15 characters',
      { sfdcId },
      [aStagingRow({ lookup: sfdcId.slice(0, 15) })],
      [],
    ],
    ['nothing is linked', { sfdcId }, [aStagingRow()], []],
    ['a record is linked and the source has no id', {}, [aStagingRow({ lookup: sfdcId })], []],
    [
      'one of two rows is linked elsewhere',
      { sfdcId },
      [aStagingRow({ lookup: sfdcId }), aStagingRow({ lookup: aProductionId(2) })],
      ['LINK_MISMATCH'],
    ],
    ['an excluded property has a row', { companyId: null }, [aStagingRow()], ['EXCLUDED_WITH_ROW']],
    ['a deleted property has a row', { isDeleted: true }, [aStagingRow()], ['EXCLUDED_WITH_ROW']],
    ['an excluded property has a recycled row', { companyId: null }, [aStagingRow({ isDeleted: true })], []],
    ['the status is unknown', { status: 'PAUSED' }, [aStagingRow()], ['EXCLUDED_WITH_ROW', 'UNKNOWN_STATUS']],
    ['the status is missing', { status: null }, [], ['UNKNOWN_STATUS']],
    ['the status is DELETED', { status: 'DELETED' }, [], []],
    ['the id is malformed', { sfdcId: 'n/a' }, [], ['MALFORMED_SFDC_ID']],
    ['the id is that of a staging record', { sfdcId: aStagingId(7) }, [], ['MALFORMED_SFDC_ID']],
    ['the id is a placeholder', { sfdcId: 'XXX' }, [], []],
    ['the name is too long', { name: 'n'.repeat(81) }, [], ['NAME_TRUNCATED']],
    ['the state is unknown', { state: 'ZZ' }, [], ['INVALID_STATE']],
    ['the postal code is short', { zip: '2134' }, [], ['POSTAL_SUSPECT']],
    ['a source text is blank and Salesforce has one', { city: '' }, [aStagingRow()], ['NULL_SOURCE_KEPT']],
    [
      'a source text is blank and so is that of Salesforce',
      { city: '' },
      [aStagingRow({ values: { City__c: ' ' } })],
      [],
    ],
    [
      'several things are wrong',
      { city: null, zip: '213', state: 'ZZ' },
      [aStagingRow()],
      ['INVALID_STATE', 'NULL_SOURCE_KEPT', 'POSTAL_SUSPECT'],
    ],
  ])('when %s', (_title, values, stagingRows, warnings) =>
    expect(ofProperty(values, stagingRows).warnings).toEqual(warnings),
  );

  it('tell of feature rows that contradict each other', () => {
    const featureRows = [
      aFeatureRow({ enabled: {}, productPropertyId: 'a' }),
      aFeatureRow({ enabled: { idv: null }, productPropertyId: 'b' }),
    ];
    expect(evaluate({ featureRows })).toMatchObject({
      warnings: ['FEATURE_ROWS_AMBIGUOUS'],
      class: 'CREATE',
    });
  });
});

describe('Park Kennedy (docs/domain.md §10)', () => {
  const evaluations = evaluateProperties(parkKennedy, defaultEvaluationSettings);
  const of = (id: string): Evaluation => {
    const evaluation = evaluations.get(id as PropertyId);
    if (evaluation === undefined) throw new Error(`${id} was not evaluated.`);
    return evaluation;
  };

  it('is created as P1 with the features of the active property alone', () => {
    const active = of(parkKennedyIds.active);
    expect(active).toMatchObject({ class: 'CREATE', priority: 'P1', warnings: [], ownRowCount: 0 });
    expect(active.group).toMatchObject({
      key: parkKennedyIds.sfdcId,
      primary: { id: parkKennedyIds.active },
      memberIds: [parkKennedyIds.active],
      activePropertyCount: 1,
      isMultiProperty: false,
      totalFeatureCount: 5,
    });
    expect(active.expected).toMatchObject({
      Name: 'Park Kennedy',
      Status__c: 'ACTIVE',
      Active_Property_Count__c: 1,
      Is_Multi_Property__c: false,
      Contributing_Property_IDs__c: parkKennedyIds.active,
      Source_Salesforce_ID__c: parkKennedyIds.sfdcId,
    });
    for (const feature of features) {
      expect(active.expected?.[`${salesforceStems[feature]}_Enabled__c`]).toBe(true);
      expect(active.expected?.[`${salesforceStems[feature]}_Start_Date__c`]).toBe('2025-11-10');
    }
  });

  it('leaves the rows of both disabled properties as they are', () => {
    expect(of(parkKennedyIds.sibling)).toMatchObject({
      class: 'IN_SYNC',
      changes: [],
      stagingIds: [parkKennedyIds.siblingRow],
      group: null,
    });
    expect(of(parkKennedyIds.guarantor)).toMatchObject({
      class: 'IN_SYNC',
      changes: [],
      stagingIds: [parkKennedyIds.guarantorRow],
    });
  });
});

describe('what happens to a property later', () => {
  it('is an update when a disabled one is active again', () =>
    expect(ofProperty({}, [disabledRow])).toMatchObject({
      class: 'UPDATE',
      changes: [
        { field: 'Status__c', from: 'DISABLED', to: 'ACTIVE' },
        { field: 'Active_Property_Count__c', from: 0, to: 1 },
        { field: 'Contributing_Property_IDs__c', from: null, to: aPropertyUuid(1) },
      ],
    }));

  it('is FALSE over TRUE and no date when a feature goes off', () => {
    const own = aStagingRow({
      values: { Connected_Payroll_Enabled__c: true, Connected_Payroll_Start_Date__c: '2025-01-01' },
    });
    expect(ofProperty({}, [own]).changes).toEqual([
      { field: 'Connected_Payroll_Enabled__c', from: true, to: false },
      { field: 'Connected_Payroll_Start_Date__c', from: '2025-01-01', to: null },
    ]);
  });

  it('recomputes both groups when it moves to another id', () => {
    const [left, right] = [aProductionId(1), aProductionId(2)];
    const stay = aProperty({ id: aPropertyUuid(2), sfdcId: left });
    const before = evaluateAll({ properties: [aProperty({ sfdcId: left }), stay] });
    const after = evaluateAll({ properties: [aProperty({ sfdcId: right }), stay] });
    expect(before.map(({ group }) => group?.activePropertyCount)).toEqual([2, 2]);
    expect(after.map(({ group }) => group?.key)).toEqual([right, left]);
    expect(after.map(({ group }) => group?.activePropertyCount)).toEqual([1, 1]);
  });

  it('is in sync as soon as the row exists, before any lookup is set', () => {
    const sfdcId = aProductionId(1);
    const own = aStagingRow({ lookup: null, values: { Source_Salesforce_ID__c: sfdcId } });
    expect(ofProperty({ sfdcId }, [own]).class).toBe('IN_SYNC');
  });
});
