/**
 * The January baseline as data: which blocks it is built from and how many of each pattern it holds.
 * Every number is of docs/domain.md §18 (§18.5 for the blocks) at 20,174 live properties.
 */

/** Live properties at which every number of the baseline holds exactly. */
export const januaryProperties = 20_174;

/** Below this the blocks and patterns no longer all have a member. */
export const leastProperties = 1_000;

export const januarySeed = 20_260_105;

export const januaryNow = '2026-01-05T12:00:00.000Z';

/**
 * Which org the staging rows come from (docs/domain.md §18.5): `january` holds the derived fields, `fresh-org` has just
 * got them and holds none.
 */
export const baselineVariants = ['january', 'fresh-org'] as const;
export type BaselineVariant = (typeof baselineVariants)[number];

export type BlockName =
  | 'parkKennedy'
  | 'unshared'
  | 'oneActive'
  | 'pair'
  | 'larger'
  | 'largest'
  | 'allDisabled'
  | 'singleDisabled'
  | 'blankActive'
  | 'blankDisabled'
  | 'test'
  | 'noCompany'
  | 'placeholder'
  | 'softDeleted';

/**
 * Equal groups. One character stands for one property and says which live own rows it has: `L` one row linked to
 * its production record, `U` one row without lookup, `-` none, `2` `3` `4` that many rows.
 */
export interface Block {
  readonly name: BlockName;
  readonly groups: number;
  readonly active?: string;
  readonly disabled?: string;
  /** Some eligible member has a paid feature. */
  readonly isPaid?: true;
}

/** Never scaled: the canary of docs/domain.md §10. Its group first, then its guarantor. */
export const parkKennedyBlocks: readonly Block[] = [
  { name: 'parkKennedy', groups: 1, active: '-', disabled: 'U', isPaid: true },
  { name: 'parkKennedy', groups: 1, disabled: 'U' },
];

export const liveBlocks: readonly Block[] = [
  { name: 'unshared', groups: 4_537, active: 'L', isPaid: true },
  { name: 'unshared', groups: 1_526, active: 'L' },
  { name: 'unshared', groups: 112, active: 'U', isPaid: true },
  { name: 'unshared', groups: 38, active: 'U' },
  { name: 'unshared', groups: 438, active: '-' },

  { name: 'oneActive', groups: 49, active: '-', disabled: '-', isPaid: true },
  { name: 'oneActive', groups: 10, active: '-', disabled: '-' },
  { name: 'oneActive', groups: 222, active: '-', disabled: 'L', isPaid: true },
  { name: 'oneActive', groups: 48, active: '-', disabled: 'L' },
  { name: 'oneActive', groups: 82, active: '-', disabled: 'L-', isPaid: true },
  { name: 'oneActive', groups: 18, active: '-', disabled: 'L-' },
  { name: 'oneActive', groups: 36, active: 'U', disabled: 'L', isPaid: true },
  { name: 'oneActive', groups: 4, active: 'U', disabled: 'L' },
  { name: 'oneActive', groups: 453, active: 'L', disabled: 'L', isPaid: true },
  { name: 'oneActive', groups: 47, active: 'L', disabled: 'L' },
  { name: 'oneActive', groups: 199, active: 'L', disabled: 'L-', isPaid: true },
  { name: 'oneActive', groups: 21, active: 'L', disabled: 'L-' },
  { name: 'oneActive', groups: 30, active: 'L', disabled: 'LL', isPaid: true },
  { name: 'oneActive', groups: 3, active: 'L', disabled: 'LL' },
  { name: 'oneActive', groups: 310, active: 'L', disabled: '-', isPaid: true },
  { name: 'oneActive', groups: 32, active: 'L', disabled: '-' },
  { name: 'oneActive', groups: 61, active: 'L', disabled: '--', isPaid: true },
  { name: 'oneActive', groups: 6, active: 'L', disabled: '--' },
  { name: 'oneActive', groups: 27, active: 'L', disabled: '---', isPaid: true },
  { name: 'oneActive', groups: 3, active: 'L', disabled: '---' },

  { name: 'pair', groups: 83, active: 'L-', isPaid: true },
  { name: 'pair', groups: 17, active: 'L-', disabled: '-', isPaid: true },
  { name: 'pair', groups: 60, active: 'L-' },
  { name: 'pair', groups: 6, active: 'LU', isPaid: true },
  { name: 'pair', groups: 54, active: 'LL', isPaid: true },
  { name: 'pair', groups: 40, active: 'LL', disabled: '-', isPaid: true },
  { name: 'pair', groups: 20, active: 'LL' },
  { name: 'larger', groups: 32, active: 'LLL', isPaid: true },
  { name: 'larger', groups: 1, active: 'L'.repeat(6), isPaid: true },
  { name: 'larger', groups: 1, active: 'L'.repeat(9), isPaid: true },
  { name: 'larger', groups: 1, active: 'L'.repeat(10), isPaid: true },
  { name: 'largest', groups: 1, active: 'L'.repeat(14) + '-'.repeat(53), disabled: '---', isPaid: true },

  { name: 'allDisabled', groups: 426, disabled: 'LL' },
  { name: 'allDisabled', groups: 10, disabled: '--' },
  { name: 'allDisabled', groups: 102, disabled: 'LLL' },
  { name: 'singleDisabled', groups: 4_186, disabled: 'L' },
  { name: 'singleDisabled', groups: 157, disabled: '2' },
  { name: 'singleDisabled', groups: 4, disabled: '3' },
  { name: 'singleDisabled', groups: 1, disabled: '4' },
  { name: 'singleDisabled', groups: 100, disabled: '-' },

  { name: 'blankActive', groups: 1_790, active: 'U', isPaid: true },
  { name: 'blankActive', groups: 1_064, active: 'U' },
  { name: 'blankActive', groups: 56, active: '2', isPaid: true },
  { name: 'blankActive', groups: 34, active: '2' },
  { name: 'blankActive', groups: 4, active: '3', isPaid: true },
  { name: 'blankActive', groups: 2, active: '3' },
  { name: 'blankDisabled', groups: 19, disabled: 'U' },
  { name: 'blankDisabled', groups: 3, disabled: '-' },
  { name: 'test', groups: 5, active: 'U' },
  { name: 'test', groups: 31, active: '-' },
  { name: 'test', groups: 4, disabled: '-' },
  { name: 'noCompany', groups: 5, active: '-' },
  { name: 'placeholder', groups: 22, active: 'U' },
  { name: 'placeholder', groups: 198, active: '-' },
  { name: 'placeholder', groups: 3, disabled: 'U' },
  { name: 'placeholder', groups: 44, disabled: '-' },
];

