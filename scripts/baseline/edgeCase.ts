/** The form of an edge case, and short ways to write one down. */
import { users } from './ids.ts';
import type { Cell } from './tables.ts';

/** Cells by column or field name. */
export type Values = Readonly<Record<string, Cell>>;

export type EdgeClass = 'CREATE' | 'UPDATE' | 'IN_SYNC' | 'CONFLICT' | 'EXCLUDED';

export type EdgeReason = 'SOURCE_DELETED' | 'PLACEHOLDER_SFDC' | 'TEST_NAME' | 'NO_COMPANY' | 'DISABLED';

/** What docs/domain.md says must come out. */
export interface EdgeExpected {
  readonly class: EdgeClass;
  readonly reasonCode: EdgeReason | null;
  /** In alphabetical order. */
  readonly warnings: readonly string[];
  readonly groupKey: string;
  /** Salesforce fields in the normal form, key and stamps left out; null where nothing may be written. */
  readonly desired: Values | null;
  /** Fields of `desired` that Salesforce does not hold yet; only for UPDATE. */
  readonly changedFields: readonly string[];
}

export interface EdgeCase {
  readonly number: number;
  readonly id: string;
  /** One line. */
  readonly story: string;
  /** Rows of docs/domain.md §3.5 and tests of §17 that the case is for. */
  readonly covers: readonly string[];
  readonly property: Values;
  readonly wide: readonly Values[];
  readonly tall: readonly Values[];
  readonly staging: readonly Values[];
  readonly expected: EdgeExpected;
  /** The expectation once the id is on the allow list of test names. */
  readonly whenAllowed?: EdgeExpected;
}

/** What a case says of its source; everything else is as in a plain property without features. */
export interface EdgeSource {
  readonly property?: Values;
  readonly wide?: readonly Values[];
  readonly tall?: readonly Values[];
  readonly staging?: readonly Values[];
}

const twoDigits = (number: number): string => String(number).padStart(2, '0');

/** RDS id of an edge property, such as `e0000007-0000-4000-8000-000000000007`. */
export const propertyId = (number: number): string =>
  `e00000${twoDigits(number)}-0000-4000-8000-0000000000${twoDigits(number)}`;

/** Production id with the right suffix: `E` is the only upper-case letter of its last five characters. */
export const productionId = (number: number): string => `a01ZZ000000E0${twoDigits(number)}YAC`;

/** Staging id; `copy` tells several rows of one property apart. */
export const stagingId = (number: number, copy = 0): string => `a13ZZ000000S${copy}${twoDigits(number)}YAC`;

export const companyId = (number: number): string => `c000000${number}-0000-4000-8000-00000000000${number}`;

const plainProperty = (number: number): Values => ({
  id: propertyId(number),
  name: `Edge Court ${number}`,
  short_id: `edge0000${twoDigits(number)}`,
  email: `leasing-${number}@example.com`,
  address: `${number} Edge Street`,
  city: 'Riverbend',
  state: 'OH',
  zip: '43004',
  status: 'ACTIVE',
  inserted_at: '2025-03-01T10:00:00.000Z',
  updated_at: '2025-06-01T10:00:00.000Z',
  company_id: companyId(1),
  bank_statement: 2,
  paystub: 2,
  unit_is_required: true,
  phone_is_required: true,
  identity_verification_enabled: false,
  identity_verification_provider: 'incode',
  sfdc_id: null,
});

/** What Salesforce must hold of an ACTIVE plain property that is alone and has no feature. */
const plainDesired = (number: number): Values => ({
  Name: `Edge Court ${number}`,
  Short_ID__c: `edge0000${twoDigits(number)}`,
  Company_ID__c: companyId(1),
  Company_Name__c: 'Willowmere Living',
  Street__c: `${number} Edge Street`,
  City__c: 'Riverbend',
  State_Code__c: 'OH',
  Postal_Code__c: '43004',
  Status__c: 'ACTIVE',
  ID_Verification_Enabled__c: false,
  Bank_Linking_Enabled__c: false,
  Connected_Payroll_Enabled__c: false,
  Income_Verification_Enabled__c: false,
  Fraud_Detection_Enabled__c: false,
  ID_Verification_Start_Date__c: null,
  Bank_Linking_Start_Date__c: null,
  Connected_Payroll_Start_Date__c: null,
  Income_Verification_Start_Date__c: null,
  Fraud_Detection_Start_Date__c: null,
  Active_Property_Count__c: 1,
  Is_Multi_Property__c: false,
  Contributing_Property_IDs__c: propertyId(number),
  Source_Salesforce_ID__c: null,
});

/** What a DISABLED property shows beside its identity. */
export const disabled: Values = {
  Status__c: 'DISABLED',
  Active_Property_Count__c: 0,
  Contributing_Property_IDs__c: null,
};

/** Count, multi and contributors of a group with these members. */
export const membersOf = (...numbers: readonly number[]): Values => ({
  Active_Property_Count__c: numbers.length,
  Is_Multi_Property__c: numbers.length > 1,
  Contributing_Property_IDs__c: numbers.map(propertyId).join(';'),
});

/** A wide row without any feature, but for `values`. */
export const wideRow = (number: number, values: Values = {}): Values => ({
  property_id: propertyId(number),
  idv_enabled: false,
  bank_linking_enabled: false,
  payroll_linking_enabled: false,
  iv_enabled: false,
  fraud_enabled: false,
  fraud_updated_at: '2025-05-01T10:00:00.000Z',
  idv_only_enabled: false,
  vor_enabled: false,
  ...values,
});

