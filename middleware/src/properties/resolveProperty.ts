import { SyncError } from '../errors.ts';
import type { GroupKey } from '../planning/groupProperties.ts';
import {
  type ProductionId,
  type PropertyId,
  readSourceSfdcId,
  type StagingId,
  toPropertyId,
  toSalesforceId18,
  toStagingId,
} from '../planning/salesforceId.ts';
import type { Crm } from '../ports/crm.ts';
import type { GroupStore, PlannedGroup } from '../ports/groupStore.ts';
import type { Row, Warehouse } from '../ports/warehouse.ts';

export interface ResolveDeps {
  readonly groupStore: Pick<GroupStore, 'readGroupOf'>;
  readonly warehouse: Warehouse;
  readonly crm: Pick<Crm, 'productionKeyPrefix' | 'readByIds'>;
}

/** The group that an id names. */
export interface ResolvedProperty {
  readonly groupKey: GroupKey;
  /** The production id that the members share; null for a group of one without a valid id. */
  readonly sfdcId: ProductionId | null;
  /** The property asked for, by its own id or by that of its staging row; null when a production id was asked for. */
  readonly rdsPropertyId: PropertyId | null;
  /** Every RDS row of the group, contributors or not, ascending; at least one. */
  readonly memberIds: readonly PropertyId[];
  /** As the last plan saw it; null for a group that it did not see, or where there is no plan. */
  readonly planned: PlannedGroup | null;
}

type AskedId =
  | { readonly kind: 'property'; readonly id: PropertyId }
  | { readonly kind: 'production'; readonly id: ProductionId }
  | { readonly kind: 'staging'; readonly id: StagingId };

const uuidPattern = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/**
 * What an id as asked names: a UUID of RDS in any case its property, the id of a staging row the property whose key it
 * carries, the id of a production record the group with that id (docs/domain.md §2.1). Salesforce ids have 15 or 18
 * characters. Looks at what the last plan saw, and for what is not there into the warehouse and Salesforce.
 * Throws REQUEST_INVALID for what is no such id, NOT_FOUND for one that names nothing in the source.
 */
export async function resolveProperty(id: string, deps: ResolveDeps): Promise<ResolvedProperty> {
  const keyPrefix = await deps.crm.productionKeyPrefix();
  const asked = readAskedId(id, keyPrefix);
  const planned = (await deps.groupStore.readGroupOf(asked.id)) ?? null;
  if (planned !== null && planned.members.length > 0) return plannedProperty(asked, planned);
  const rdsPropertyId =
    asked.kind === 'production'
      ? null
      : asked.kind === 'property'
        ? asked.id
        : await propertyOfRow(asked.id, deps);
  // A row may have been made since the plan, of a property that the plan knows.
  const group =
    asked.kind === 'staging' && rdsPropertyId !== null
      ? await deps.groupStore.readGroupOf(rdsPropertyId)
      : undefined;
  if (group !== undefined && group.members.length > 0) {
    return plannedProperty({ kind: 'property', id: rdsPropertyId as PropertyId }, group);
  }
  const found = await groupInSource(
    asked.kind === 'production' ? asked.id : null,
    rdsPropertyId,
    keyPrefix,
    deps,
  );
  if (found === null) throw unknown(asked, rdsPropertyId ?? asked.id);
  return { ...found, rdsPropertyId, planned: null };
}

/** What the last plan knows of an id. */
function plannedProperty(asked: AskedId, planned: PlannedGroup): ResolvedProperty {
  const { members } = planned;
  const own = members.find(({ rdsPropertyId, stagingIds }) =>
    asked.kind === 'staging' ? stagingIds.includes(asked.id) : rdsPropertyId === asked.id,
  );
  const [first] = members;
  return {
    groupKey: first?.groupKey as GroupKey,
    sfdcId: (first?.sfdcId ?? null) as ProductionId | null,
    rdsPropertyId: (own?.rdsPropertyId ?? null) as PropertyId | null,
    memberIds: members.map(({ rdsPropertyId }) => rdsPropertyId as PropertyId).sort(),
    planned,
  };
}

