import {
  companyId,
  conflict,
  create,
  disabled,
  edge,
  excluded,
  inSync,
  membersOf,
  productionId,
  propertyId,
  stagingId,
  stagingRow,
  update,
  wideRow,
  type EdgeCase,
  type Values,
} from './edgeCase.ts';

/** A row of the production record, linked to it. */
const linkedTo = (sfdcId: string): Values => ({ Source_Salesforce_ID__c: sfdcId, Property__c: sfdcId });

const id6 = productionId(6);
const id12 = productionId(12);
const id15 = productionId(15);
const id18 = productionId(18);
const id20 = productionId(20);
const id22 = productionId(22);
const id24 = productionId(24);
const id31 = productionId(31);
const id47 = productionId(47);

const unionOf15: Values = {
  ...membersOf(15, 16, 17),
  ID_Verification_Enabled__c: true,
  Bank_Linking_Enabled__c: true,
  Bank_Linking_Start_Date__c: '2024-05-06',
};

const bankOf22: Values = {
  ...membersOf(22, 23),
  Bank_Linking_Enabled__c: true,
  Bank_Linking_Start_Date__c: '2025-05-02',
};

const payrollOf24: Values = {
  ...membersOf(24, 25),
  Connected_Payroll_Enabled__c: true,
  Connected_Payroll_Start_Date__c: '2025-03-09',
};

const blankAndShortIds: readonly EdgeCase[] = [
  edge(
    1,
    'Fifteen X stand for the id of a test property',
    ['D1', 'E1'],
    { property: { sfdc_id: 'XXXXXXXXXXXXXXX' } },
    excluded('PLACEHOLDER_SFDC'),
  ),
  edge(
    2,
    'Three X with outer space are a placeholder too, and its row is reported',
    ['D1'],
    { property: { sfdc_id: ' XXX ' }, staging: [stagingRow(2)] },
    excluded('PLACEHOLDER_SFDC', { warnings: ['EXCLUDED_WITH_ROW'] }),
  ),
  edge(3, 'New without any id: the create queue takes it', ['D2', 'E1'], {}, create()),
  edge(
    4,
    'The empty string is a blank id; ID verification has no date and needs none',
    ['D2', 'T2'],
    { property: { sfdc_id: '' }, wide: [wideRow(4, { idv_enabled: true })] },
    create({ desired: { ID_Verification_Enabled__c: true } }),
  ),
  edge(
    5,
    'White space with a tab is a blank id',
    ['D2', 'T2'],
    { property: { sfdc_id: ' \t ' }, staging: [stagingRow(5)] },
    inSync(),
  ),
  edge(
    6,
    'A 15-character id is of one group with its 18-character sibling',
    ['D3', 'T1'],
    {
      property: { sfdc_id: 'a01ZZ000000E006', updated_at: '2025-06-02T10:00:00.000Z' },
      staging: [stagingRow(6, { ...linkedTo(id6), ...membersOf(6, 7) })],
    },
    inSync({ sfdcId: id6, desired: membersOf(6, 7) }),
  ),
  edge(
    7,
    'The sibling with 18 characters has no row yet',
    ['D3', 'T1', 'T6'],
    { property: { sfdc_id: id6 } },
    create({ sfdcId: id6, desired: membersOf(6, 7) }),
  ),
];

const malformedIds: readonly EdgeCase[] = [
  edge(
    8,
    'A staging id stands where a production id belongs',
    ['D4'],
    { property: { sfdc_id: stagingId(8) } },
    create({ warnings: ['MALFORMED_SFDC_ID'] }),
  ),
  edge(
    9,
    'An id of 17 characters is no id',
    ['D4'],
    { property: { sfdc_id: 'a01ZZ000000E009YA' }, staging: [stagingRow(9)] },
    inSync({ warnings: ['MALFORMED_SFDC_ID'] }),
  ),
  edge(
    10,
    'An id of 18 characters with a wrong suffix is no id',
    ['D4'],
    { property: { sfdc_id: 'a01ZZ000000E010YAA' } },
    create({ warnings: ['MALFORMED_SFDC_ID'] }),
  ),
  edge(
    11,
    'The id of an account is right in itself but of another object',
    ['D4'],
    { property: { sfdc_id: '001ZZ000000E011YAC' } },
    create({ warnings: ['MALFORMED_SFDC_ID'] }),
  ),
];

