import { features, type MappedValues } from '../contracts/fieldMap.ts';
import type { Classification } from '../contracts/plan.ts';
import { classifyProperty, exclusionReason, type ReasonCode } from './classifyProperty.ts';
import { diffFields, type FieldChange, normalizeCurrent } from './diffFields.ts';
import {
  enrichProperty,
  type EnrichedProperty,
  type Population,
  type PropertyWarning,
} from './enrichProperty.ts';
import type { EvaluationSettings } from './evaluationSettings.ts';
import { expectedValues } from './expectedValues.ts';
import { type Group, type GroupKey, groupKeyOf, groupProperties } from './groupProperties.ts';
import { normalizeText } from './normalizeText.ts';
import { noFeatures, reduceFeatureRows } from './reduceFeatureRows.ts';
import {
  type PropertyId,
  type StagingId,
  toProductionId,
  toPropertyId,
  toStagingId,
} from './salesforceId.ts';
import type { SourceCompany, SourceFeatureRow, SourceProperty, StagingRow } from './sourceRows.ts';

/**
 * A note that never changes the class. `HAND_EDIT_OVERWRITTEN` is not among them: it needs the ledger of earlier runs,
 * which neither the views nor this evaluator read.
 */
export type Warning =
  | PropertyWarning
  | 'LINK_MISMATCH'
  | 'GROUP_TIE'
  | 'GROUP_FEATURES_DIFFER'
  | 'DATE_MISSING'
  | 'EXCLUDED_WITH_ROW'
  | 'NULL_SOURCE_KEPT';

/** P1 paid and absent from Salesforce, P2 paid and present, P3 unpaid and absent (docs/domain.md §5). */
export type Priority = 'P1' | 'P2' | 'P3';

/** Everything the rules say about one row of the properties table. */
export interface Evaluation {
  readonly rdsPropertyId: PropertyId;
  readonly class: Classification;
  /** Set for EXCLUDED and for no other class. */
  readonly reasonCode: ReasonCode | null;
  /** Ascending, each once. */
  readonly warnings: readonly Warning[];
  readonly groupKey: GroupKey;
  readonly population: Population;
  readonly ownRowCount: number;
  /** Ascending. */
  readonly stagingIds: readonly StagingId[];
  /** What Salesforce should hold, for CREATE, UPDATE and IN_SYNC. */
  readonly expected: MappedValues | null;
  /** What Salesforce holds, normalised, for UPDATE and IN_SYNC. */
  readonly current: MappedValues | null;
  /** What an UPDATE changes, in the order of the field map. */
  readonly changes: readonly FieldChange[];
  /** Of an eligible property that is CREATE, UPDATE or IN_SYNC; null for the rest. */
  readonly priority: Priority | null;
  readonly property: EnrichedProperty;
  /** Null for a property that is not eligible. */
  readonly group: Group | null;
}

/** Raw rows of a set of properties that is closed under groups: with a property all that share its production id. */
export interface EvaluationInput {
  readonly properties: Iterable<SourceProperty>;
  /** At least the companies of these properties. */
  readonly companies: Iterable<SourceCompany>;
  /** At least the feature rows of these properties. */
  readonly featureRows: Iterable<SourceFeatureRow>;
  /** At least the staging rows keyed by these properties. */
  readonly stagingRows: Iterable<StagingRow>;
}

function liveCompanyNames(companies: Iterable<SourceCompany>): Map<string, string> {
  const names = new Map<string, string>();
  for (const company of companies) {
    const name = normalizeText(company.name);
    const id = normalizeText(company.id);
    if (company.isDeleted !== true && id !== null && name !== null) names.set(id.toLowerCase(), name);
  }
  return names;
}

function liveRowsByKey(rows: Iterable<StagingRow>): Map<PropertyId, StagingRow[]> {
  const byKey = new Map<PropertyId, StagingRow[]>();
  for (const row of rows) {
    const key = toPropertyId(row.key);
    if (key === null || row.isDeleted === true) continue;
    const ownRows = byKey.get(key);
    if (ownRows === undefined) byKey.set(key, [row]);
    else ownRows.push(row);
  }
  return byKey;
}

