import {
  features,
  type Feature,
  type FieldMapping,
  type MappedValue,
  type MappedValues,
  type Normalizer,
  salesforceStems,
} from '../contracts/fieldMap.ts';
import type { Operation } from '../contracts/plan.ts';
import type { FieldChange } from './diffFields.ts';
import { normalizeText } from './normalizeText.ts';

/** What the guards look at in one row of a plan; every row of both queues is given, unchanged ones included. */
export interface GuardRow {
  readonly operation: Operation;
  readonly rdsPropertyId: string;
  /** What Salesforce should hold, as the views say: normalised values by field. */
  readonly expected: MappedValues;
  /** What Salesforce holds, normalised; null for a create. */
  readonly current: MappedValues | null;
  /** Empty for a create and for an update with nothing to change. */
  readonly changes: readonly FieldChange[];
  /** Read from the source tables themselves, never from the views that made `expected`. */
  readonly raw: {
    readonly propertyName: string | null;
    readonly companyName: string | null;
    /** `company_id` leads to a live company whose name is not blank. */
    readonly companyResolves: boolean;
  };
}

/** Properties of both queues with, and without, any raw feature row that has the feature. */
export interface RawFlagCount {
  readonly enabledCount: number;
  readonly notEnabledCount: number;
}

export interface GuardTallyOptions {
  readonly fieldMap: readonly FieldMapping[];
  /** Allowed values by field, from the org's describe (of the record type in use, where there is one). */
  readonly picklists: Readonly<Record<string, readonly string[]>>;
  /** Null when the raw feature rows could not be read; a constant column then counts as wrong. */
  readonly rawFlagCounts: Readonly<Record<Feature, RawFlagCount>> | null;
  /**
   * Rows of `properties_to_update` in all, where those of one group alone are given: shares are over all rows
   * (docs/domain.md §8.4). Without it the given rows are all.
   */
  readonly existingCount?: number | undefined;
}

/** The counts of one text field over the rows of `properties_to_update`. */
export interface TextFieldCount {
  readonly nonNullCount: number;
  /** Of these, values that the plan replaces. */
  readonly replacedCount: number;
}

/** What the guards need to know about a plan. Its size depends on the field map and on the keys to be written. */
export interface GuardFacts {
  readonly existingCount: number;
  readonly createCount: number;
  readonly updateCount: number;
  readonly companyEqualsNameCount: Readonly<Record<Operation, number>>;
  readonly companyNullCount: number;
  /** Desired rows with the flag TRUE, by feature. */
  readonly enabledCounts: Readonly<Record<Feature, number>>;
  readonly rawFlagCounts: GuardTallyOptions['rawFlagCounts'];
  readonly textFields: ReadonlyMap<string, TextFieldCount>;
  /** Values that the plan clears, by field. */
  readonly clearedCounts: ReadonlyMap<string, number>;
  readonly duplicateKeys: readonly string[];
  readonly duplicateKeyCount: number;
  /** Rows by `field = value`, for values the org does not offer. */
  readonly unknownPicklistValues: ReadonlyMap<string, number>;
}

/** Counts a plan while its rows stream by. */
export interface GuardTally {
  addRow(row: GuardRow): void;
  facts(): GuardFacts;
}

const textNormalizers: ReadonlySet<Normalizer> = new Set([
  'uuid',
  'name',
  'text',
  'state',
  'postalCode',
  'salesforceId',
]);
// Enough to show what is wrong; a broken view can repeat every key and invent every value.
const maxExamples = 20;

const addOne = (counts: Map<string, number>, key: string): void => {
  counts.set(key, (counts.get(key) ?? 0) + 1);
};

/** The Salesforce field of a column, or undefined where an org's map leaves the column out. */
const fieldOf = (fieldMap: readonly FieldMapping[], column: string): string | undefined =>
  fieldMap.find((mapping) => mapping.column === column)?.field;