/** Not among the live properties: eight carry the id of an unshared property, four that of a DISABLED one. */
export const softDeletedBlocks: readonly Block[] = [
  { name: 'softDeleted', groups: 8, active: '-' },
  { name: 'softDeleted', groups: 4, disabled: '-' },
];

/** Blocks whose rows name a production record; in all others `sfdc_id` is blank or a placeholder. */
export const blocksWithId: ReadonlySet<BlockName> = new Set([
  'parkKennedy',
  'unshared',
  'oneActive',
  'pair',
  'larger',
  'largest',
  'allDisabled',
  'singleDisabled',
]);

/** How many groups of a kind have each paid feature. */
export interface FlagQuota {
  readonly idv: number;
  readonly bankLinking: number;
  readonly payroll: number;
  readonly incomeInsights: number;
}

/** Eligible properties by group flag; groups of one absorb what the shared groups leave. */
export const eligibleFlags: FlagQuota = {
  idv: 3_651,
  bankLinking: 2_078,
  payroll: 4_552,
  incomeInsights: 7_519,
};

/** Of 100 paid pairs, both where a member is missing and where none is. */
export const flagsOf100Pairs: FlagQuota = { idv: 45, bankLinking: 25, payroll: 55, incomeInsights: 90 };

/** Of the 32 groups of three. */
export const flagsOf32Triples: FlagQuota = { idv: 16, bankLinking: 8, payroll: 16, incomeInsights: 28 };

/** What Salesforce holds wrongly, as a person would name it. One row never has two of them. */
export type Difference =
  | 'none'
  | 'idvOff'
  | 'bankLinkingOff'
  | 'payrollOff'
  | 'incomeInsightsOn'
  | 'name'
  | 'stateMissing'
  | 'stillActive'
  | 'stillActiveWithFlags';

/** Properties with exactly one own row, drawn from the blocks named, that Salesforce holds with a difference. */
export interface DifferenceDraw {
  readonly difference: Difference;
  readonly block: BlockName;
  readonly count: number;
  readonly isPaid?: boolean;
}