function priorityOf(group: Group | null, ownRowCount: number): Priority | null {
  if (group === null || ownRowCount > 1) return null;
  if (ownRowCount === 0) return group.hasPaidFeatures ? 'P1' : 'P3';
  return group.hasPaidFeatures ? 'P2' : null;
}

// IDV has practically no start dates at the source, so that a missing one says nothing (docs/domain.md §3.3).
const lacksDate = ({ flags, startDates }: Group): boolean =>
  features.some((feature) => feature !== 'idv' && flags[feature] && startDates[feature] === null);

// Without a valid id there is nothing the lookup could contradict.
const isLinkedElsewhere = ({ sfdcId18 }: EnrichedProperty, { lookup }: StagingRow): boolean => {
  const productionId = toProductionId(lookup);
  return sfdcId18 !== null && productionId !== null && productionId !== sfdcId18;
};

function evaluateProperty(
  property: EnrichedProperty,
  ownRows: readonly StagingRow[],
  group: Group | null,
  settings: EvaluationSettings,
): Evaluation {
  const ownRowCount = ownRows.length;
  const reasonCode = exclusionReason(property, ownRowCount);
  const isWritable = reasonCode === null && ownRowCount <= 1;
  const { fieldMap } = settings;
  const expected = isWritable ? expectedValues(property, group, fieldMap) : null;
  const [ownRow] = ownRows;
  const current = isWritable && ownRow !== undefined ? normalizeCurrent(ownRow.values, fieldMap) : null;
  const { changes, keptFields } =
    expected !== null && current !== null
      ? diffFields(expected, current, fieldMap)
      : { changes: [], keptFields: [] };

  const warnings: Warning[] = [...property.warnings];
  if (ownRows.some((row) => isLinkedElsewhere(property, row))) warnings.push('LINK_MISMATCH');
  if (group?.hasTie === true) warnings.push('GROUP_TIE');
  if (group?.hasDifferentFeatures === true) warnings.push('GROUP_FEATURES_DIFFER');
  if (group !== null && lacksDate(group)) warnings.push('DATE_MISSING');
  if (reasonCode !== null && ownRowCount > 0) warnings.push('EXCLUDED_WITH_ROW');
  if (keptFields.length > 0) warnings.push('NULL_SOURCE_KEPT');

  return {
    rdsPropertyId: property.id,
    class: classifyProperty(reasonCode, ownRowCount, changes.length > 0),
    reasonCode,
    warnings: warnings.sort(),
    groupKey: groupKeyOf(property),
    population: property.population,
    ownRowCount,
    stagingIds: ownRows.map(({ id }) => toStagingId(id)).sort(),
    expected,
    current,
    changes,
    priority: priorityOf(group, ownRowCount),
    property,
    group,
  };
}

/**
 * The reference evaluator: every rule of docs/domain.md §5 and §6 in code, stated independently of the views, which
 * tests and verification hold to it. Reads raw rows; each property of the input has one evaluation.
 */
export function evaluateProperties(
  input: EvaluationInput,
  settings: EvaluationSettings,
): Map<PropertyId, Evaluation> {
  const companyNames = liveCompanyNames(input.companies);
  const ownFeatures = reduceFeatureRows(input.featureRows);
  const properties: EnrichedProperty[] = [];
  for (const row of input.properties) {
    const id = toPropertyId(row.id);
    const own = id === null ? undefined : ownFeatures.get(id);
    properties.push(enrichProperty(row, companyNames, own ?? noFeatures, settings));
  }
  const groups = groupProperties(properties, settings.paidFeatures);
  const rowsByKey = liveRowsByKey(input.stagingRows);
  const evaluations = new Map<PropertyId, Evaluation>();
  for (const property of properties) {
    const group = property.isEligible ? (groups.get(groupKeyOf(property)) ?? null) : null;
    const ownRows = rowsByKey.get(property.id) ?? [];
    evaluations.set(property.id, evaluateProperty(property, ownRows, group, settings));
  }
  return evaluations;
}