const groups: readonly EdgeCase[] = [
  edge(
    12,
    'One ACTIVE with a DISABLED sibling: only its own bank linking counts',
    ['D5', 'B4'],
    {
      property: { sfdc_id: id12 },
      wide: [
        wideRow(12, { bank_linking_enabled: true, bank_linking_enabled_at: '2025-02-10T08:00:00.000Z' }),
      ],
      staging: [
        stagingRow(12, {
          ...linkedTo(id12),
          Bank_Linking_Enabled__c: true,
          Bank_Linking_Start_Date__c: '2025-02-10',
        }),
      ],
    },
    inSync({
      sfdcId: id12,
      desired: { Bank_Linking_Enabled__c: true, Bank_Linking_Start_Date__c: '2025-02-10' },
    }),
  ),
  edge(
    13,
    'The DISABLED sibling has payroll, which shows nowhere',
    ['D5', 'DQ5'],
    {
      property: { sfdc_id: id12, status: 'DISABLED' },
      wide: [
        wideRow(13, {
          payroll_linking_enabled: true,
          payroll_linking_enabled_at: '2024-02-10T08:00:00.000Z',
        }),
      ],
      staging: [stagingRow(13, { ...disabled, Source_Salesforce_ID__c: id12 })],
    },
    inSync({ sfdcId: id12, desired: disabled }),
  ),
  edge(
    14,
    'DISABLED without a row and alone on its id',
    ['D5'],
    { property: { sfdc_id: productionId(14), status: 'DISABLED' } },
    excluded('DISABLED', { sfdcId: productionId(14) }),
  ),
  edge(
    15,
    'Three members with different features: the union is already on this row',
    ['D6', 'D7', 'E3'],
    {
      property: { sfdc_id: id15, updated_at: '2025-06-03T10:00:00.000Z' },
      wide: [wideRow(15, { idv_enabled: true })],
      staging: [stagingRow(15, { ...linkedTo(id15), ...unionOf15 })],
    },
    inSync({ sfdcId: id15, warnings: ['GROUP_FEATURES_DIFFER'], desired: unionOf15 }),
  ),
  edge(
    16,
    'The member with bank linking has no row yet and gets the union',
    ['D6', 'D7', 'E3'],
    {
      property: { sfdc_id: id15, updated_at: '2025-06-02T10:00:00.000Z' },
      wide: [
        wideRow(16, { bank_linking_enabled: true, bank_linking_enabled_at: '2024-05-06T08:00:00.000Z' }),
      ],
    },
    create({ sfdcId: id15, warnings: ['GROUP_FEATURES_DIFFER'], desired: unionOf15 }),
  ),
  edge(
    17,
    'The member without features shows none yet but must show the union',
    ['D6', 'D7', 'E3'],
    {
      property: { sfdc_id: id15 },
      wide: [wideRow(17)],
      staging: [stagingRow(17, { ...linkedTo(id15), ...membersOf(15, 16, 17) })],
    },
    update(['ID_Verification_Enabled__c', 'Bank_Linking_Enabled__c', 'Bank_Linking_Start_Date__c'], {
      sfdcId: id15,
      warnings: ['GROUP_FEATURES_DIFFER'],
      desired: unionOf15,
    }),
  ),
  edge(
    18,
    'Tie on updated_at: created later, it is the primary',
    ['D8', 'T4'],
    {
      property: { sfdc_id: id18, inserted_at: '2025-03-02T10:00:00.000Z' },
      staging: [stagingRow(18, { ...linkedTo(id18), ...membersOf(18, 19) })],
    },
    inSync({ sfdcId: id18, warnings: ['GROUP_TIE'], desired: membersOf(18, 19) }),
  ),
  edge(
    19,
    'Tie on updated_at: created earlier, it is not the primary',
    ['D8', 'T4'],
    { property: { sfdc_id: id18 }, staging: [stagingRow(19, { ...linkedTo(id18), ...membersOf(18, 19) })] },
    inSync({ sfdcId: id18, warnings: ['GROUP_TIE'], desired: membersOf(18, 19) }),
  ),
  edge(
    20,
    'Tie on both times: the lower id is the primary',
    ['D8', 'T4'],
    { property: { sfdc_id: id20 } },
    create({ sfdcId: id20, warnings: ['GROUP_TIE'], desired: membersOf(20, 21) }),
  ),
  edge(
    21,
    'Tie on both times: the higher id is not the primary',
    ['D8', 'T4'],
    { property: { sfdc_id: id20 } },
    create({ sfdcId: id20, warnings: ['GROUP_TIE'], desired: membersOf(20, 21) }),
  ),
  edge(
    22,
    'The start date is that of the member that has the feature',
    ['T5', 'DQ6'],
    {
      property: { sfdc_id: id22, updated_at: '2025-06-02T10:00:00.000Z' },
      wide: [
        wideRow(22, { bank_linking_enabled: true, bank_linking_enabled_at: '2025-05-02T08:00:00.000Z' }),
      ],
      staging: [stagingRow(22, { ...linkedTo(id22), ...bankOf22 })],
    },
    inSync({ sfdcId: id22, warnings: ['GROUP_FEATURES_DIFFER'], desired: bankOf22 }),
  ),
  edge(
    23,
    'A member that lost the feature still has its earlier date, which counts for nothing',
    ['T5', 'DQ6'],
    {
      property: { sfdc_id: id22 },
      wide: [wideRow(23, { bank_linking_enabled_at: '2024-01-01T08:00:00.000Z' })],
      staging: [stagingRow(23, { ...linkedTo(id22), ...bankOf22 })],
    },
    inSync({ sfdcId: id22, warnings: ['GROUP_FEATURES_DIFFER'], desired: bankOf22 }),
  ),
  edge(
    24,
    'Of two members with payroll the earlier date counts',
    ['B5', 'DQ6'],
    {
      property: { sfdc_id: id24, updated_at: '2025-06-02T10:00:00.000Z' },
      wide: [
        wideRow(24, {
          payroll_linking_enabled: true,
          payroll_linking_enabled_at: '2025-04-10T08:00:00.000Z',
        }),
      ],
    },
    create({ sfdcId: id24, desired: payrollOf24 }),
  ),
  edge(
    25,
    'The member with the earlier date',
    ['B5', 'DQ6'],
    {
      property: { sfdc_id: id24 },
      wide: [
        wideRow(25, {
          payroll_linking_enabled: true,
          payroll_linking_enabled_at: '2025-03-09T08:00:00.000Z',
        }),
      ],
    },
    create({ sfdcId: id24, desired: payrollOf24 }),
  ),
  edge(
    26,
    'A DISABLED sibling with a still earlier date and no row contributes nothing',
    ['D5', 'B4'],
    {
      property: { sfdc_id: id24, status: 'DISABLED' },
      wide: [
        wideRow(26, {
          payroll_linking_enabled: true,
          payroll_linking_enabled_at: '2020-01-01T08:00:00.000Z',
        }),
      ],
    },
    excluded('DISABLED', { sfdcId: id24 }),
  ),
  edge(
    27,
    'A soft-deleted ACTIVE sibling contributes nothing, whatever the wide table says of it',
    ['T3', 'F27'],
    {
      property: { sfdc_id: id24, _fivetran_deleted: true },
      wide: [
        wideRow(27, { idv_enabled: true, fraud_enabled: true, fraud_enabled_at: '2019-01-01T08:00:00.000Z' }),
      ],
    },
    excluded('SOURCE_DELETED', { sfdcId: id24 }),
  ),
];