function readAskedId(id: string, keyPrefix: string): AskedId {
  if (uuidPattern.test(id)) return { kind: 'property', id: id.toLowerCase() as PropertyId };
  const id18 = toSalesforceId18(id);
  if (id18 === null) {
    throw new SyncError('REQUEST_INVALID', `"${id.slice(0, 60)}" is no id of a property.`, {
      action: 'Send a Salesforce id of 15 or 18 characters, with its right suffix, or the UUID of RDS.',
      details: ['id: neither a Salesforce id nor a UUID'],
    });
  }
  return id18.startsWith(keyPrefix)
    ? { kind: 'production', id: id18 as ProductionId }
    : { kind: 'staging', id: toStagingId(id18) };
}

/** The key of a live staging row. A row that the sync has just made is not in the mirror yet: Salesforce is asked. */
async function propertyOfRow(stagingId: StagingId, { warehouse, crm }: ResolveDeps): Promise<PropertyId> {
  const [mirrored] = await warehouse.query(
    `select rds_property_id from ${warehouse.name('product_property_mirror')}
     where staging_id = :stagingId and not coalesce(is_deleted, false)`,
    { stagingId },
  );
  const key = mirrored === undefined ? undefined : text(mirrored['rds_property_id']);
  const row = key === undefined ? (await crm.readByIds([stagingId]))[0] : { key };
  if (row === undefined) {
    throw new SyncError('NOT_FOUND', `Salesforce shows no staging row ${stagingId}.`);
  }
  const propertyId = toPropertyId(row.key);
  if (propertyId === null) {
    throw new SyncError('NOT_FOUND', `The staging row ${stagingId} is keyless: it belongs to no property.`, {
      action: 'Ask an admin of the org whether the row is still needed.',
    });
  }
  return propertyId;
}

type Group = Omit<ResolvedProperty, 'rdsPropertyId' | 'planned'>;

/** A group that has appeared since the last plan, by the rules of the reference evaluator. */
async function groupInSource(
  productionId: ProductionId | null,
  propertyId: PropertyId | null,
  keyPrefix: string,
  { warehouse }: ResolveDeps,
): Promise<Group | null> {
  const rowsWith = (condition: string, id: string): Promise<Row[]> =>
    warehouse.query(
      `select lower(text_value(id)) as rds_property_id, sfdc_id
       from ${warehouse.name('source_properties')} as properties
       where ${condition} = :id`,
      { id },
    );
  const idOf = (row: Row): ProductionId | null => readSourceSfdcId(text(row['sfdc_id']), keyPrefix).id;

  let sfdcId = productionId;
  if (propertyId !== null) {
    const [own] = await rowsWith('lower(text_value(properties.id))', propertyId);
    if (own === undefined) return null;
    sfdcId = idOf(own);
    if (sfdcId === null) return { groupKey: propertyId, sfdcId, memberIds: [propertyId] };
  }
  if (sfdcId === null) return null;
  const sharers = await rowsWith('substring(text_value(properties.sfdc_id), 1, 15)', sfdcId.slice(0, 15));
  const memberIds = sharers
    .filter((row) => idOf(row) === sfdcId)
    .map((row) => text(row['rds_property_id']) as PropertyId)
    .sort();
  return memberIds.length === 0 ? null : { groupKey: sfdcId, sfdcId, memberIds };
}

function unknown(asked: AskedId, known: PropertyId | ProductionId | StagingId): SyncError {
  switch (asked.kind) {
    case 'property':
      return new SyncError('NOT_FOUND', `RDS has no property ${asked.id}.`);
    case 'production':
      return new SyncError('NOT_FOUND', `No property of RDS carries the Salesforce id ${asked.id}.`);
    case 'staging':
      return new SyncError(
        'NOT_FOUND',
        `The staging row ${asked.id} is an orphan: RDS has no property ${known}.`,
        { action: 'Ask an admin of the org whether the row is still needed.' },
      );
  }
}

const text = (value: unknown): string | null => (typeof value === 'string' ? value : null);
