import {
  keyMapping,
  productionObject,
  stagingObject,
  stampFields,
  type FieldMapping,
} from '../../contracts/index.ts';
import { SyncError } from '../../errors.ts';
import type {
  Crm,
  CrmUser,
  FieldDescription,
  JobState,
  RecordOutcome,
  RecordWrite,
  ResyncNotice,
  StagingRecord,
  WriteOperation,
} from '../../ports/crm.ts';
import { BulkIngest } from './bulkIngest.ts';
import { bulkQuery, type PollSettings } from './bulkQuery.ts';
import { classifyRowError } from './salesforceErrors.ts';
import type { SalesforceSession } from './salesforceSession.ts';
import { readFields, toStagingRecord, type RawRecord } from './stagingFields.ts';

/** The platform event that pages with a group listen for (docs/domain.md §4.2). */
const resyncEvent = 'Property_Sync__e';
/** Most ids in one POST retrieve (REST API Developer Guide, "Get Records in Bulk with sObject Collections"). */
const idsPerRead = 2_000;
/** Keys in one query: 200 UUIDs keep the address below Salesforce's 16,384 characters. */
const keysPerRead = 200;

interface DescribedField {
  readonly name: string;
  readonly type: string;
  readonly length: number;
  readonly externalId: boolean;
  readonly unique: boolean;
  readonly createable: boolean;
  readonly updateable: boolean;
  readonly picklistValues: readonly { readonly active: boolean; readonly value: string }[];
}

interface SaveResult {
  readonly id: string | null;
  readonly success: boolean;
  readonly created?: boolean;
  readonly errors: readonly {
    readonly statusCode: string;
    readonly message: string;
    readonly fields?: readonly string[];
  }[];
}

interface QueryPage {
  readonly done: boolean;
  readonly nextRecordsUrl?: string;
  readonly records: readonly RawRecord[];
}

/** The crm port on an org. */
export class SalesforceCrm implements Crm {
  private readonly session: SalesforceSession;
  private readonly fieldMap: readonly FieldMapping[];
  private readonly poll: PollSettings;
  private readonly ingest: BulkIngest;
  private readonly fields: readonly string[];
  private keyPrefix: string | undefined;

  constructor(session: SalesforceSession, fieldMap: readonly FieldMapping[], poll: PollSettings) {
    this.session = session;
    this.fieldMap = fieldMap;
    this.poll = poll;
    this.ingest = new BulkIngest(session);
    this.fields = readFields(fieldMap);
  }

  async describeFields(): Promise<readonly FieldDescription[]> {
    const { fields } = await this.describe(stagingObject);
    return fields.map((field) => ({
      field: field.name,
      type: field.type,
      length: field.length > 0 ? field.length : null,
      isExternalId: field.externalId,
      isUnique: field.unique,
      isCreateable: field.createable,
      isUpdateable: field.updateable,
      picklistValues:
        field.type === 'picklist'
          ? field.picklistValues.filter(({ active }) => active).map(({ value }) => value)
          : null,
    }));
  }

  async readUser(): Promise<CrmUser> {
    const { userId, organizationId } = await this.session.identity();
    const { records } = await this.session.read<QueryPage>({
      method: 'GET',
      path: `/query?q=${encodeURIComponent(`SELECT Username FROM User WHERE Id = ${quote(userId)}`)}`,
      what: 'reading the integration user',
    });
    const username = records[0]?.['Username'];
    return {
      userId,
      organizationId,
      username: typeof username === 'string' ? username : userId,
      instanceUrl: this.session.connection.instanceUrl,
    };
  }

  async productionKeyPrefix(): Promise<string> {
    // An object keeps its prefix for life.
    this.keyPrefix ??= (await this.describe(productionObject)).keyPrefix;
    return this.keyPrefix;
  }

  async *streamRecords({ changedSince }: { changedSince: string | null }): AsyncIterable<StagingRecord[]> {
    const what = 'reading the staging rows';
    const select = `SELECT ${this.fields.join(', ')} FROM ${stagingObject}`;
    if (changedSince === null) {
      for await (const rows of bulkQuery(
        this.session,
        { soql: select, isDeletedIncluded: true, what },
        this.poll,
      )) {
        yield this.toRecords(rows);
      }
      return;
    }
    // Few rows change between two reads: pages of a query cost fewer calls than a job.
    const soql = `${select} WHERE SystemModstamp >= ${new Date(changedSince).toISOString()}`;
    for await (const records of this.queryPages('/queryAll', soql, what)) yield this.toRecords(records);
  }

  async readByIds(ids: readonly string[]): Promise<StagingRecord[]> {
    const found: StagingRecord[] = [];
    for (let from = 0; from < ids.length; from += idsPerRead) {
      const records = await this.session.read<readonly (RawRecord | null)[]>({
        method: 'POST',
        path: `/composite/sobjects/${stagingObject}`,
        body: { ids: ids.slice(from, from + idsPerRead), fields: this.fields },
        what: 'reading records by id',
      });
      found.push(
        ...this.toRecords(records.filter((record) => record !== null)).filter(({ isDeleted }) => !isDeleted),
      );
    }
    return found;
  }

  async readByKeys(keys: readonly string[]): Promise<StagingRecord[]> {
    const found: StagingRecord[] = [];
    for (let from = 0; from < keys.length; from += keysPerRead) {
      const list = keys
        .slice(from, from + keysPerRead)
        .map(quote)
        .join(',');
      const soql = `SELECT ${this.fields.join(',')} FROM ${stagingObject} WHERE ${keyMapping.field} IN (${list})`;
      for await (const records of this.queryPages('/query', soql, 'reading records by key')) {
        found.push(...this.toRecords(records));
      }
    }
    return found;
  }