const featureRows: readonly EdgeCase[] = [
  edge(
    28,
    'Of several wide rows the one updated last counts',
    ['D9'],
    {
      wide: [
        wideRow(28, {
          payroll_linking_enabled: true,
          payroll_linking_enabled_at: '2024-12-01T08:00:00.000Z',
          payroll_linking_updated_at: '2025-01-01T08:00:00.000Z',
          fraud_updated_at: null,
        }),
        wideRow(28, {
          bank_linking_enabled: true,
          bank_linking_enabled_at: '2025-01-05T08:00:00.000Z',
          bank_linking_updated_at: '2025-06-01T08:00:00.000Z',
        }),
      ],
      staging: [stagingRow(28, { Bank_Linking_Enabled__c: true, Bank_Linking_Start_Date__c: '2025-01-05' })],
    },
    inSync({ desired: { Bank_Linking_Enabled__c: true, Bank_Linking_Start_Date__c: '2025-01-05' } }),
  ),
  edge(
    29,
    'Updated at the same moment: the row with the later enablement counts',
    ['D9'],
    {
      wide: [
        wideRow(29),
        wideRow(29, { bank_linking_enabled: true, bank_linking_enabled_at: '2025-02-02T08:00:00.000Z' }),
      ],
    },
    create({ desired: { Bank_Linking_Enabled__c: true, Bank_Linking_Start_Date__c: '2025-02-02' } }),
  ),
  edge(
    30,
    'Both times tie and the flags differ: the row with a staging id counts, and it is said',
    ['D9'],
    {
      wide: [wideRow(30), wideRow(30, { product_property_id: stagingId(30), idv_enabled: true })],
      staging: [stagingRow(30, { ID_Verification_Enabled__c: true })],
    },
    inSync({ warnings: ['FEATURE_ROWS_AMBIGUOUS'], desired: { ID_Verification_Enabled__c: true } }),
  ),
];

