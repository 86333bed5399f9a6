import { describe, expect, it } from '@jest/globals';
import { defaultFieldMap, features, type MappedValues } from '../../../middleware/src/contracts/fieldMap.ts';
import { evaluateProperties } from '../../../middleware/src/planning/evaluateProperties.ts';
import { defaultEvaluationSettings } from '../../../middleware/src/planning/evaluationSettings.ts';
import {
  createGuardTally,
  type GuardRow,
  type GuardTallyOptions,
} from '../../../middleware/src/planning/guardTally.ts';
import {
  defaultGuardSettings,
  evaluateGuards,
  type GuardName,
  type GuardResult,
} from '../../../middleware/src/planning/guards.ts';
import { normalizeText } from '../../../middleware/src/planning/normalizeText.ts';
import { byFeature } from '../../../middleware/src/planning/reduceFeatureRows.ts';
import { januaryWorld } from '../../fixtures/baselineWorlds.ts';
import { aPropertyUuid } from '../../fixtures/properties.ts';

const values: MappedValues = {
  Name: 'Maple Court',
  Company_Name__c: 'Northwind Homes',
  City__c: 'Springfield',
  Status__c: 'ACTIVE',
};

/** A row of `properties_to_update` with nothing to change. */
const aRow = (number: number, overrides: Partial<GuardRow> = {}): GuardRow => ({
  operation: 'update',
  rdsPropertyId: aPropertyUuid(number),
  expected: values,
  current: values,
  changes: [],
  raw: { propertyName: 'Maple Court', companyName: 'Northwind Homes', companyResolves: true },
  ...overrides,
});
const aCreate = (number: number, overrides: Partial<GuardRow> = {}): GuardRow =>
  aRow(number, { operation: 'create', current: null, ...overrides });
const aChange = (number: number, field: string, from: string | null, to: string | null): GuardRow =>
  aRow(number, { changes: [{ field, from, to }] });
const companyIsName: Partial<GuardRow> = { expected: { ...values, Company_Name__c: 'Maple Court' } };

/** Rows 1 to `count`; the first `special` of them are made by `make`. */
const rowsOf = (count: number, special: number, make: (number: number) => GuardRow): GuardRow[] =>
  Array.from({ length: count }, (_, index) => (index < special ? make(index + 1) : aRow(index + 1)));

const variedFlags: GuardTallyOptions['rawFlagCounts'] = byFeature(() => ({
  enabledCount: 1,
  notEnabledCount: 1,
}));
// The flags of `aRow` are all off: constant at the source too, unless a test says otherwise.
const constantFlags: GuardTallyOptions['rawFlagCounts'] = byFeature(() => ({
  enabledCount: 0,
  notEnabledCount: 1,
}));

const judge = (
  rows: Iterable<GuardRow>,
  options: Partial<GuardTallyOptions> & { isAttended?: boolean } = {},
): Map<GuardName, GuardResult> => {
  const { isAttended = true, ...tallyOptions } = options;
  const tally = createGuardTally({
    fieldMap: defaultFieldMap,
    picklists: { Status__c: ['ACTIVE', 'DISABLED'] },
    rawFlagCounts: constantFlags,
    ...tallyOptions,
  });
  for (const row of rows) tally.addRow(row);
  const results = evaluateGuards(tally, defaultGuardSettings, { isAttended });
  return new Map(results.map((result) => [result.guard, result]));
};
const tripped = (...parameters: Parameters<typeof judge>): GuardName[] =>
  [...judge(...parameters).values()].filter(({ isTripped }) => isTripped).map(({ guard }) => guard);

describe('a plan with nothing wrong', () => {
  it('trips no guard, and each says what it measured', () => {
    const results = [...judge(rowsOf(300, 0, aRow)).values()];
    expect(results.map(({ guard, isTripped, isReleasable }) => [guard, isTripped, isReleasable])).toEqual([
      ['companyEqualsName', false, true],
      ['companyNull', false, true],
      ['constantColumn', false, true],
      ['valueChurn', false, true],
      ['nullOverValue', false, true],
      ['keyUniqueness', false, false],
      ['picklist', false, true],
      ['volume', false, true],
    ]);
    for (const { detail } of results) expect(detail).toMatch(/^[A-Z0-9].*\.$/);
  });

  it('trips none when it is empty', () => expect(tripped([])).toEqual([]));
});

