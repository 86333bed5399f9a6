import { type Feature, features } from '../contracts/fieldMap.ts';
import type { GuardResult as PlannedGuardResult } from '../contracts/plan.ts';
import type { GuardFacts, GuardTally, RawFlagCount } from './guardTally.ts';

/** Limits of the payload guards (docs/domain.md §8.4, §19). Shares are fractions of 1. */
export interface GuardSettings {
  readonly maxCompanyEqualsNameShare: number;
  readonly maxTextChurnShare: number;
  readonly maxNullOverValueShare: number;
  /** Rows below which a constant column or churn proves nothing. */
  readonly minRows: number;
  readonly maxUnattendedCreates: number;
  readonly maxUnattendedUpdates: number;
}

export const defaultGuardSettings: GuardSettings = {
  maxCompanyEqualsNameShare: 0.05,
  maxTextChurnShare: 0.05,
  maxNullOverValueShare: 0.02,
  minRows: 200,
  maxUnattendedCreates: 200,
  maxUnattendedUpdates: 1000,
};

export type GuardName =
  | 'companyEqualsName'
  | 'companyNull'
  | 'constantColumn'
  | 'valueChurn'
  | 'nullOverValue'
  | 'keyUniqueness'
  | 'picklist'
  | 'volume';

/** What one guard found. `measured` and `limit` are in the guard's own unit: a share, or a number of rows. */
export interface GuardResult extends PlannedGuardResult {
  readonly guard: GuardName;
  /** Whether an approver may let the plan pass. Two rows with one key never may: one would overwrite the other. */
  readonly isReleasable: boolean;
}

export interface GuardContext {
  /** A person started the run from a plan id; a scheduled run is unattended. */
  readonly isAttended: boolean;
}

type Guard = (facts: GuardFacts, settings: GuardSettings, context: GuardContext) => GuardResult;

const shareOf = (part: number, whole: number): number => (whole === 0 ? 0 : part / whole);
const percent = (share: number): string => `${(share * 100).toFixed(1)} %`;
const count = (rows: number): string => rows.toLocaleString('en-US');

interface FieldShare {
  readonly field: string;
  readonly part: number;
  readonly whole: number;
}

/** The field with the greatest share, and a sentence that names every field above the limit. */
function compareShares(
  shares: readonly FieldShare[],
  limit: number,
): { measured: number; isTripped: boolean; named: string } {
  const above = shares.filter(({ part, whole }) => shareOf(part, whole) > limit);
  return {
    measured: Math.max(0, ...shares.map(({ part, whole }) => shareOf(part, whole))),
    isTripped: above.length > 0,
    named: above.map(({ field, part, whole }) => `${field} (${count(part)} of ${count(whole)})`).join(', '),
  };
}

// A first load has no existing rows to measure against; there its creates are the measure.
const companyEqualsName: Guard = (facts, { maxCompanyEqualsNameShare: limit }) => {
  const operation = facts.existingCount > 0 ? 'update' : 'create';
  const whole = operation === 'update' ? facts.existingCount : facts.createCount;
  const part = facts.companyEqualsNameCount[operation];
  const measured = shareOf(part, whole);
  return {
    guard: 'companyEqualsName',
    isTripped: measured > limit,
    measured,
    limit,
    detail: `${count(part)} of ${count(whole)} rows (${percent(measured)}) would show the property's name as that of its company, though the source does not.`,
    isReleasable: true,
  };
};

const companyNull: Guard = ({ companyNullCount }) => ({
  guard: 'companyNull',
  isTripped: companyNullCount > 0,
  measured: companyNullCount,
  limit: 0,
  detail: `${count(companyNullCount)} rows have no company name though their company is live and has one.`,
  isReleasable: true,
});

const isConstant = (enabledCount: number, rowCount: number): boolean =>
  enabledCount === 0 || enabledCount === rowCount;
const isVaried = (raw: RawFlagCount | undefined): boolean =>
  raw === undefined || (raw.enabledCount > 0 && raw.notEnabledCount > 0);