const rows: readonly EdgeCase[] = [
  edge(
    31,
    'Three rows carry the lookup of its production record; only its own matters',
    ['D10'],
    { property: { sfdc_id: id31 }, staging: [stagingRow(31, linkedTo(id31))] },
    inSync({ sfdcId: id31 }),
  ),
  edge(
    32,
    'Its row is linked to the record of another property',
    ['D10'],
    {
      property: { sfdc_id: productionId(32) },
      staging: [stagingRow(32, { Source_Salesforce_ID__c: productionId(32), Property__c: id31 })],
    },
    inSync({ sfdcId: productionId(32), warnings: ['LINK_MISMATCH'] }),
  ),
  edge(
    33,
    'A DISABLED sibling whose row is linked to the same record',
    ['D5', 'D10'],
    {
      property: { sfdc_id: id31, status: 'DISABLED' },
      staging: [stagingRow(33, { ...linkedTo(id31), ...disabled })],
    },
    inSync({ sfdcId: id31, desired: disabled }),
  ),
  edge(
    34,
    'Two live own rows: neither is written',
    ['D11', 'T24'],
    { staging: [stagingRow(34), stagingRow(34, { Name: 'Edge Court thirty-four' }, 1)] },
    conflict(),
  ),
  edge(
    35,
    'Of two own rows one is in the recycle bin',
    ['D11', 'T28'],
    { staging: [stagingRow(35), stagingRow(35, { IsDeleted: true }, 1)] },
    inSync(),
  ),
  edge(
    36,
    'The only own row is in the recycle bin',
    ['T28'],
    { staging: [stagingRow(36, { IsDeleted: true })] },
    create(),
  ),
  edge(
    37,
    'The key is in upper case in Salesforce',
    ['D11'],
    { staging: [stagingRow(37, { RDS_Property_ID__c: propertyId(37).toUpperCase() })] },
    inSync(),
  ),
];