describe('company = property name', () => {
  it.each([
    [5, 100, []],
    [6, 100, ['companyEqualsName']],
    [1, 20, []],
    [1, 19, ['companyEqualsName']],
  ])('%i of %i existing rows', (special, count, guards) => {
    const rows = rowsOf(count, special, (number) => aRow(number, companyIsName));
    expect(tripped(rows)).toEqual(guards);
    expect(judge(rows).get('companyEqualsName')).toMatchObject({ measured: special / count, limit: 0.05 });
  });

  it('measures against all existing rows, changed or not, and not against creates', () => {
    const rows = [
      ...rowsOf(100, 5, (number) => aRow(number, companyIsName)),
      ...Array.from({ length: 50 }, (_, index) => aCreate(200 + index, companyIsName)),
    ];
    expect(tripped(rows)).toEqual([]);
  });

  it('measures against the creates of a first load', () => {
    const rows = [aCreate(1, companyIsName), aCreate(2), aCreate(3)];
    expect(tripped(rows)).toEqual(['companyEqualsName']);
    expect(tripped(rows.slice(1))).toEqual([]);
  });

  it('does not count companies that truly have the name', () => {
    const raw = { propertyName: ' Maple\tCourt', companyName: 'Maple Court ', companyResolves: true };
    expect(tripped(rowsOf(20, 20, (number) => aRow(number, { ...companyIsName, raw })))).toEqual([]);
  });

  it('sees through the cut of a long name', () => {
    const propertyName = 'n'.repeat(90);
    const expected = { ...values, Name: 'n'.repeat(80), Company_Name__c: propertyName };
    const raw = { propertyName, companyName: 'Northwind Homes', companyResolves: true };
    expect(tripped(rowsOf(20, 20, (number) => aRow(number, { expected, raw })))).toEqual([
      'companyEqualsName',
    ]);
  });

  it('takes no two missing names for equal', () => {
    const expected = { ...values, Name: null, Company_Name__c: null };
    const raw = { propertyName: null, companyName: null, companyResolves: false };
    expect(tripped(rowsOf(20, 20, (number) => aRow(number, { expected, raw })))).toEqual([]);
  });
});

describe('company NULL', () => {
  const expected = { ...values, Company_Name__c: null };
  const unresolved = { propertyName: 'Maple Court', companyName: null, companyResolves: false };

  it.each([
    ['an existing row', [aRow(1, { expected })], ['companyNull']],
    ['a create', [aCreate(1, { expected })], ['companyNull']],
    ['a row whose company has no name', [aRow(1, { expected, raw: unresolved })], []],
    ['no row', [aRow(1)], []],
  ])('in %s', (_title, rows, guards) => expect(tripped(rows)).toEqual(guards));
});

describe('a constant column', () => {
  const flags = (isEnabled: (number: number) => boolean) => (number: number) =>
    aRow(number, { expected: { ...values, ID_Verification_Enabled__c: isEnabled(number) } });
  const variedIdv = { ...constantFlags, idv: { enabledCount: 1, notEnabledCount: 1 } };

  it.each<[string, number, (number: number) => boolean, GuardTallyOptions['rawFlagCounts'], GuardName[]]>([
    ['off in 199 rows', 199, () => false, variedIdv, []],
    ['off in 200 rows', 200, () => false, variedIdv, ['constantColumn']],
    ['on in 200 rows', 200, () => true, variedIdv, ['constantColumn']],
    ['on in one of 200 rows', 200, (number) => number === 1, variedIdv, []],
    ['off in all but one of 200 rows', 200, (number) => number !== 1, variedIdv, []],
    ['off here and at the source', 200, () => false, constantFlags, []],
    ['off here and unread at the source', 200, () => false, null, ['constantColumn']],
  ])('that is %s', (_title, count, isEnabled, rawFlagCounts, guards) =>
    expect(tripped(rowsOf(count, count, flags(isEnabled)), { rawFlagCounts })).toEqual(guards),
  );

  it('counts the rows of both queues', () => {
    const rows = [
      ...rowsOf(100, 0, aRow),
      ...Array.from({ length: 100 }, (_, index) => aCreate(200 + index)),
    ];
    expect(judge(rows, { rawFlagCounts: variedFlags }).get('constantColumn')).toMatchObject({
      isTripped: true,
      measured: 5,
    });
  });

  it('names every flag that is constant', () =>
    expect(
      judge(rowsOf(200, 0, aRow), { rawFlagCounts: variedFlags }).get('constantColumn')?.detail,
    ).toContain(features.join(', ')));
});