/** An own row that Salesforce holds as a plain property wants it, but for `values`. */
export const stagingRow = (number: number, values: Values = {}, copy = 0): Values => ({
  Id: stagingId(number, copy),
  IsDeleted: false,
  RDS_Property_ID__c: propertyId(number),
  ...plainDesired(number),
  Property__c: null,
  CreatedDate: '2025-07-01T10:00:00.000Z',
  CreatedById: users.integration,
  LastModifiedDate: '2025-08-01T10:00:00.000Z',
  LastModifiedById: users.integration,
  SystemModstamp: '2025-08-01T10:00:00.000Z',
  ...values,
});

/** One case: number, story, what it is for, its source, what is expected. */
export function edge(
  number: number,
  story: string,
  covers: readonly string[],
  source: EdgeSource,
  expect: (number: number) => EdgeExpected,
  whenAllowed?: (number: number) => EdgeExpected,
): EdgeCase {
  const { property = {}, wide = [], tall = [], staging = [] } = source;
  return {
    number,
    id: propertyId(number),
    story,
    covers,
    property: { ...plainProperty(number), ...property },
    wide,
    tall,
    staging,
    expected: expect(number),
    ...(whenAllowed && { whenAllowed: whenAllowed(number) }),
  };
}

interface Outcome {
  readonly warnings?: readonly string[];
  /** The 18-character id where the property has a valid one. */
  readonly sfdcId?: string;
  /** What differs from a plain property. */
  readonly desired?: Values;
}

type Expect = (number: number) => EdgeExpected;

function expected(
  number: number,
  outcome: Outcome,
  is: Pick<EdgeExpected, 'class'> & Partial<EdgeExpected>,
): EdgeExpected {
  const { warnings = [], sfdcId, desired = {} } = outcome;
  return {
    reasonCode: null,
    warnings,
    groupKey: sfdcId ?? propertyId(number),
    desired: { ...plainDesired(number), Source_Salesforce_ID__c: sfdcId ?? null, ...desired },
    changedFields: [],
    ...is,
  };
}

export const excluded =
  (reasonCode: EdgeReason, outcome: Outcome = {}): Expect =>
  (number) =>
    expected(number, outcome, { class: 'EXCLUDED', reasonCode, desired: null });

export const conflict =
  (outcome: Outcome = {}): Expect =>
  (number) =>
    expected(number, outcome, { class: 'CONFLICT', desired: null });

export const create =
  (outcome: Outcome = {}): Expect =>
  (number) =>
    expected(number, outcome, { class: 'CREATE' });

export const inSync =
  (outcome: Outcome = {}): Expect =>
  (number) =>
    expected(number, outcome, { class: 'IN_SYNC' });

export const update =
  (changedFields: readonly string[], outcome: Outcome = {}): Expect =>
  (number) =>
    expected(number, outcome, { class: 'UPDATE', changedFields });

/** Companies of the edge pack: 1 plain, 2 soft-deleted, 3 without name, 4 with a blank name. */
export const edgeCompanies: readonly Values[] = [
  { id: companyId(1), name: 'Willowmere Living', short_id: 'edgecomp01' },
  { id: companyId(2), name: 'Gone Holdings', short_id: 'edgecomp02', _fivetran_deleted: true },
  { id: companyId(3), name: null, short_id: 'edgecomp03' },
  { id: companyId(4), name: ' \t ', short_id: 'edgecomp04' },
  { id: companyId(5), name: '  Calder  Communities\n', short_id: 'edgecomp05' },
].map((company) => ({
  inserted_at: '2020-01-01T10:00:00.000Z',
  updated_at: '2024-01-01T10:00:00.000Z',
  ...company,
}));

const productionRecord = (number: number, values: Values = {}): Values => ({
  Id: productionId(number),
  IsDeleted: false,
  Name: `Edge Court ${number}`,
  ID_Verification_Enabled__c: false,
  Bank_Linking_Enabled__c: false,
  Connected_Payroll_Enabled__c: false,
  Income_Verification_Enabled__c: false,
  Fraud_Detection_Enabled__c: false,
  CreatedDate: '2025-01-01T10:00:00.000Z',
  CreatedById: users.admin,
  LastModifiedDate: '2025-08-01T10:00:00.000Z',
  LastModifiedById: users.automation,
  SystemModstamp: '2025-08-01T10:00:00.000Z',
  ...values,
});

/** One record per valid id of the pack. Record 50 says other things in fields of the same names (D20). */
export const edgeProduction: readonly Values[] = [
  ...[6, 12, 14, 15, 18, 20, 22, 24, 31, 32, 47, 49, 82].map((number) => productionRecord(number)),
  productionRecord(50, {
    Name: 'Another name',
    Bank_Linking_Enabled__c: true,
    Bank_Linking_Start_Date__c: '2020-02-02',
    State_Code__c: 'NY',
  }),
];

/** Rows that belong to no property: an orphan, a keyless row and a recycled one without property. */
export const edgeStrays: readonly Values[] = [
  stagingRow(91, { Name: 'Orphan' }),
  stagingRow(92, { Name: 'Keyless', RDS_Property_ID__c: null, Contributing_Property_IDs__c: null }),
  stagingRow(93, { Name: 'Recycled orphan', IsDeleted: true }),
];