const companies: readonly EdgeCase[] = [
  edge(
    38,
    'Its company is soft-deleted; Salesforce keeps the name it has',
    ['D12', 'T33'],
    {
      property: { company_id: companyId(2) },
      staging: [stagingRow(38, { Company_ID__c: companyId(2), Company_Name__c: 'Gone Holdings' })],
    },
    inSync({
      warnings: ['COMPANY_UNRESOLVED', 'NULL_SOURCE_KEPT'],
      desired: { Company_ID__c: companyId(2), Company_Name__c: null },
    }),
  ),
  edge(
    39,
    'Its company has no name',
    ['D12'],
    { property: { company_id: companyId(3) } },
    create({
      warnings: ['COMPANY_UNRESOLVED'],
      desired: { Company_ID__c: companyId(3), Company_Name__c: null },
    }),
  ),
  edge(
    40,
    'Its company is not in the table at all',
    ['D12'],
    { property: { company_id: companyId(9) } },
    create({
      warnings: ['COMPANY_UNRESOLVED'],
      desired: { Company_ID__c: companyId(9), Company_Name__c: null },
    }),
  ),
  edge(
    41,
    'The name of its company is white space',
    ['D12'],
    {
      property: { company_id: companyId(4) },
      staging: [stagingRow(41, { Company_ID__c: companyId(4), Company_Name__c: null })],
    },
    inSync({
      warnings: ['COMPANY_UNRESOLVED'],
      desired: { Company_ID__c: companyId(4), Company_Name__c: null },
    }),
  ),
  edge(
    42,
    'The name of its company has spaces too many',
    ['D12', 'D13'],
    {
      property: { company_id: companyId(5) },
      staging: [stagingRow(42, { Company_ID__c: companyId(5), Company_Name__c: 'Calder Communities' })],
    },
    inSync({ desired: { Company_ID__c: companyId(5), Company_Name__c: 'Calder Communities' } }),
  ),
  edge(
    43,
    'Features but no company',
    ['E2'],
    { property: { company_id: null }, wide: [wideRow(43, { idv_enabled: true })] },
    excluded('NO_COMPANY'),
  ),
];

const names: readonly EdgeCase[] = [
  edge(
    44,
    'Tab, newline and outer space in the name vanish under normalisation',
    ['D13', 'T15'],
    { property: { name: ' Edge\tCourt \n 44  ' }, staging: [stagingRow(44)] },
    inSync(),
  ),
  edge(
    45,
    'A name of 97 characters is cut to 80',
    ['D13'],
    {
      property: {
        name: 'Edge Court of the Forty-Five Very Long Corridors and Wide Stairways at Lower Willowmere Riverbend',
      },
    },
    create({
      warnings: ['NAME_TRUNCATED'],
      desired: { Name: 'Edge Court of the Forty-Five Very Long Corridors and Wide Stairways at Lower Wil' },
    }),
  ),
  edge(
    46,
    'The cut falls behind a word: Salesforce does not hold the space that is left',
    ['D13'],
    {
      property: {
        name: 'Edge Court of the Forty-Six Very Long Corridors and Wide Stairways by Northerly Wood Haven Riverbend',
      },
      staging: [
        stagingRow(46, {
          Name: 'Edge Court of the Forty-Six Very Long Corridors and Wide Stairways by Northerly',
        }),
      ],
    },
    inSync({
      warnings: ['NAME_TRUNCATED'],
      desired: { Name: 'Edge Court of the Forty-Six Very Long Corridors and Wide Stairways by Northerly' },
    }),
  ),
  edge(
    47,
    'A guarantor variant is a property of its own within the group',
    ['D7', 'D13'],
    {
      property: { name: 'Edge Court - Guarantor', sfdc_id: id47, updated_at: '2025-06-02T10:00:00.000Z' },
    },
    create({ sfdcId: id47, desired: { Name: 'Edge Court - Guarantor', ...membersOf(47, 48) } }),
  ),
  edge(
    48,
    'So is a variant with an import number',
    ['D7', 'D13'],
    { property: { name: 'Edge Court - MS 1234567', sfdc_id: id47 } },
    create({ sfdcId: id47, desired: { Name: 'Edge Court - MS 1234567', ...membersOf(47, 48) } }),
  ),
  edge(
    49,
    'Status in lower case with outer space is ACTIVE',
    ['D13'],
    { property: { status: ' active ', sfdc_id: productionId(49) } },
    create({ sfdcId: productionId(49) }),
  ),
  edge(
    50,
    'The production record says other things in fields of the same names',
    ['D20'],
    { property: { sfdc_id: productionId(50) }, staging: [stagingRow(50, linkedTo(productionId(50)))] },
    inSync({ sfdcId: productionId(50) }),
  ),
];

