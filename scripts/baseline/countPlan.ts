import type { Difference } from './january.ts';
import { features, flag, paidFlags, type Plan, type PlannedGroup, type PlannedProperty } from './plan.ts';

/** What the plan expects to be counted in the rows; names and definitions as in docs/domain.md §18. */
export type BaselineCounts = ReturnType<typeof countPlan>;

const day = 86_400;

const fieldsOf: Readonly<Record<Difference, readonly string[]>> = {
  none: [],
  idvOff: ['ID_Verification_Enabled__c'],
  bankLinkingOff: ['Bank_Linking_Enabled__c', 'Bank_Linking_Start_Date__c'],
  payrollOff: ['Connected_Payroll_Enabled__c', 'Connected_Payroll_Start_Date__c'],
  incomeInsightsOn: ['Income_Verification_Enabled__c', 'Income_Verification_Start_Date__c'],
  name: ['Name'],
  stateMissing: ['State_Code__c'],
  stillActive: ['Status__c', 'Active_Property_Count__c', 'Contributing_Property_IDs__c'],
  stillActiveWithFlags: [
    'Status__c',
    'Active_Property_Count__c',
    'Contributing_Property_IDs__c',
    'Income_Verification_Enabled__c',
    'Income_Verification_Start_Date__c',
    'Fraud_Detection_Enabled__c',
    'Fraud_Detection_Start_Date__c',
  ],
};

const derivedFields = ['Active_Property_Count__c', 'Is_Multi_Property__c', 'Contributing_Property_IDs__c'];

type Test = (property: PlannedProperty) => boolean;

const isPaid: Test = ({ isEligible, group }) => isEligible && (group.flags & paidFlags) !== 0;
const isShared: Test = ({ group }) => group.members.length + group.others.length > 1;
const isWritable: Test = (property) => !['test', 'noCompany', 'placeholder'].includes(property.group.block);
const isCreate: Test = (property) => property.isEligible && property.liveRows === 0;
const hasOneRow: Test = (property) => isWritable(property) && property.liveRows === 1;
const isFlagDifference: Test = (property) =>
  ['idvOff', 'bankLinkingOff', 'payrollOff', 'incomeInsightsOn'].includes(property.difference);

function population(property: PlannedProperty): 'activeWithSfdc' | 'activeWithoutSfdc' | 'disabled' {
  if (!property.isActive) return 'disabled';
  return property.group.hasId ? 'activeWithSfdc' : 'activeWithoutSfdc';
}

