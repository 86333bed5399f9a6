import { z } from 'zod';
import type { HeldRow, StatusAnswer } from '../../force-app/types/propertySync.ts';
import {
  explanationSchema,
  features,
  historyEntrySchema,
  pageSchema,
  productionObject,
  propertySchema,
  propertyStatusSchema,
  resyncSchema,
  salesforceStems,
  stagingObject,
} from '../../middleware/src/contracts/index.ts';
import { callout, ControllerException, exception, type NamedCredential } from './callout.ts';
import { quoted, type OrgAsUser, type OrgRecord } from './orgAsUser.ts';
import { hasPermission, type PageUser } from './pageUsers.ts';
import { objectOf } from './recordObject.ts';

/** What the class has at hand: the org in the user's own session, the credential, and who the user is. */
export interface ControllerContext {
  readonly org: OrgAsUser;
  readonly middleware: NamedCredential;
  readonly user: PageUser;
}

type Method = (parameters: unknown, context: ControllerContext) => Promise<unknown>;

const recordParameters = z.object({ recordId: z.string().regex(/^[a-zA-Z0-9]{15}(?:[a-zA-Z0-9]{3})?$/) });
const historyParameters = recordParameters.extend({ cursor: z.string().nullish() });
const resyncParameters = recordParameters.extend({ requestKey: z.string() });
const resyncIdParameters = z.object({ resyncId: z.string() });

/**
 * The Apex class of the same name, for a page that no Salesforce serves: the same checks, the same queries and the same
 * HTTP requests. The methods and their answers are those of force-app/types/propertySync.ts.
 */
export const propertySyncController: Readonly<Record<string, Method>> = {
  getStatus: async (parameters, context): Promise<StatusAnswer> => {
    const { recordId } = recordParameters.parse(parameters);
    const { id, object } = await visibleRecord(recordId, context);
    const rows = await heldRows(id, object, context);
    const canResync = hasPermission(context.user, 'Property_Sync_Resync');
    try {
      const status = await callout(context.middleware, {
        ...{ method: 'GET', path: `/v1/properties/${id}/status` },
        schema: propertyStatusSchema,
      });
      return { reachable: true, status, problem: null, rows, canResync };
    } catch (error) {
      if (!(error instanceof ControllerException)) throw error;
      return { reachable: error.isAnswered, status: null, problem: error.problem, rows, canResync };
    }
  },
  getProperty: async (parameters, context) => {
    const { id } = await visibleRecord(recordParameters.parse(parameters).recordId, context);
    return callout(context.middleware, {
      method: 'GET',
      path: `/v1/properties/${id}`,
      schema: propertySchema,
    });
  },
  getExplanation: async (parameters, context) => {
    const { id } = await visibleRecord(recordParameters.parse(parameters).recordId, context);
    const path = `/v1/properties/${id}/explanation`;
    return callout(context.middleware, { method: 'GET', path, schema: explanationSchema });
  },
  getHistory: async (parameters, context) => {
    const { recordId, cursor } = historyParameters.parse(parameters);
    const { id } = await visibleRecord(recordId, context);
    const query = cursor == null ? '' : `?cursor=${encodeURIComponent(cursor)}`;
    const path = `/v1/properties/${id}/history${query}`;
    return callout(context.middleware, { method: 'GET', path, schema: pageSchema(historyEntrySchema) });
  },
  requestResync: async (parameters, context) => {
    const { recordId, requestKey } = resyncParameters.parse(parameters);
    if (!hasPermission(context.user, 'Property_Sync_Resync'))
      throw exception('NO_PERMISSION', 'You may not ask for a resync.', false);
    const { id } = await visibleRecord(recordId, context);
    return callout(context.middleware, {
      ...{ method: 'POST', path: `/v1/properties/${id}/resyncs` },
      schema: resyncSchema,
      headers: { 'idempotency-key': requestKey },
      body: { actingUser: context.user.name },
    });
  },
  getResync: async (parameters, context) => {
    const { resyncId } = resyncIdParameters.parse(parameters);
    const path = `/v1/resyncs/${encodeURIComponent(resyncId)}`;
    return callout(context.middleware, { method: 'GET', path, schema: resyncSchema });
  },
};

async function visibleRecord(
  recordId: string,
  { org }: ControllerContext,
): Promise<{ id: string; object: string }> {
  const object = await objectOf(recordId, org);
  const [record] =
    object === undefined ? [] : await org.query(`SELECT Id FROM ${object} WHERE Id = ${quoted(recordId)}`);
  if (object === undefined || record === undefined)
    throw exception('RECORD_NOT_FOUND', 'The record was not found.', false);
  return { id: record.Id, object };
}

/** At most so many rows of one production record. */
const maxRows = 200;
const fieldsOf = features.flatMap((feature) => {
  const stem = salesforceStems[feature];
  return [`${stem}_Enabled__c`, `${stem}_Start_Date__c`];
});

async function heldRows(id: string, object: string, { org }: ControllerContext): Promise<HeldRow[]> {
  const isRowOf =
    object === productionObject
      ? `Property__c = ${quoted(id)} OR Source_Salesforce_ID__c = ${quoted(id)}`
      : `Id = ${quoted(id)}`;
  const fields = ['Id', 'Name', 'RDS_Property_ID__c', 'Last_Synced_At__c', 'Status__c', ...fieldsOf];
  const records = await org.query(
    `SELECT ${fields.join(', ')} FROM ${stagingObject} WHERE ${isRowOf} ORDER BY Last_Synced_At__c DESC NULLS LAST LIMIT ${String(maxRows)}`,
  );
  return records.map(toHeldRow);
}

function toHeldRow(record: OrgRecord): HeldRow {
  const text = (field: string): string | null => {
    const value = record[field];
    return typeof value === 'string' ? value : null;
  };
  const lastSyncedAt = text('Last_Synced_At__c');
  return {
    stagingId: record.Id,
    name: text('Name'),
    rdsPropertyId: text('RDS_Property_ID__c'),
    lastSyncedAt: lastSyncedAt === null ? null : new Date(lastSyncedAt).toISOString(),
    statusText: text('Status__c'),
    features: features.map((feature) => ({
      feature,
      isEnabled: record[`${salesforceStems[feature]}_Enabled__c`] === true,
      startDate: text(`${salesforceStems[feature]}_Start_Date__c`),
    })),
  };
}