const places: readonly EdgeCase[] = [
  edge(
    51,
    'State and ZIP are empty in RDS: what Salesforce has stays',
    ['D14', 'T33'],
    { property: { state: '', zip: '' }, staging: [stagingRow(51)] },
    inSync({ warnings: ['NULL_SOURCE_KEPT'], desired: { State_Code__c: null, Postal_Code__c: null } }),
  ),
  edge(
    52,
    'A full state name becomes its code',
    ['D14'],
    { property: { state: 'new  york ' } },
    create({ desired: { State_Code__c: 'NY' } }),
  ),
  edge(
    53,
    'A state that does not exist becomes NULL',
    ['D14'],
    { property: { state: 'ZZ' }, staging: [stagingRow(53, { State_Code__c: null })] },
    inSync({ warnings: ['INVALID_STATE'], desired: { State_Code__c: null } }),
  ),
  edge(
    54,
    'ZIP+4 with a leading zero stays as it is; a state in lower case becomes its code',
    ['D14', 'T16'],
    { property: { state: 'ma', zip: '02134-0012' } },
    create({ desired: { State_Code__c: 'MA', Postal_Code__c: '02134-0012' } }),
  ),
  edge(
    55,
    'A ZIP of four characters has lost its zero and is never padded',
    ['D14'],
    { property: { zip: '2134' } },
    create({ warnings: ['POSTAL_SUSPECT'], desired: { Postal_Code__c: '2134' } }),
  ),
  edge(
    56,
    'A ZIP of three and one of seven characters are passed on: here three',
    ['D14'],
    { property: { zip: '501' }, staging: [stagingRow(56, { Postal_Code__c: '501' })] },
    inSync({ warnings: ['POSTAL_SUSPECT'], desired: { Postal_Code__c: '501' } }),
  ),
  edge(
    57,
    'City and street with spaces too many, and a ZIP of seven characters',
    ['D14'],
    {
      property: { address: ' 57  Edge Street', city: 'Riverbend  ', zip: '4300412' },
      staging: [stagingRow(57, { Postal_Code__c: '4300412' })],
    },
    inSync({ warnings: ['POSTAL_SUSPECT'], desired: { Postal_Code__c: '4300412' } }),
  ),
  edge(
    58,
    'Street and state are NULL in Salesforce and get filled',
    ['D15'],
    { staging: [stagingRow(58, { Street__c: null, State_Code__c: null })] },
    update(['Street__c', 'State_Code__c']),
  ),
  edge(
    59,
    'An e-mail address that is none blocks nothing',
    ['D16'],
    { property: { email: 'none at all' } },
    create(),
  ),
  edge(
    60,
    'Flags that are NULL in the wide table are FALSE',
    ['D18'],
    {
      wide: [
        wideRow(60, {
          idv_enabled: null,
          bank_linking_enabled: null,
          fraud_enabled: null,
          fraud_updated_at: null,
        }),
      ],
      staging: [stagingRow(60)],
    },
    inSync(),
  ),
];

const testNames: readonly EdgeCase[] = [
  edge(
    61,
    'A test word as a whole word; its id on the allow list overrides',
    ['D19'],
    { property: { name: 'Edge TEST Court' } },
    excluded('TEST_NAME'),
    create({ desired: { Name: 'Edge TEST Court' } }),
  ),
  edge(
    62,
    'Two words with two spaces between them are "do not" all the same',
    ['D19', 'D13'],
    { property: { name: 'Edge Court (Do  Not use)' }, staging: [stagingRow(62)] },
    excluded('TEST_NAME', { warnings: ['EXCLUDED_WITH_ROW'] }),
  ),
  edge(
    63,
    'Names that only contain a test word are ordinary',
    ['D19', 'T29'],
    { property: { name: 'Devon Court at Templeton Demorest' } },
    create({ desired: { Name: 'Devon Court at Templeton Demorest' } }),
  ),
  edge(
    64,
    'Salesforce has another name',
    ['D21'],
    { staging: [stagingRow(64, { Name: 'The Edge Court 64' })] },
    update(['Name']),
  ),
];

