import type { MappedValues } from '../contracts/index.ts';
import { SyncError } from '../errors.ts';
import type { PlanningSettings } from '../planning/buildPlan.ts';
import { evaluateProperties, type Evaluation } from '../planning/evaluateProperties.ts';
import { toEvaluationSettings } from '../planning/evaluationSettings.ts';
import { compareNewestFirst } from '../planning/groupProperties.ts';
import { readSourceRows } from '../planning/readSourceRows.ts';
import { type PropertyId, toPropertyId } from '../planning/salesforceId.ts';
import type { SourceCompany, SourceProperty } from '../planning/sourceRows.ts';
import { toStagingRow } from '../planning/toStagingRow.ts';
import type { Crm, StagingRecord } from '../ports/crm.ts';
import type { Warehouse } from '../ports/warehouse.ts';
import { readFeatureEvents } from './readFeatureEvents.ts';
import type { ResolvedProperty } from './resolveProperty.ts';

export interface LiveGroupDeps {
  readonly warehouse: Warehouse;
  readonly crm: Pick<Crm, 'productionKeyPrefix' | 'readByKeys'>;
  readonly settings: Pick<PlanningSettings, 'fieldMap' | 'views' | 'sourceTables'>;
}

/** A group as the source and Salesforce are now. */
export interface LiveGroup {
  /** Contributors first, in the total order; at least one. */
  readonly members: readonly Evaluation[];
  /** The live staging rows of all members. */
  readonly records: readonly StagingRecord[];
  readonly rowsOf: (id: PropertyId) => StagingRecord[];
  readonly sourceColumnsOf: (id: PropertyId) => MappedValues;
  readonly featureRowCountOf: (id: PropertyId) => number;
  readonly enabledEventsOf: (id: PropertyId) => ReadonlySet<string> | null;
}

/**
 * Reads the raw source, its feature events and Salesforce itself, and evaluates the group by the reference evaluator. A
 * group that has changed since the id was resolved is read as it is now. Throws NOT_FOUND for one that is gone.
 */
export async function readLiveGroup(
  { groupKey, rdsPropertyId, memberIds }: ResolvedProperty,
  deps: LiveGroupDeps,
): Promise<LiveGroup> {
  const { warehouse, crm, settings } = deps;
  const source = await readSourceRows(warehouse, memberIds);
  const evaluationSettings = toEvaluationSettings(settings, await crm.productionKeyPrefix());
  const evaluate = (records: readonly StagingRecord[]): Evaluation[] => [
    ...evaluateProperties({ ...source, stagingRows: records.map(toStagingRow) }, evaluationSettings).values(),
  ];
  // The group may have changed since the last plan, and the source joins by likeness: the evaluator says who belongs.
  const found = evaluate([]);
  const liveKey =
    found.find((evaluation) => evaluation.rdsPropertyId === rdsPropertyId)?.groupKey ?? groupKey;
  const isMember = (evaluation: Evaluation): boolean => evaluation.groupKey === liveKey;
  const ids = found.filter(isMember).map((evaluation) => evaluation.rdsPropertyId);
  if (ids.length === 0)
    throw new SyncError('NOT_FOUND', `RDS has no property of the group ${groupKey} any more.`);
  const [records, events] = await Promise.all([crm.readByKeys(ids), readFeatureEvents(ids, deps)]);

  const properties = new Map(source.properties.map((row) => [toPropertyId(row.id), row]));
  const companies = new Map(source.companies.map((row) => [toPropertyId(row.id), row]));
  return {
    members: evaluate(records).filter(isMember).sort(compareMembers),
    records,
    rowsOf: (id) => records.filter(({ key }) => toPropertyId(key) === id),
    sourceColumnsOf: (id) => {
      const property = properties.get(id);
      return sourceColumns(property, companies.get(toPropertyId(property?.companyId ?? null)));
    },
    featureRowCountOf: (id) =>
      source.featureRows.filter(({ propertyId }) => toPropertyId(propertyId) === id).length,
    enabledEventsOf: (id) => (events === null ? null : (events.get(id) ?? new Set())),
  };
}

const compareMembers = (left: Evaluation, right: Evaluation): number =>
  Number(right.property.isEligible) - Number(left.property.isEligible) ||
  compareNewestFirst(left.property, right.property);

/** What the source itself holds, as it stands there, by column of the views that take it over. */
const sourceColumns = (
  property: SourceProperty | undefined,
  company: SourceCompany | undefined,
): MappedValues => ({
  property_name: property?.name ?? null,
  short_id: property?.shortId ?? null,
  company_id: property?.companyId ?? null,
  company_name: company?.name ?? null,
  address: property?.address ?? null,
  city: property?.city ?? null,
  state: property?.state ?? null,
  postal_code: property?.zip ?? null,
  property_status: property?.status ?? null,
  sfdc_id_18: property?.sfdcId ?? null,
});