/** Starts an empty tally. Feed it every row of `properties_to_create` and `properties_to_update` once. */
export function createGuardTally({
  fieldMap,
  picklists,
  rawFlagCounts,
  existingCount = 0,
}: GuardTallyOptions): GuardTally {
  const nameField = fieldOf(fieldMap, 'property_name');
  const companyField = fieldOf(fieldMap, 'company_name');
  const textFieldNames = fieldMap
    .filter(({ normalizer }) => textNormalizers.has(normalizer))
    .map(({ field }) => field);
  const allowedValues = new Map(Object.entries(picklists).map(([field, values]) => [field, new Set(values)]));

  const rowCounts = { create: 0, existing: 0, update: 0 };
  const companyEqualsNameCount = { create: 0, update: 0 };
  let companyNullCount = 0;
  const enabledCounts = Object.fromEntries(features.map((feature) => [feature, 0])) as Record<
    Feature,
    number
  >;
  const nonNullCounts = new Map<string, number>();
  const replacedCounts = new Map<string, number>();
  const clearedCounts = new Map<string, number>();
  const outgoingKeys = new Set<string>();
  const duplicateKeys = new Set<string>();
  let duplicateKeyCount = 0;
  const unknownPicklistValues = new Map<string, number>();

  const countCompany = ({ operation, expected, raw }: GuardRow): void => {
    if (companyField === undefined) return;
    const company = expected[companyField] ?? null;
    if (company === null) {
      if (raw.companyResolves) companyNullCount += 1;
      return;
    }
    const rawName = normalizeText(raw.propertyName);
    const isTrulySoNamed = rawName !== null && normalizeText(raw.companyName) === rawName;
    const isPropertyName =
      company === rawName || (nameField !== undefined && company === expected[nameField]);
    if (isPropertyName && !isTrulySoNamed) companyEqualsNameCount[operation] += 1;
  };

  const countFlags = (expected: MappedValues): void => {
    for (const feature of features) {
      if (expected[`${salesforceStems[feature]}_Enabled__c`] === true) enabledCounts[feature] += 1;
    }
  };

  const countCurrent = (current: MappedValues): void => {
    for (const field of textFieldNames) {
      if ((current[field] ?? null) !== null) addOne(nonNullCounts, field);
    }
  };

  const countChanges = (changes: readonly FieldChange[]): void => {
    for (const { field, from, to } of changes) {
      if (from === null) continue;
      addOne(replacedCounts, field);
      if (to === null) addOne(clearedCounts, field);
    }
  };

  const countKey = (rdsPropertyId: string): void => {
    const key = rdsPropertyId.toLowerCase();
    if (!outgoingKeys.has(key)) {
      outgoingKeys.add(key);
      return;
    }
    duplicateKeyCount += 1;
    if (duplicateKeys.size < maxExamples) duplicateKeys.add(key);
  };

  const countPicklistValue = (field: string, value: MappedValue): void => {
    const allowed = allowedValues.get(field);
    if (allowed === undefined || value === null || allowed.has(String(value))) return;
    const example = `${field} = ${value}`;
    if (unknownPicklistValues.size < maxExamples || unknownPicklistValues.has(example)) {
      addOne(unknownPicklistValues, example);
    }
  };

  return {
    addRow(row) {
      const { operation, expected, current, changes } = row;
      rowCounts[operation === 'create' ? 'create' : 'existing'] += 1;
      countCompany(row);
      countFlags(expected);
      if (current !== null) countCurrent(current);
      countChanges(changes);
      if (operation === 'create') {
        countKey(row.rdsPropertyId);
        for (const field of allowedValues.keys()) countPicklistValue(field, expected[field] ?? null);
      } else if (changes.length > 0) {
        rowCounts.update += 1;
        countKey(row.rdsPropertyId);
        for (const { field, to } of changes) countPicklistValue(field, to);
      }
    },
    facts: () => ({
      existingCount: Math.max(rowCounts.existing, existingCount),
      createCount: rowCounts.create,
      updateCount: rowCounts.update,
      companyEqualsNameCount,
      companyNullCount,
      enabledCounts,
      rawFlagCounts,
      textFields: new Map(
        textFieldNames.map((field) => [
          field,
          {
            nonNullCount: Math.max(nonNullCounts.get(field) ?? 0, existingCount),
            replacedCount: replacedCounts.get(field) ?? 0,
          },
        ]),
      ),
      clearedCounts,
      duplicateKeys: [...duplicateKeys],
      duplicateKeyCount,
      unknownPicklistValues,
    }),
  };
}
