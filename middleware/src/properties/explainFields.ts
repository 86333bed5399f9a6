import {
  features,
  type Feature,
  type FieldExplanation,
  type FieldMapping,
  type MappedValue,
  type MappedValues,
} from '../contracts/index.ts';
import { diffFields, normalizeCurrent } from '../planning/diffFields.ts';
import type { EnrichedProperty } from '../planning/enrichProperty.ts';
import type { Evaluation } from '../planning/evaluateProperties.ts';
import { expectedValues } from '../planning/expectedValues.ts';
import type { StagingRecord } from '../ports/crm.ts';
import { fieldRule } from './fieldRules.ts';

/** What is known of one property when its fields are explained. */
export interface FieldFacts {
  readonly evaluation: Evaluation;
  /** Its live staging rows, as Salesforce shows them now. */
  readonly ownRows: readonly StagingRecord[];
  /** Of the group, in the total order. */
  readonly contributors: readonly EnrichedProperty[];
  /** What the source itself holds, by column of the views that take it over. */
  readonly source: MappedValues;
  /** What the views made of it at the last plan, by field; empty for a property newer than that. */
  readonly view: MappedValues;
}

/** Every mapped field of one property in its four places, in the order of the field map. */
export function explainFields(facts: FieldFacts, fieldMap: readonly FieldMapping[]): FieldExplanation[] {
  const { evaluation, ownRows, view } = facts;
  const { property, group, reasonCode } = evaluation;
  const expected = reasonCode === null ? expectedValues(property, group, fieldMap) : {};
  const salesforce = ownRows.length === 1 ? (ownRows[0]?.values ?? {}) : {};
  const isCompared = reasonCode === null && ownRows.length <= 1;
  const changes = isCompared
    ? diffFields(expected, normalizeCurrent(salesforce, fieldMap), fieldMap).changes
    : [];
  const differing = new Set(changes.map(({ field }) => field));
  return fieldMap.map((mapping) => ({
    field: mapping.field,
    column: mapping.column,
    ...originOf(mapping.column, facts),
    view: view[mapping.field] ?? null,
    expected: expected[mapping.field] ?? null,
    salesforce: salesforce[mapping.field] ?? null,
    doesDiffer: differing.has(mapping.field),
    rule: fieldRule(mapping),
  }));
}

type Origin = Pick<FieldExplanation, 'source' | 'contributorId'>;

/** Whose value it is: identity is the property's own, a feature comes from the contributor that decides it. */
function originOf(column: string, { evaluation, contributors, source }: FieldFacts): Origin {
  const { property, group } = evaluation;
  const own = source[column];
  if (own !== undefined) return { source: own, contributorId: property.id };
  const members = group === null ? [] : contributors;
  for (const feature of features) {
    if (column === `${feature}_enabled`) {
      const giver = members.find(({ flags }) => flags[feature]);
      return { source: (giver ?? property).flags[feature], contributorId: giver?.id ?? null };
    }
    if (column === `${feature}_start_date`) {
      const giver = earliest(members, feature);
      return { source: enabledAt(giver ?? property, feature), contributorId: giver?.id ?? null };
    }
  }
  return { source: null, contributorId: null };
}

/** Of the members that have the feature, the one that got it first. */
function earliest(members: readonly EnrichedProperty[], feature: Feature): EnrichedProperty | undefined {
  return members
    .filter(({ flags, enabledAt }) => flags[feature] && enabledAt[feature] !== null)
    .toSorted((left, right) => timeOf(left, feature) - timeOf(right, feature))[0];
}

const timeOf = (property: EnrichedProperty, feature: Feature): number =>
  property.enabledAt[feature]?.getTime() ?? Number.POSITIVE_INFINITY;

const enabledAt = (property: EnrichedProperty, feature: Feature): MappedValue =>
  property.enabledAt[feature]?.toISOString() ?? null;