describe('value churn', () => {
  const change = (number: number) => aChange(number, 'City__c', 'Springfield', 'Shelbyville');

  it.each([
    ['10 of 200 values', 200, 10, []],
    ['11 of 200 values', 200, 11, ['valueChurn']],
    ['all of 199 values', 199, 199, []],
  ])('of %s', (_title, count, special, guards) =>
    expect(tripped(rowsOf(count, special, change))).toEqual(guards),
  );

  it('is over the values that Salesforce has', () => {
    const current = { ...values, City__c: null };
    const rows = rowsOf(200, 100, (number) => (number <= 6 ? change(number) : aRow(number, { current })));
    expect(judge(rows).get('valueChurn')).toMatchObject({ isTripped: true, measured: 6 / 106 });
  });

  it('does not count a value that fills a blank', () =>
    expect(tripped(rowsOf(200, 100, (number) => aChange(number, 'City__c', null, 'Shelbyville')))).toEqual(
      [],
    ));

  it('does not add up different fields', () => {
    const rows = rowsOf(200, 20, (number) =>
      number <= 10 ? change(number) : aChange(number, 'Name', 'Maple Court', 'Oak House'),
    );
    expect(tripped(rows)).toEqual([]);
  });

  it('looks at texts alone', () => {
    const rows = rowsOf(200, 100, (number) => aChange(number, 'Status__c', 'ACTIVE', 'DISABLED'));
    expect(tripped(rows)).toEqual([]);
  });
});

describe('null over value', () => {
  it.each([
    ['2 of 100 rows', 100, 2, []],
    ['3 of 100 rows', 100, 3, ['nullOverValue']],
  ])('in %s', (_title, count, special, guards) =>
    expect(
      tripped(
        rowsOf(count, special, (number) => aChange(number, 'Bank_Linking_Start_Date__c', '2025-01-01', null)),
      ),
    ).toEqual(guards),
  );

  it('is judged per field', () => {
    const rows = rowsOf(100, 4, (number) =>
      aChange(
        number,
        number <= 2 ? 'Bank_Linking_Start_Date__c' : 'Fraud_Detection_Start_Date__c',
        '2025-01-01',
        null,
      ),
    );
    expect(tripped(rows)).toEqual([]);
  });
});

describe('key uniqueness', () => {
  const change = { changes: [{ field: 'City__c', from: null, to: 'Springfield' }] };

  it.each([
    ['two creates', [aCreate(10), aCreate(10)], ['keyUniqueness']],
    [
      'two creates in another case',
      [aCreate(10), aCreate(10, { rdsPropertyId: aPropertyUuid(10).toUpperCase() })],
      ['keyUniqueness'],
    ],
    ['a create and an update', [aCreate(10), aRow(10, change)], ['keyUniqueness']],
    ['a create and a row that is not sent', [aCreate(10), aRow(10)], []],
    ['two creates of different keys', [aCreate(10), aCreate(11)], []],
  ])('of %s', (_title, rows, guards) => expect(tripped(rows)).toEqual(guards));

  it('names the key and cannot be released', () =>
    expect(judge([aCreate(10), aCreate(10), aCreate(10)]).get('keyUniqueness')).toMatchObject({
      measured: 2,
      isReleasable: false,
      detail: expect.stringContaining(aPropertyUuid(10)),
    }));
});

describe('picklist', () => {
  it.each([
    [
      'a value the org lacks, in a create',
      [aCreate(1, { expected: { ...values, Status__c: 'CLOSED' } })],
      ['picklist'],
    ],
    ['a value the org lacks, in an update', [aChange(1, 'Status__c', 'ACTIVE', 'CLOSED')], ['picklist']],
    ['another case of a value', [aChange(1, 'Status__c', 'ACTIVE', 'disabled')], ['picklist']],
    [
      'a value the org lacks that is not sent',
      [aRow(1, { expected: { ...values, Status__c: 'CLOSED' } })],
      [],
    ],
    ['a value the org has', [aChange(1, 'Status__c', 'ACTIVE', 'DISABLED')], []],
    ['no value', [aCreate(1, { expected: { ...values, Status__c: null } })], []],
  ])('with %s', (_title, rows, guards) =>
    expect(tripped([...rows, ...rowsOf(100, 0, (number) => aRow(number + 500))])).toEqual(guards),
  );

  it('names field and value with their rows', () => {
    const rows = [1, 2].map((number) => aChange(number, 'Status__c', 'ACTIVE', 'CLOSED'));
    expect(judge(rows).get('picklist')).toMatchObject({
      measured: 2,
      detail: 'The org does not offer these values: Status__c = CLOSED (2).',
    });
  });

  it('stays small when every value is wrong', () => {
    const rows = Array.from({ length: 1_000 }, (_, number) =>
      aChange(number, 'Status__c', 'ACTIVE', `V${number}`),
    );
    expect(judge(rows).get('picklist')?.detail.length).toBeLessThan(1_000);
  });
});

