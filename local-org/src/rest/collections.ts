import { z } from 'zod';
import { deleteRecords } from '../dml/deleteRecords.ts';
import { readJsonRecord, type InputRecord } from '../dml/readRecord.ts';
import type { SaveRequest, SaveResult } from '../dml/saveChunk.ts';
import { CHUNK_SIZE, inChunks, saveRecords } from '../dml/saveRecords.ts';
import { ApiError, badJson, invalidType, notFound } from '../errors.ts';
import { ok, type Answer, type ApiRequest, type Handler } from '../http/answer.ts';
import { normalizeId } from '../ids.ts';
import { findField } from '../store/schema.ts';
import type { Table } from '../store/table.ts';
import { renderRow, selectFields } from './renderRow.ts';
import { assertWritable, tableOf, writableTableOf } from './tableOf.ts';

const recordsBody = z.object({
  allOrNone: z.boolean().default(false),
  records: z.array(z.looseObject({ attributes: z.looseObject({ type: z.string() }).optional() })),
});

const retrieveBody = z.object({ ids: z.array(z.string()), fields: z.array(z.string()).min(1) });

/** One GET or POST of /composite/sobjects/T answers at most 2,000 records ("Get Records Using sObject Collections"). */
const MAX_RETRIEVED = 2000;

/** POST /composite/sobjects (REST API Developer Guide, "Create Records Using sObject Collections"). */
export const createCollection: Handler = (request) => saveCollection(request, 'insert');

/** PATCH /composite/sobjects ("Update Records Using sObject Collections"). */
export const updateCollection: Handler = (request) => saveCollection(request, 'update');

/**
 * PATCH /composite/sobjects/T/Ext__c ("Upsert Records Using sObject Collections"): objects of the type in the URI
 * only, results in request order.
 */
export const upsertCollection: Handler = (request) => {
  const table = writableTableOf(request);
  const keyField = findField(table.object, request.params['keyField'] ?? '');
  if (!keyField || !(keyField.isExternalId || keyField.type === 'id')) {
    throw notFound(
      `Provided external ID field does not exist or is not accessible: ${request.params['keyField'] ?? ''}`,
    );
  }
  const { records, allOrNone } = readBody(request);
  const inputs = records.map((record) => {
    const type = record.attributes?.type;
    if (type === undefined) throw badJson('Each record needs attributes with a type');
    if (type.toLowerCase() !== table.object.name.toLowerCase()) {
      throw new ApiError(
        400,
        'INVALID_TYPE',
        `All records must be of the type ${table.object.name}, but one is of ${type}`,
      );
    }
    return readJsonRecord(table.object, record);
  });
  const save = { operation: 'upsert' as const, table, keyField, records: inputs };
  return answerResults(saveRecords([toRequest(request, save, 0)], request.org, { allOrNone }), 'upsert');
};

/** DELETE /composite/sobjects?ids=a,b&allOrNone=false ("Delete Records Using sObject Collections"). */
export const deleteCollection: Handler = (request) => {
  const ids = readIds(request.query['ids'], CHUNK_SIZE);
  const targets = ids.map((id) => {
    const table = request.org.store.findTableByPrefix(id.slice(0, 3));
    if (!table) throw new ApiError(400, 'MALFORMED_ID', `malformed id ${id}`);
    assertWritable(table);
    return { table, id };
  });
  const results = deleteRecords(targets, request.org, {
    userId: request.user.id,
    allOrNone: request.query['allOrNone'] === 'true',
    isRowLocked: request.isRowLocked,
  });
  return answerResults(results, 'delete');
};

/** GET /composite/sobjects/T?ids=…&fields=…: the records in the order of the ids, null for each that is not there. */
export const retrieveCollection: Handler = (request) => {
  const fields = (request.query['fields'] ?? '').split(',').filter((name) => name !== '');
  return retrieve(request, { ids: readIds(request.query['ids'], MAX_RETRIEVED), fields });
};

/** POST /composite/sobjects/T `{ids, fields}`: the same without the limit of a URI. */
export const retrieveCollectionByPost: Handler = (request) => {
  const body = retrieveBody.safeParse(request.body);
  if (!body.success) throw badJson(z.prettifyError(body.error));
  return retrieve(request, body.data);
};

function retrieve(request: ApiRequest, { ids, fields }: { ids: string[]; fields: string[] }): Answer {
  const table = tableOf(request);
  if (ids.length > MAX_RETRIEVED) throw tooMany(MAX_RETRIEVED);
  if (fields.length === 0) throw new ApiError(400, 'MISSING_ARGUMENT', 'fields not specified');
  const selected = selectFields(table, fields);
  return ok(
    ids.map((text) => {
      const row = table.get(normalizeId(text) ?? '');
      return row && !table.isDeleted(row) ? renderRow(table, row, selected, request.version) : null;
    }),
  );
}

function saveCollection(request: ApiRequest, operation: 'insert' | 'update'): Answer {
  const { records, allOrNone } = readBody(request);
  const inputs = records.map((record): { table: Table; input: InputRecord } => {
    const type = record.attributes?.type;
    if (type === undefined) throw badJson('Each record needs attributes with a type');
    const table = request.org.store.findTable(type);
    if (!table) throw invalidType(type);
    assertWritable(table);
    return { table, input: readJsonRecord(table.object, record) };
  });
  let first = 0;
  const requests = inChunks(inputs, (left, right) => left.table === right.table).map((chunk) => {
    const { table } = chunk[0] as { table: Table };
    const save = toRequest(request, { operation, table, records: chunk.map(({ input }) => input) }, first);
    first += chunk.length;
    return save;
  });
  return answerResults(saveRecords(requests, request.org, { allOrNone }), operation);
}

/** A save as this user, whose records are locked as the call's fault says, counted over the whole call. */
function toRequest(
  request: ApiRequest,
  save: Omit<SaveRequest, 'userId' | 'isRowLocked'>,
  first: number,
): SaveRequest {
  const { isRowLocked } = request;
  return {
    ...save,
    userId: request.user.id,
    isRowLocked: isRowLocked && ((index) => isRowLocked(first + index)),
  };
}

function readBody(request: ApiRequest): z.infer<typeof recordsBody> {
  const body = recordsBody.safeParse(request.body);
  if (!body.success) throw badJson(z.prettifyError(body.error));
  if (body.data.records.length > CHUNK_SIZE) throw tooMany(CHUNK_SIZE);
  return body.data;
}

function readIds(text: string | undefined, max: number): string[] {
  const ids = (text ?? '').split(',').filter((id) => id !== '');
  if (ids.length === 0) throw new ApiError(400, 'MISSING_ARGUMENT', 'ids not specified');
  if (ids.length > max) throw tooMany(max);
  return ids;
}

const tooMany = (max: number) =>
  new ApiError(
    400,
    'EXCEEDED_ID_LIMIT',
    `record limit reached. cannot submit more than ${max} records into this request`,
  );

function answerResults(
  results: readonly SaveResult[],
  operation: 'insert' | 'update' | 'upsert' | 'delete',
): Answer {
  return ok(
    results.map((result) => {
      const { success } = result;
      const created = operation === 'upsert' ? { created: success && result.isCreated } : {};
      const id = result.id === undefined ? {} : { id: result.id };
      return { ...id, success, errors: success ? [] : result.errors, ...created };
    }),
  );
}
