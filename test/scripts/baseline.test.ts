/**
 * The must numbers of docs/domain.md §18, typed from the document and counted from the files that the generator
 * wrote; for any seed.
 */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { BaselineManifest } from '../../scripts/baseline/writeBaseline.ts';
import { countFiles, runBaseline, type CountedFiles } from './runBaseline.ts';

const seeds = [20_260_105, 7, 4_294_967_297];

describe.each(seeds)('the January baseline with seed %d', (seed) => {
  let dir: string;
  let counted: CountedFiles;

  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'baseline-'));
    await runBaseline(['--out', dir, '--seed', String(seed)]);
    counted = await countFiles(dir);
  });

  afterAll(async () => {
    await rm(dir, { recursive: true });
  });

  it('holds the source and Salesforce counts of §18.1', () => {
    expect(counted.sources).toEqual({
      tableRows: 20_186,
      live: 20_174,
      softDeleted: { ACTIVE: 8, DISABLED: 4 },
      byStatus: { ACTIVE: 12_272, DISABLED: 7_902 },
      nonBlank: 17_156,
      placeholder: { ACTIVE: 220, DISABLED: 47 },
      valid: 16_889,
      malformed: 0,
      blank: { null: 2_978, empty: 37, whiteSpace: 3 },
      distinctIds: 13_615,
      distinctRawIds: 13_620,
      id15: 12,
      id15BesideSibling: 5,
      activeValid: 9_061,
      activeIds: 8_629,
      activeBlank: 2_991,
      disabledValid: 7_828,
      disabledBlank: 27,
      multiGroups: 316,
      largestGroup: 67,
      inMultiGroups: 748,
      groupSizes: { 2: 280, 3: 32, 6: 1, 9: 1, 10: 1, 67: 1 },
      sharedIds: 2_516,
      inSharedIds: 5_790,
      allDisabledShared: 538,
      activeShared: 2_410,
      activeSharedIds: 1_978,
      eligible: 12_011,
      eligibleValid: 9_061,
      eligibleWithout: 2_950,
      groups: 11_579,
      stagingRows: 18_022,
      recycled: 15,
      keyed: 18_021,
      distinctKeys: 17_751,
      keysWithSurplus: { 2: 247, 3: 10, 4: 1 },
      orphans: 1,
      keyless: 1,
      withOwnRow: 17_750,
      linked: 14_654,
      unlinked: 3_368,
      distinctLookups: 12_857,
      sharedLookups: 1_593,
      rowsOnSharedLookups: 3_390,
      mostOnOneLookup: 14,
      alignedLookups: 7_778,
      otherLookups: 6,
      awaitingLink: 196,
      production: 13_615,
      productionIds: 13_615,
      companies: 1_176,
      unresolvedCompanies: 6,
      eligibleOnUnresolved: 25,
      companyIsProperty: 61,
    });
  });

  it('holds the feature counts of §18.2', () => {
    expect(counted.features).toEqual({
      eligibleByFlag: [3_651, 2_078, 4_552, 7_519, 11_807],
      eligiblePaid: 8_557,
      matchedPaid: 6_200,
      multiPaid: 236,
      multiDiffering: 182,
      multiDifferentNames: 310,
      ties: 3,
      tiesByInsertedAt: 2,
      idvDates: ['a0000001-0000-4000-8000-000000000001'],
      trueWithoutDate: [0, 0, 0, 0],
      staleInMulti: 20,
      staleInOnes: 70,
      groupsWithSiblingFlag: 190,
      wideRows: 23_901,
      wideSurplus: 4_127,
      wideIdentical: 3_627,
      wideOpposite: 500,
      wideOfUnknown: 0,
      withoutFeatureRow: { DISABLED: 400 },
      testing: 37,
    });
  });

  it('gives the results of §18.3', () => {
    expect(counted.results).toEqual({
      classes: {
        CREATE: 1_081,
        UPDATE: 1_843,
        IN_SYNC: 15_619,
        CONFLICT: 258,
        DISABLED: 1_061,
        PLACEHOLDER_SFDC: 267,
        TEST_NAME: 40,
        NO_COMPANY: 5,
        SOURCE_DELETED: 12,
      },
      p1: 507,
      p3: 574,
      createShared: 643,
      createSharedPaid: 507,
      createUnsharedPaid: 0,
      createInMulti: 213,
      createIds: 1_029,
      createBlank: 0,
      existing: 17_462,
      existingBy: { activeWithSfdc: 7_980, activeWithoutSfdc: 2_854, disabled: 6_628 },
      updateBy: { activeWithSfdc: 1_471, activeWithoutSfdc: 60, disabled: 312 },
      inSyncBy: { activeWithSfdc: 6_509, activeWithoutSfdc: 2_794, disabled: 6_316 },
      conflictBy: { activeWithoutSfdc: 96, disabled: 162 },
      conflictRows: 528,
      testNameBy: { 'ACTIVE true': 36, 'DISABLED true': 4 },
      noCompanyBy: { 'ACTIVE true': 5 },
      deletedWithRow: 0,
      idvOff: 799,
      idvOffBy: { unshared: 640, oneActive: 120, pairs: 27, larger: 12 },
      oneRowEligible: 10_834,
      flagRows: 1_072,
      mostWrongFlagsOfEligible: 1,
      identityRowsWithWrongFlag: 0,
      accuracyByFlag: [92.63, 98.71, 99.23, 99.54, 100],
      changesByField: {
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
      },
      changes: 3_560,
      derivedOnly: 0,
      incomeBy: { activeWithSfdc: 50, disabled: 205 },
      nameBy: {
        'activeWithSfdc paid': 139,
        'activeWithSfdc unpaid': 100,
        'activeWithoutSfdc paid': 30,
        'activeWithoutSfdc unpaid': 30,
      },
      stillActive: { 'ACTIVE with flags': 205, 'ACTIVE without': 107 },
      clearedDates: 460,
      clearedContributors: 312,
      clearedOther: 0,
      priorities: { P1: 507, P2: 1_551, P3: 136, rest: 216 },
      dashboard: {
        create: [1_081, 507],
        update: [1_843, 1_302],
        matched: [7_980, 6_200],
        multi: [316, 236],
        staging: 18_022,
        active: 12_272,
      },
    });
  });

  it('holds the dirty patterns of §18.4, none of which makes a difference', () => {
    expect(counted.dirt).toEqual({
      tab: 8,
      newline: 4,
      dirtyInCreate: 2,
      outerSpace: 154,
      guarantor: 153,
      ms: 61,
      number: 1_039,
      exactly80: 25,
      longer: 0,
      decoys: 9,
      cityOuterSpace: 71,
      stateEmpty: 12,
      stateFullName: 6,
      stateUnknown: 0,
      zipPlus4: 1_670,
      zip4: 12,
      zip3: 6,
      zip7: 6,
      zipEmpty: 12,
      zip5LeadingZero: 1_412,
      plus4LeadingZero: 139,
      zipOther: 0,
      placeholderWithRow: 25,
      testWithRow: 5,
      companyUnresolved: 25,
    });
  });

  it('gives every wrong answer of §18.6 when the mistake is made', () => {
    expect(counted.mistakes).toEqual({
      byLookup: { create: 648, updateRows: 8_980, updateIds: 7_981 },
      disabledCounted: { multiIds: 2_516, wrongFlags: 190 },
      softDeletesIgnored: { active: 12_280, multi: 324 },
      notNormalised: 13_620,
      blankTakenAsValid: 40,
      recycleBinCounted: { create: 1_075, conflict: 267 },
      newestPicked: 17_720,
      datesOverAll: 90,
      p1WithFraud: 1_073,
      p1ByOwnFlags: 404,
      wrongWideRow: 500,
    });
  });

  it('has enough of every kind for the pilot of §12.1', () => {
    const counts = counted.pilot;
    expect(counts).toMatchObject({ within30Days: 180, olderThan365Days: 420, between: 481 });
    expect(counts.createCompanies).toBeGreaterThanOrEqual(100);
    expect(counts.onesWithIdv).toBeGreaterThanOrEqual(50);
    expect(counts.pairs).toBeGreaterThanOrEqual(30);
    expect(counts.larger).toBeGreaterThanOrEqual(10);
    expect(counts.unpaidInMulti).toBeGreaterThanOrEqual(6);
    expect(counts.unpaid).toBeGreaterThanOrEqual(50);
    expect(counts.paid).toBeGreaterThanOrEqual(50);
  });

  it('is free of faults between and within its tables', () => {
    expect(counted.faults).toEqual([]);
  });

  it('holds Park Kennedy as in §10', () => {
    const none = [false, false, false, false, false];
    expect(counted.parkKennedy).toEqual([
      {
        row: ['Park Kennedy', 'ACTIVE', 'a01ZZ000001PKndYAG', '2025-11-10'],
        own: [],
        enabledAt: ['2025-11-10', '2025-11-10', '2025-11-10', '2025-11-10', '2025-11-10'],
        className: 'CREATE',
      },
      {
        row: ['Park Kennedy', 'DISABLED', 'a01ZZ000001PKndYAG', '2025-06-04'],
        own: [['a13ZZ000002PKsbYAG', null]],
        enabledAt: none,
        className: 'IN_SYNC',
      },
      {
        row: ['Park Kennedy - Guarantor', 'DISABLED', null, '2025-06-04'],
        own: [['a13ZZ000003PKguYAG', null]],
        enabledAt: none,
        className: 'IN_SYNC',
      },
    ]);
  });
});