const statuses: readonly EdgeCase[] = [
  edge(
    65,
    'No status',
    ['E1'],
    { property: { status: null } },
    excluded('DISABLED', { warnings: ['UNKNOWN_STATUS'] }),
  ),
  edge(
    66,
    'An unknown status is never written, whatever rows it has',
    ['E1'],
    { property: { status: 'PENDING' }, staging: [stagingRow(66, { Name: 'Other' })] },
    excluded('DISABLED', { warnings: ['EXCLUDED_WITH_ROW', 'UNKNOWN_STATUS'] }),
  ),
  edge(
    67,
    'Status DELETED counts as deleted',
    ['T3'],
    { property: { status: 'DELETED' }, staging: [stagingRow(67)] },
    excluded('SOURCE_DELETED', { warnings: ['EXCLUDED_WITH_ROW'] }),
  ),
  edge(
    68,
    'Soft-deleted with an own row: reported, not touched',
    ['T3', 'F27'],
    { property: { _fivetran_deleted: true }, staging: [stagingRow(68)] },
    excluded('SOURCE_DELETED', { warnings: ['EXCLUDED_WITH_ROW'] }),
  ),
  edge(69, 'A NULL soft-delete mark means live', ['T3'], { property: { _fivetran_deleted: null } }, create()),
  edge(
    70,
    'DISABLED in RDS, still ACTIVE with features in Salesforce',
    ['T21', 'F26'],
    {
      property: { status: 'DISABLED' },
      wide: [wideRow(70, { iv_enabled: true, iv_enabled_at: '2024-03-03T08:00:00.000Z' })],
      staging: [
        stagingRow(70, {
          Income_Verification_Enabled__c: true,
          Income_Verification_Start_Date__c: '2024-03-03',
          Fraud_Detection_Enabled__c: true,
        }),
      ],
    },
    update(
      [
        'Status__c',
        'Income_Verification_Enabled__c',
        'Fraud_Detection_Enabled__c',
        'Income_Verification_Start_Date__c',
        'Active_Property_Count__c',
        'Contributing_Property_IDs__c',
      ],
      { desired: disabled },
    ),
  ),
  edge(
    71,
    'DISABLED with two own rows',
    ['D11'],
    { property: { status: 'DISABLED' }, staging: [stagingRow(71, disabled), stagingRow(71, disabled, 1)] },
    conflict(),
  ),
  edge(
    72,
    'Reactivated: Salesforce still has it DISABLED',
    ['T32'],
    { staging: [stagingRow(72, disabled)] },
    update(['Status__c', 'Active_Property_Count__c', 'Contributing_Property_IDs__c']),
  ),
];