  async *streamRunRecords(runId: string): AsyncIterable<StagingRecord[]> {
    const soql = `SELECT ${this.fields.join(', ')} FROM ${stagingObject} WHERE ${stampFields.syncRunId} = ${quote(runId)}`;
    const what = 'reading back the records of a run';
    for await (const rows of bulkQuery(this.session, { soql, isDeletedIncluded: false, what }, this.poll)) {
      yield this.toRecords(rows);
    }
  }

  async writeRecords(operation: WriteOperation, records: readonly RecordWrite[]): Promise<RecordOutcome[]> {
    const results = await this.session.write<readonly SaveResult[]>({
      method: 'PATCH',
      path:
        operation === 'upsert'
          ? `/composite/sobjects/${stagingObject}/${keyMapping.field}`
          : '/composite/sobjects',
      body: {
        allOrNone: false,
        records: records.map(({ key, id, fields }) => ({
          attributes: { type: stagingObject },
          ...(operation === 'upsert' ? { [keyMapping.field]: key } : { id }),
          ...fields,
        })),
      },
      what: operation === 'upsert' ? 'creating records' : 'updating records',
    });
    // Collections answer in the order of the request (REST API Developer Guide) and name no key; an update's answer must
    // name the record that was sent. A record without such an answer has no outcome, and is asked for by key.
    return records.flatMap((record, index) => toOutcome(record, results[index]) ?? []);
  }

  openJob(operation: WriteOperation): Promise<string> {
    return this.ingest.open(operation);
  }

  uploadJob(
    jobId: string,
    operation: WriteOperation,
    fields: readonly string[],
    records: AsyncIterable<readonly RecordWrite[]>,
  ): Promise<void> {
    return this.ingest.upload(jobId, operation, fields, records);
  }

  readJob(jobId: string): Promise<{ state: JobState; message: string | null }> {
    return this.ingest.read(jobId);
  }

  abortJob(jobId: string): Promise<void> {
    return this.ingest.abort(jobId);
  }

  streamJobOutcomes(jobId: string, operation: WriteOperation): AsyncIterable<RecordOutcome[]> {
    return this.ingest.outcomes(jobId, operation);
  }

  async publishResync({ groupKey, resyncId, state, occurredAt }: ResyncNotice): Promise<void> {
    // Published as a record is created (Platform Events Developer Guide, "Publish Event Messages with Salesforce APIs").
    // The errors of a success are not empty: they say that publishing goes on asynchronously (OPERATION_ENQUEUED).
    const { success, errors } = await this.session.write<SaveResult>({
      method: 'POST',
      path: `/sobjects/${resyncEvent}`,
      body: {
        Group_Key__c: groupKey,
        Resync_ID__c: resyncId,
        State__c: state,
        Occurred_At__c: occurredAt,
      },
      what: 'publishing the event of a resync',
    });
    if (!success) {
      throw new SyncError('SALESFORCE_REJECTED', `Salesforce did not publish ${resyncEvent}.`, {
        details: errors.map(({ statusCode, message }) => `${statusCode}: ${message}`),
      });
    }
  }

  apiUsage(): { used: number; limit: number } | null {
    return this.session.usage();
  }

  async health(): Promise<{ isReady: boolean; detail: string }> {
    try {
      await this.session.read({ method: 'GET', path: '/limits', what: 'reading the limits' });
      return { isReady: true, detail: `connected to ${this.session.connection.instanceUrl}` };
    } catch (error) {
      return { isReady: false, detail: error instanceof Error ? error.message : String(error) };
    }
  }

  private describe(object: string): Promise<{ keyPrefix: string; fields: readonly DescribedField[] }> {
    return this.session.read({
      method: 'GET',
      path: `/sobjects/${object}/describe`,
      what: `describing ${object}`,
    });
  }

  private async *queryPages(
    resource: string,
    soql: string,
    what: string,
  ): AsyncIterable<readonly RawRecord[]> {
    let page = await this.session.read<QueryPage>({
      method: 'GET',
      path: `${resource}?q=${encodeURIComponent(soql)}`,
      what,
    });
    yield page.records;
    while (!page.done && page.nextRecordsUrl !== undefined) {
      const path = page.nextRecordsUrl.replace(/^\/services\/data\/v[\d.]+/, '');
      page = await this.session.read<QueryPage>({ method: 'GET', path, what });
      yield page.records;
    }
  }

  private toRecords(rows: readonly RawRecord[]): StagingRecord[] {
    return rows.map((row) => toStagingRecord(row, this.fieldMap));
  }
}

function toOutcome({ key, id }: RecordWrite, result: SaveResult | undefined): RecordOutcome | null {
  if (result === undefined) return null;
  if (result.success) {
    if (result.id === null || (id !== null && result.id !== id)) return null;
    return { key, kind: 'accepted', id: result.id, wasCreated: result.created === true };
  }
  const error = result.errors[0];
  return {
    key,
    kind: 'rejected',
    ...classifyRowError({
      code: error?.statusCode ?? 'UNKNOWN_EXCEPTION',
      message: error?.message ?? 'Salesforce gave no reason.',
      fields: error?.fields ?? [],
    }),
  };
}

/** A SOQL string literal (SOQL and SOSL Reference, "Quoted String Escape Sequences"). */
function quote(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}