/** Counts the plan; nothing is read from the rows. */
export function countPlan(plan: Plan) {
  const isFreshOrg = plan.variant === 'fresh-org';
  // In a fresh org every row lacks at least the number of properties, which is never empty.
  const isUpdate: Test = (property) => (isFreshOrg ? hasOneRow(property) : property.difference !== 'none');
  const live = plan.properties.filter((property) => !property.isDeleted);
  const count = (test: Test): number => live.filter(test).length;
  const groups = plan.groups.filter((group) => group.members.length > 0);
  const multi = groups.filter((group) => group.members.length > 1);
  const byPopulation = (test: Test) => {
    const of = (name: string): number => count((property) => test(property) && population(property) === name);
    return {
      activeWithSfdc: of('activeWithSfdc'),
      activeWithoutSfdc: of('activeWithoutSfdc'),
      disabled: of('disabled'),
    };
  };
  const byFlag = (test: Test) =>
    Object.fromEntries(
      features.map((name) => [
        name,
        count((property) => test(property) && (property.group.flags & flag[name]) !== 0),
      ]),
    ) as Record<(typeof features)[number], number>;
  const excluded = {
    SOURCE_DELETED: plan.properties.length - live.length,
    PLACEHOLDER_SFDC: count(({ group }) => group.block === 'placeholder'),
    TEST_NAME: count(({ group }) => group.block === 'test'),
    NO_COMPANY: count(({ group }) => group.block === 'noCompany'),
    DISABLED: count((property) => isWritable(property) && !property.isActive && property.liveRows === 0),
  };
  const keyed = live.filter((property) => property.liveRows > 0);
  const liveRows = keyed.reduce((sum, property) => sum + property.liveRows, 0);
  const create = live.filter(isCreate);
  const age = (property: PlannedProperty): number => (plan.now - property.insertedAt) / day;

  return {
    tableRows: plan.properties.length,
    properties: live.length,
    active: count(({ isActive }) => isActive),
    disabled: count(({ isActive }) => !isActive),
    eligible: count(({ isEligible }) => isEligible),
    validSfdcIds: plan.groups.filter((group) => group.hasId).length,
    groups: groups.length,
    groupsWithId: groups.filter((group) => group.hasId).length,
    multiProperty: multi.length,
    largestGroup: groups.reduce((largest, group) => Math.max(largest, group.members.length), 0),
    activeInSharedIds: count((property) => property.isActive && property.group.hasId && isShared(property)),
    companies: plan.companies.length,
    productionRows: plan.groups.filter((group) => group.hasId).length,
    stagingRows: liveRows + 2,
    recycledRows: count(({ hasRecycledRow }) => hasRecycledRow),
    surplusRows: liveRows - keyed.length,
    linkedRows: keyed.reduce((sum, property) => sum + (property.lookup === null ? 0 : property.liveRows), 0),
    linkMismatches: count((property) => property.lookup !== null && property.lookup !== property.group),
    awaitingLink: count(
      (property) =>
        property.isEligible && property.group.hasId && property.liveRows === 1 && property.lookup === null,
    ),
    wideRows: live.reduce((sum, property) => sum + wideRowsOf(property), 0),
    classes: {
      CREATE: create.length,
      UPDATE: count(isUpdate),
      IN_SYNC: count((property) => hasOneRow(property) && !isUpdate(property)),
      CONFLICT: count((property) => isWritable(property) && property.liveRows > 1),
      EXCLUDED: Object.values(excluded).reduce((sum, number) => sum + number, 0),
    },
    excluded,
    create: {
      p1: create.filter(isPaid).length,
      p3: create.filter((property) => !isPaid(property)).length,
      p1ByOwnFlags: create.filter((property) => (property.ownFlags & paidFlags) !== 0).length,
      p1WithFraud: create.filter((property) => property.group.flags !== 0).length,
      inSharedIds: create.filter(isShared).length,
      inMultiGroups: create.filter((property) => property.group.members.length > 1).length,
      distinctIds: new Set(create.map((property) => property.group)).size,
      within30Days: create.filter((property) => age(property) <= 30).length,
      olderThan365Days: create.filter((property) => age(property) > 365).length,
      companies: new Set(create.map((property) => property.company)).size,
      byFlag: byFlag(isCreate),
    },
    existing: { total: count(hasOneRow), ...byPopulation(hasOneRow) },
    withChanges: { total: count(isUpdate), ...byPopulation(isUpdate) },
    inSync: byPopulation((property) => hasOneRow(property) && !isUpdate(property)),
    matched: byPopulation(hasOneRow).activeWithSfdc,
    matchedPaid: count((property) => hasOneRow(property) && isPaid(property) && property.group.hasId),
    updatePaid: count((property) => isUpdate(property) && isPaid(property)),
    flagMismatches: count(isFlagDifference),
    idvMismatches: count(({ difference }) => difference === 'idvOff'),
    derivedOnly: count((property) => isUpdate(property) && property.difference === 'none'),
    fieldChanges: countFields(live.filter(isUpdate), isFreshOrg ? changedInFreshOrg : changedInJanuary),
    eligibleByFlag: byFlag(({ isEligible }) => isEligible),
    eligiblePaid: count(isPaid),
    multiPaid: multi.filter((group) => group.members.some(isPaid)).length,
    multiDiffering: multi.filter(differs).length,
    prioritiesInSharedIds: {
      P1: create.filter((property) => isShared(property) && isPaid(property)).length,
      P2: count((property) => isMatchedShared(property) && isPaid(property)),
      P3: create.filter((property) => isShared(property) && !isPaid(property)).length,
      rest: count((property) => isMatchedShared(property) && !isPaid(property)),
    },
  };
}

const isMatchedShared: Test = (property) =>
  property.isEligible && property.liveRows > 0 && isShared(property);

function differs(group: PlannedGroup): boolean {
  return group.members.some((member) => member.ownFlags !== group.flags);
}

function wideRowsOf(property: PlannedProperty): number {
  if (!property.hasWideRow) return 0;
  return 1 + property.identicalWideRows + (property.hasOppositeWideRow ? 1 : 0);
}

type ChangedFields = (property: PlannedProperty) => readonly string[];

const changedInJanuary: ChangedFields = ({ difference }) => fieldsOf[difference];

/** What a row lacks is written; what it should not hold it does not hold. */
const changedInFreshOrg: ChangedFields = ({ difference, isEligible, group }) => [
  ...fieldsOf[difference].filter((field) => !derivedFields.includes(field)),
  'Active_Property_Count__c',
  ...(isEligible && group.members.length > 1 ? ['Is_Multi_Property__c'] : []),
  ...(isEligible ? ['Contributing_Property_IDs__c'] : []),
];

function countFields(
  updates: readonly PlannedProperty[],
  changedFields: ChangedFields,
): { total: number; byField: Record<string, number> } {
  const byField: Record<string, number> = {};
  let total = 0;
  for (const property of updates) {
    for (const field of changedFields(property)) {
      byField[field] = (byField[field] ?? 0) + 1;
      total += 1;
    }
  }
  return { total, byField };
}