const constantColumn: Guard = (facts, { minRows }) => {
  const rowCount = facts.existingCount + facts.createCount;
  const isWrong = (feature: Feature): boolean =>
    isConstant(facts.enabledCounts[feature], rowCount) && isVaried(facts.rawFlagCounts?.[feature]);
  const wrong = rowCount < minRows ? [] : features.filter(isWrong);
  return {
    guard: 'constantColumn',
    isTripped: wrong.length > 0,
    measured: wrong.length,
    limit: 0,
    detail:
      wrong.length === 0
        ? 'No flag is constant that varies in the source.'
        : `The same value in all ${count(rowCount)} rows, though not in the source: ${wrong.join(', ')}.`,
    isReleasable: true,
  };
};

const valueChurn: Guard = ({ existingCount, textFields }, { maxTextChurnShare: limit, minRows }) => {
  const shares = Array.from(textFields, ([field, { nonNullCount, replacedCount }]) => ({
    field,
    part: replacedCount,
    whole: nonNullCount,
  }));
  const { measured, isTripped, named } = compareShares(existingCount < minRows ? [] : shares, limit);
  return {
    guard: 'valueChurn',
    isTripped,
    measured,
    limit,
    detail: isTripped
      ? `More than ${percent(limit)} of the values of one text field would change: ${named}.`
      : `At most ${percent(measured)} of the values of one text field would change.`,
    isReleasable: true,
  };
};

const nullOverValue: Guard = ({ existingCount, clearedCounts }, { maxNullOverValueShare: limit }) => {
  const shares = Array.from(clearedCounts, ([field, part]) => ({ field, part, whole: existingCount }));
  const { measured, isTripped, named } = compareShares(shares, limit);
  return {
    guard: 'nullOverValue',
    isTripped,
    measured,
    limit,
    detail: isTripped
      ? `More than ${percent(limit)} of the existing rows would lose the value of a field: ${named}.`
      : `At most ${percent(measured)} of the existing rows would lose the value of one field.`,
    isReleasable: true,
  };
};

const keyUniqueness: Guard = ({ duplicateKeyCount, duplicateKeys }) => ({
  guard: 'keyUniqueness',
  isTripped: duplicateKeyCount > 0,
  measured: duplicateKeyCount,
  limit: 0,
  detail:
    duplicateKeyCount === 0
      ? 'Every row to be written has a key of its own.'
      : `${count(duplicateKeyCount)} rows repeat the key of another row: ${duplicateKeys.join(', ')}.`,
  isReleasable: false,
});

const picklist: Guard = ({ unknownPicklistValues }) => {
  const rows = [...unknownPicklistValues.values()].reduce((sum, found) => sum + found, 0);
  return {
    guard: 'picklist',
    isTripped: rows > 0,
    measured: rows,
    limit: 0,
    detail:
      rows === 0
        ? 'Every picklist value exists in the org.'
        : `The org does not offer these values: ${Array.from(unknownPicklistValues, ([example, found]) => `${example} (${count(found)})`).join(', ')}.`,
    isReleasable: true,
  };
};

const volume: Guard = ({ createCount, updateCount }, settings, { isAttended }) => {
  const { maxUnattendedCreates, maxUnattendedUpdates } = settings;
  const isAbove = createCount > maxUnattendedCreates || updateCount > maxUnattendedUpdates;
  const isUpdatesWorse = updateCount * maxUnattendedCreates > createCount * maxUnattendedUpdates;
  return {
    guard: 'volume',
    isTripped: !isAttended && isAbove,
    measured: isUpdatesWorse ? updateCount : createCount,
    limit: isUpdatesWorse ? maxUnattendedUpdates : maxUnattendedCreates,
    detail: `${count(createCount)} creates and ${count(updateCount)} updates; an unattended run may write ${count(maxUnattendedCreates)} and ${count(maxUnattendedUpdates)}${isAttended ? ', and this one is attended' : ''}.`,
    isReleasable: true,
  };
};

const guards: readonly Guard[] = [
  companyEqualsName,
  companyNull,
  constantColumn,
  valueChurn,
  nullOverValue,
  keyUniqueness,
  picklist,
  volume,
];

/**
 * Judges a counted plan before anything is written (docs/domain.md §8.4). One result per guard, tripped or not; a plan
 * with a tripped guard is blocked. Shares are over all rows of `properties_to_update`, not over those to be written.
 */
export function evaluateGuards(
  tally: GuardTally,
  settings: GuardSettings,
  context: GuardContext,
): GuardResult[] {
  const facts = tally.facts();
  return guards.map((guard) => guard(facts, settings, context));
}