const features: readonly EdgeCase[] = [
  edge(
    73,
    'Income insights were switched off: FALSE overwrites TRUE and the date is cleared',
    ['T22'],
    {
      wide: [wideRow(73, { iv_updated_at: '2025-11-01T08:00:00.000Z' })],
      staging: [
        stagingRow(73, {
          Income_Verification_Enabled__c: true,
          Income_Verification_Start_Date__c: '2025-02-03',
        }),
      ],
    },
    update(['Income_Verification_Enabled__c', 'Income_Verification_Start_Date__c']),
  ),
  edge(
    74,
    'A FALSE flag with a date shows no date',
    ['T5'],
    { wide: [wideRow(74, { iv_enabled_at: '2024-02-03T08:00:00.000Z' })], staging: [stagingRow(74)] },
    inSync(),
  ),
  edge(
    75,
    'Payroll without a date is worth a warning, ID verification is not',
    ['T5'],
    { wide: [wideRow(75, { idv_enabled: true, payroll_linking_enabled: true })] },
    create({
      warnings: ['DATE_MISSING'],
      desired: { ID_Verification_Enabled__c: true, Connected_Payroll_Enabled__c: true },
    }),
  ),
  edge(
    76,
    'Time stamps on both sides of midnight are cut to days in UTC',
    ['DQ6'],
    {
      wide: [
        wideRow(76, {
          bank_linking_enabled: true,
          bank_linking_enabled_at: '2025-06-30T23:59:59.999Z',
          fraud_enabled: true,
          fraud_enabled_at: '2025-07-01T00:00:00.000Z',
        }),
      ],
      staging: [
        stagingRow(76, {
          Bank_Linking_Enabled__c: true,
          Bank_Linking_Start_Date__c: '2025-06-30',
          Fraud_Detection_Enabled__c: true,
          Fraud_Detection_Start_Date__c: '2025-07-01',
        }),
      ],
    },
    inSync({
      desired: {
        Bank_Linking_Enabled__c: true,
        Bank_Linking_Start_Date__c: '2025-06-30',
        Fraud_Detection_Enabled__c: true,
        Fraud_Detection_Start_Date__c: '2025-07-01',
      },
    }),
  ),
  edge(
    77,
    'A feature in state testing is not sold and not TRUE',
    ['T27'],
    {
      wide: [wideRow(77)],
      tall: [
        {
          id: 'f0000077-0000-4000-8000-000000000077',
          feature_code: 'bank_linking',
          property_id: propertyId(77),
          state: 'testing',
          inserted_at: '2025-05-01T10:00:00.000Z',
          updated_at: '2025-05-01T10:00:00.000Z',
        },
      ],
      staging: [stagingRow(77)],
    },
    inSync(),
  ),
];

const survivors: readonly EdgeCase[] = [
  edge(
    78,
    'Quotes, commas, accents and emoji survive',
    ['T37'],
    { property: { name: 'Café "Étoile", Nº 5 🏙️', address: "78 King's, Row", city: 'Saint-Éloi' } },
    create({
      desired: { Name: 'Café "Étoile", Nº 5 🏙️', Street__c: "78 King's, Row", City__c: 'Saint-Éloi' },
    }),
  ),
  edge(
    79,
    'The text #N/A is a text',
    ['T37'],
    {
      property: { name: '#N/A', city: 'null' },
      staging: [stagingRow(79, { Name: '#N/A', City__c: 'null' })],
    },
    inSync({ desired: { Name: '#N/A', City__c: 'null' } }),
  ),
  edge(
    80,
    'Without a name it is planned all the same, and rejected as bad data when it is written',
    ['T33'],
    { property: { name: null } },
    create({ desired: { Name: null } }),
  ),
  edge(
    81,
    'Created years ago and changed within the last day',
    ['E4', 'E5'],
    {
      property: {
        inserted_at: '2019-02-03T10:00:00.000Z',
        updated_at: '2026-01-05T09:00:00.000Z',
        city: 'New Riverbend',
      },
      staging: [stagingRow(81)],
    },
    update(['City__c'], { desired: { City__c: 'New Riverbend' } }),
  ),
  edge(
    82,
    'Salesforce holds the same values in another spelling',
    ['D3', 'D13'],
    {
      property: { sfdc_id: productionId(82) },
      staging: [
        stagingRow(82, {
          Company_ID__c: companyId(1).toUpperCase(),
          Street__c: '82  Edge Street',
          State_Code__c: 'Ohio',
          Source_Salesforce_ID__c: 'a01ZZ000000E082',
        }),
      ],
    },
    inSync({ sfdcId: productionId(82) }),
  ),
];

/** Every edge case, in the order of its number. */
export const edgeCases: readonly EdgeCase[] = [
  ...blankAndShortIds,
  ...malformedIds,
  ...groups,
  ...featureRows,
  ...rows,
  ...companies,
  ...names,
  ...places,
  ...testNames,
  ...statuses,
  ...features,
  ...survivors,
];
