import { operationOf, type Operation } from '../contracts/index.ts';
import type { Crm, StagingRecord } from '../ports/crm.ts';
import type { Warehouse } from '../ports/warehouse.ts';
import type { PlanningSettings } from './buildPlan.ts';
import { evaluateProperties, type Evaluation } from './evaluateProperties.ts';
import { toEvaluationSettings } from './evaluationSettings.ts';
import { compareNewestFirst, type GroupKey } from './groupProperties.ts';
import { rowHash } from './hashPlan.ts';
import { normalizeText } from './normalizeText.ts';
import { readSourceRows } from './readSourceRows.ts';
import type { QueueRow } from './readQueue.ts';
import { toPropertyId, toSalesforceId18 } from './salesforceId.ts';
import type { SourceCompany, SourceProperty } from './sourceRows.ts';
import { toStagingRow } from './toStagingRow.ts';

export interface GroupReadingDeps {
  readonly warehouse: Warehouse;
  readonly crm: Pick<Crm, 'productionKeyPrefix' | 'readByKeys'>;
  readonly settings: Pick<PlanningSettings, 'fieldMap' | 'views'>;
}

/** One group as the source and Salesforce are now. */
export interface GroupReading {
  readonly groupKey: GroupKey;
  /** Every property of the group: contributors first, in the total order, then the others. */
  readonly members: readonly Evaluation[];
  /** Its rows of both queues, in the order of delivery, creates first; unchanged ones included. */
  readonly rows: readonly QueueRow[];
}

/**
 * Reads a group from the raw source and live from Salesforce by key, and evaluates it by the reference evaluator:
 * neither the views nor the mirror are asked. A property that has got a Salesforce id since its group of one was named
 * is read with the group it belongs to now. Null if the source knows the group no more.
 */
export async function readGroup(
  groupKey: string,
  { warehouse, crm, settings }: GroupReadingDeps,
): Promise<GroupReading | null> {
  const [source, keyPrefix] = await Promise.all([
    sourceMemberIds(groupKey, warehouse).then((ids) => readSourceRows(warehouse, ids)),
    crm.productionKeyPrefix(),
  ]);
  const evaluate = (records: readonly StagingRecord[]): Evaluation[] => [
    ...evaluateProperties(
      { ...source, stagingRows: records.map(toStagingRow) },
      toEvaluationSettings(settings, keyPrefix),
    ).values(),
  ];
  // The source joins by likeness (placeholders are all alike); the evaluator says who belongs together.
  const found = evaluate([]);
  const asked = found.find(({ rdsPropertyId }) => rdsPropertyId === groupKey);
  const key = asked?.groupKey ?? (groupKey as GroupKey);
  const isMember = (evaluation: Evaluation): boolean => evaluation.groupKey === key;
  const memberIds = found.filter(isMember).map(({ rdsPropertyId }) => rdsPropertyId);
  if (memberIds.length === 0) return null;
  const members = evaluate(await crm.readByKeys(memberIds))
    .filter(isMember)
    .sort(compareMembers);
  return {
    groupKey: key,
    members,
    rows: [...queueRows(operationOf.A, members, source), ...queueRows(operationOf.B, members, source)],
  };
}

/** Ids that may belong to the group: whoever shares the first 15 characters of its Salesforce id; or the one property. */
async function sourceMemberIds(groupKey: string, warehouse: Warehouse): Promise<string[]> {
  if (toSalesforceId18(groupKey) === null) return [groupKey];
  const rows = await warehouse.query(
    `select lower(text_value(id)) as rds_property_id
     from ${warehouse.name('source_properties')} as properties
     where substring(text_value(properties.sfdc_id), 1, 15) = :sfdcId15`,
    { sfdcId15: groupKey.slice(0, 15) },
  );
  return rows.map((row) => String(row['rds_property_id']));
}

interface RawRows {
  readonly properties: readonly SourceProperty[];
  readonly companies: readonly SourceCompany[];
}

/** The same rows, in the same order and with the same hashes, as `readQueue` gives of the views. */
function queueRows(operation: Operation, members: readonly Evaluation[], raw: RawRows): QueueRow[] {
  const isCreate = operation === 'create';
  const queued = isCreate
    ? members.filter((member) => member.class === 'CREATE').sort(compareCreates)
    : members.filter((member) => member.class === 'UPDATE' || member.class === 'IN_SYNC').sort(compareIds);
  const rawById = new Map(raw.properties.map((property) => [toPropertyId(property.id), property]));
  const companyById = new Map(raw.companies.map((company) => [toPropertyId(company.id), company]));
  let ordinal = 0;
  return queued.map((member) => {
    const { rdsPropertyId, expected, current, groupKey, priority, warnings } = member;
    if (expected === null) throw new Error(`${rdsPropertyId} is ${member.class} without values.`);
    const stagingId = isCreate ? null : (member.stagingIds[0] ?? null);
    const changes = [...member.changes];
    const hasChanges = isCreate || changes.length > 0;
    const property = rawById.get(rdsPropertyId);
    const company = companyById.get(toPropertyId(property?.companyId ?? null));
    return {
      hasChanges,
      item: {
        rdsPropertyId,
        operation,
        ordinal: hasChanges ? ordinal++ : -1,
        stagingId,
        groupKey,
        // As `properties_to_update` calls what has no priority.
        priority: isCreate ? priority : (priority ?? 'REST'),
        expected,
        changes,
        warnings,
        rowHash: hasChanges
          ? rowHash({ rdsPropertyId, stagingId, expected, changes: changes.map((change) => ({ ...change })) })
          : '',
      },
      guardRow: {
        operation,
        rdsPropertyId,
        expected,
        current,
        changes,
        raw: {
          propertyName: property?.name ?? null,
          companyName: company?.name ?? null,
          companyResolves: company?.isDeleted !== true && normalizeText(company?.name ?? null) !== null,
        },
      },
    };
  });
}

const compareText = (left: string, right: string): number => (left < right ? -1 : left > right ? 1 : 0);
const compareIds = (left: Evaluation, right: Evaluation): number =>
  compareText(left.rdsPropertyId, right.rdsPropertyId);

function compareCreates(left: Evaluation, right: Evaluation): number {
  const createdAt = ({ property }: Evaluation): number => property.createdAt?.getTime() ?? 0;
  return (
    compareText(left.priority ?? '', right.priority ?? '') ||
    createdAt(right) - createdAt(left) ||
    compareIds(left, right)
  );
}

function compareMembers(left: Evaluation, right: Evaluation): number {
  return (
    Number(left.group === null) - Number(right.group === null) ||
    compareNewestFirst(left.property, right.property)
  );
}