/** The scarce pools come first, so that no seed can run one of them dry. */
export const differenceDraws: readonly DifferenceDraw[] = [
  { difference: 'incomeInsightsOn', block: 'unshared', count: 15, isPaid: true },
  { difference: 'incomeInsightsOn', block: 'unshared', count: 24, isPaid: false },
  { difference: 'incomeInsightsOn', block: 'oneActive', count: 5, isPaid: true },
  { difference: 'incomeInsightsOn', block: 'oneActive', count: 6, isPaid: false },
  { difference: 'idvOff', block: 'unshared', count: 640 },
  { difference: 'idvOff', block: 'oneActive', count: 120 },
  { difference: 'idvOff', block: 'pair', count: 27 },
  { difference: 'idvOff', block: 'larger', count: 11 },
  { difference: 'idvOff', block: 'largest', count: 1 },
  { difference: 'bankLinkingOff', block: 'unshared', count: 110 },
  { difference: 'bankLinkingOff', block: 'oneActive', count: 30 },
  { difference: 'payrollOff', block: 'unshared', count: 63 },
  { difference: 'payrollOff', block: 'oneActive', count: 20 },
  { difference: 'name', block: 'pair', count: 4, isPaid: false },
  { difference: 'name', block: 'pair', count: 6, isPaid: true },
  { difference: 'name', block: 'oneActive', count: 6, isPaid: false },
  { difference: 'name', block: 'oneActive', count: 33, isPaid: true },
  { difference: 'name', block: 'unshared', count: 90, isPaid: false },
  { difference: 'name', block: 'unshared', count: 100, isPaid: true },
  { difference: 'name', block: 'blankActive', count: 30, isPaid: false },
  { difference: 'name', block: 'blankActive', count: 30, isPaid: true },
  { difference: 'stateMissing', block: 'pair', count: 4, isPaid: false },
  { difference: 'stateMissing', block: 'oneActive', count: 10, isPaid: false },
  { difference: 'stateMissing', block: 'oneActive', count: 20, isPaid: true },
  { difference: 'stateMissing', block: 'unshared', count: 55, isPaid: false },
  { difference: 'stateMissing', block: 'unshared', count: 71, isPaid: true },
  { difference: 'stillActiveWithFlags', block: 'oneActive', count: 40 },
  { difference: 'stillActive', block: 'oneActive', count: 20 },
  { difference: 'stillActiveWithFlags', block: 'singleDisabled', count: 165 },
  { difference: 'stillActive', block: 'singleDisabled', count: 87 },
];

/** How many of each pattern; §18.1–18.5. */
export const quotas = {
  companies: 1_176,
  unresolvedCompanies: 6,
  eligibleOnUnresolvedCompanies: 25,
  companyIsProperty: 61,

  emptyId: 37,
  whiteSpaceId: 3,
  id15BesideSibling: 5,
  id15Alone: 7,

  unlinkedDisabledSiblings: 67,
  lookupsRotated: 6,
  recycledOfCreate: 6,
  recycledOfMatched: 9,

  createdWithin30Days: 180,
  createdOver365DaysAgo: 420,

  missingWithoutFeature: 8,
  unsharedWithoutFraud: 98,
  blankWithoutFraud: 98,
  richPairsLinked: 50,
  differingFullPairs: 46,
  sameNameGroups: 6,
  tiesByInsertedAt: 2,
  tiesById: 1,
  staleDatesInMulti: 20,
  staleDatesUnshared: 50,
  staleDatesBlank: 20,
  siblingsWithExtraFlag: 190,
  testingFeatures: 37,
  withoutFeatureRow: 398,
  identicalWideRowsOnce: 3_227,
  identicalWideRowsTwice: 200,
  oppositeWideRows: 500,

  nameWithTab: 8,
  nameWithNewline: 4,
  dirtyNamesInCreate: 2,
  nameWithOuterSpace: 154,
  nameGuarantor: 152,
  nameMs: 61,
  nameNumber: 1_039,
  name80: 25,
  decoyNames: 9,

  cityWithOuterSpace: 71,
  stateEmpty: 12,
  stateFullName: 6,
  zipPlus4: 1_531,
  zipPlus4LeadingZero: 139,
  zipLeadingZero: 1_412,
  zip4: 12,
  zip3: 6,
  zip7: 6,
  zipEmpty: 12,
} as const;

export type Quota = keyof typeof quotas;