describe('volume', () => {
  const creates = (count: number): GuardRow[] => Array.from({ length: count }, (_, index) => aCreate(index));
  const updates = (count: number): GuardRow[] =>
    Array.from({ length: count }, (_, index) => aChange(10_000 + index, 'Status__c', 'ACTIVE', 'DISABLED'));

  it.each([
    ['200 creates and 1,000 updates', 200, 1_000, []],
    ['201 creates', 201, 0, ['volume']],
    ['1,001 updates', 0, 1_001, ['volume']],
  ])('of %s in an unattended run', (_title, createCount, updateCount, guards) =>
    expect(tripped([...creates(createCount), ...updates(updateCount)], { isAttended: false })).toEqual(
      guards,
    ),
  );

  it('says how many, in figures that can be read', () =>
    expect(judge([...creates(1_081), ...updates(1_843)]).get('volume')?.detail).toMatch(
      /^1,081 creates and 1,843 updates; an unattended run may write 200 and 1,000/,
    ));

  it('does not count rows that are not sent', () =>
    expect(tripped(rowsOf(1_500, 0, aRow), { isAttended: false })).toEqual([]));

  it('is free in a run that a person starts', () =>
    expect(tripped([...creates(1_081), ...updates(1_843)], { isAttended: true })).toEqual([]));
});

describe('the January plan', () => {
  const world = januaryWorld();
  const rawById = new Map(world.properties.map((row) => [row.id, row]));
  const companyById = new Map(world.companies.map((row) => [row.id, row]));
  const evaluations = [...evaluateProperties(world, defaultEvaluationSettings).values()];

  function* planRows(
    spoil: (expected: MappedValues) => MappedValues = (expected) => expected,
  ): Iterable<GuardRow> {
    for (const { rdsPropertyId, class: name, expected, current, changes } of evaluations) {
      if (expected === null) continue;
      const row = rawById.get(rdsPropertyId);
      const company = companyById.get(row?.companyId ?? '');
      const companyName = company?.isDeleted === true ? null : normalizeText(company?.name ?? null);
      yield {
        operation: name === 'CREATE' ? 'create' : 'update',
        rdsPropertyId,
        expected: spoil(expected),
        current,
        changes,
        raw: { propertyName: row?.name ?? null, companyName, companyResolves: companyName !== null },
      };
    }
  }

  it('trips no guard when a person starts it, and volume when nobody does', () => {
    expect(tripped(planRows(), { rawFlagCounts: variedFlags })).toEqual([]);
    expect(tripped(planRows(), { rawFlagCounts: variedFlags, isAttended: false })).toEqual(['volume']);
  });

  it('is blocked when the view takes the property for its company (T13)', () => {
    const rows = planRows((expected) => ({ ...expected, Company_Name__c: expected['Name'] ?? null }));
    expect(tripped(rows, { rawFlagCounts: variedFlags })).toContain('companyEqualsName');
  });

  it('is blocked when the join to the companies is lost', () => {
    const rows = planRows((expected) => ({ ...expected, Company_Name__c: null }));
    expect(tripped(rows, { rawFlagCounts: variedFlags })).toEqual(['companyNull']);
  });

  it('is blocked when the join to the features is lost (T12)', () => {
    const rows = planRows((expected) => ({ ...expected, Connected_Payroll_Enabled__c: false }));
    expect(tripped(rows, { rawFlagCounts: variedFlags })).toEqual(['constantColumn']);
  });
});

describe('the rows of one group', () => {
  const clearing = (): GuardRow => aChange(1, 'Bank_Linking_Start_Date__c', '2025-11-10', null);

  it('are a small share of all existing rows, and the whole of themselves', () => {
    expect(judge([clearing()], { existingCount: 100 }).get('nullOverValue')).toMatchObject({
      isTripped: false,
      measured: 0.01,
    });
    expect(judge([clearing()], { existingCount: 40 }).get('nullOverValue')?.isTripped).toBe(true);
    expect(judge([clearing()]).get('nullOverValue')).toMatchObject({ isTripped: true, measured: 1 });
  });

  it('trip on a company named after its property only by their share of all rows', () => {
    const row = aRow(1, companyIsName);
    expect(judge([row], { existingCount: 20 }).get('companyEqualsName')).toMatchObject({
      isTripped: false,
      measured: 0.05,
    });
    expect(judge([row], { existingCount: 19 }).get('companyEqualsName')?.isTripped).toBe(true);
    expect(judge([row]).get('companyEqualsName')?.isTripped).toBe(true);
  });

  it('are no churn among many rows', () => {
    const renamed = aChange(1, 'Name', 'Maple Court', 'Oak Court');
    expect(judge([renamed], { existingCount: 200 }).get('valueChurn')).toMatchObject({
      isTripped: false,
      measured: 0.005,
    });
  });

  it('trip on a missing company whatever their share', () => {
    const row = aRow(1, { expected: { ...values, Company_Name__c: null } });
    expect(judge([row], { existingCount: 17_462 }).get('companyNull')?.isTripped).toBe(true);
  });
});