describe('the January baseline of a fresh org (§18.5)', () => {
  let dir: string;
  let counted: CountedFiles;
  let manifest: BaselineManifest;

  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'baseline-fresh-'));
    await runBaseline(['--out', dir, '--variant', 'fresh-org']);
    counted = await countFiles(dir);
    manifest = JSON.parse(await readFile(join(dir, 'manifest.json'), 'utf8')) as BaselineManifest;
  });

  afterAll(async () => {
    await rm(dir, { recursive: true });
  });

  it('holds no derived field, so that every existing row is to be written, 15,619 of them for that alone', () => {
    expect(counted.results).toMatchObject({
      existing: 17_462,
      derivedOnly: 15_619,
      classes: { CREATE: 1_081, UPDATE: 17_462, CONFLICT: 258 },
      updateBy: { activeWithSfdc: 7_980, activeWithoutSfdc: 2_854, disabled: 6_628 },
      inSyncBy: {},
      clearedContributors: 0,
    });
    expect(counted.results.changesByField).toMatchObject({
      Active_Property_Count__c: 17_462,
      Contributing_Property_IDs__c: 10_834,
      Status__c: 312,
      Name: 299,
    });
  });

  it('says so in its manifest', () => {
    const { results } = counted;
    const { classes, derivedOnly, fieldChanges } = manifest.counts;
    expect(manifest.variant).toBe('fresh-org');
    expect({ UPDATE: classes.UPDATE, IN_SYNC: classes.IN_SYNC, derivedOnly }).toEqual({
      UPDATE: results.classes['UPDATE'],
      IN_SYNC: results.classes['IN_SYNC'] ?? 0,
      derivedOnly: results.derivedOnly,
    });
    expect(fieldChanges).toEqual({ total: results.changes, byField: results.changesByField });
  });

  it('is the January baseline in everything else', () => {
    expect(counted.sources).toMatchObject({ stagingRows: 18_022, recycled: 15, linked: 14_654 });
    expect(counted.faults).toEqual([]);
  });
});
