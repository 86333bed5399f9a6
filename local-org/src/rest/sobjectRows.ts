import { deleteRecords } from '../dml/deleteRecords.ts';
import { readJsonRecord } from '../dml/readRecord.ts';
import { findById } from '../dml/findTarget.ts';
import type { SaveRequest, SaveResult } from '../dml/saveChunk.ts';
import { saveRecords } from '../dml/saveRecords.ts';
import { ApiError, invalidField, notFound } from '../errors.ts';
import { ok, type Answer, type ApiRequest, type Handler } from '../http/answer.ts';
import { findField, idOf, type FieldSchema, type Row } from '../store/schema.ts';
import type { Table } from '../store/table.ts';
import { coerceValue } from '../dml/coerceValue.ts';
import { renderRow, selectFields } from './renderRow.ts';
import { tableOf, writableTableOf } from './tableOf.ts';

/**
 * POST /sobjects/T: 201 `{id, success, errors}` (REST API Developer Guide, "sObject Basic Information"). A platform event
 * is published likewise.
 */
export const createRow: Handler = (request) => {
  const { org, params, user, body } = request;
  const event = org.events.findObject(params['object'] ?? '');
  if (event) return { status: 201, body: org.events.publish(event, body, user.id) };
  const table = writableTableOf(request);
  const result = saveOne(request, {
    operation: 'insert',
    table,
    records: [readJsonRecord(table.object, request.body)],
  });
  return { status: 201, body: { id: result.id, success: true, errors: [] } };
};

/** GET /sobjects/T/id[?fields=A,B] ("sObject Rows"). */
export const readRow: Handler = (request) => {
  const table = tableOf(request);
  return answerRow(request, table, rowOf(request, table));
};

/** PATCH /sobjects/T/id: 204. */
export const updateRow: Handler = (request) => {
  const table = writableTableOf(request);
  const row = rowOf(request, table);
  const input = readJsonRecord(table.object, request.body);
  if (input.id !== undefined) throw invalidField('The Id field should not be specified in the sobject data.');
  saveOne(request, { operation: 'update', table, records: [{ ...input, id: idOf(row) }] });
  return { status: 204 };
};

/** DELETE /sobjects/T/id: 204, the record is in the recycle bin. */
export const deleteRow: Handler = (request) => {
  const table = writableTableOf(request);
  return removeRow(request, table, rowOf(request, table));
};

/** GET /sobjects/T/Ext__c/value ("sObject Rows by External ID"). */
export const readRowByKey: Handler = (request) => {
  const table = tableOf(request);
  const [row] = rowsByKey(request, table, keyFieldOf(request, table));
  if (!row) throw notFound();
  return answerRow(request, table, row);
};

/**
 * PATCH /sobjects/T/Ext__c/value ("Upsert Records Using sObject Rows by External ID"): 201 with `created: true`, 200
 * with `created: false`, 300 when several records have the key. Neither Id nor the key may be in the body.
 */
export const upsertRowByKey: Handler = (request) => {
  const table = writableTableOf(request);
  const keyField = keyFieldOf(request, table);
  const [row] = rowsByKey(request, table, keyField);
  const input = readJsonRecord(table.object, request.body);
  if (input.id !== undefined) throw invalidField('The Id field should not be specified in the sobject data.');
  if (input.values.has(keyField)) {
    throw invalidField(`The ${keyField.name} field should not be specified in the sobject data.`);
  }
  if (!row && request.query['updateOnly'] === 'true') throw notFound();
  const key = coerceValue(keyField, request.params['key'], 'csv');
  if ('error' in key) throw new ApiError(400, key.error.statusCode, key.error.message, key.error.fields);
  const values = new Map([...input.values, [keyField, key.value] as const]);
  const result = saveOne(request, { operation: 'upsert', table, keyField, records: [{ ...input, values }] });
  const body = { id: result.id, success: true, errors: [], created: result.isCreated };
  return { status: result.isCreated ? 201 : 200, body };
};

/** DELETE /sobjects/T/Ext__c/value: 204. */
export const deleteRowByKey: Handler = (request) => {
  const table = writableTableOf(request);
  const [row] = rowsByKey(request, table, keyFieldOf(request, table));
  if (!row) throw notFound();
  return removeRow(request, table, row);
};

function rowOf({ params }: ApiRequest, table: Table): Row {
  const found = findById(table, params['id'] ?? '');
  if (!('errors' in found)) return found.before;
  const [error] = found.errors;
  if (error?.statusCode === 'ENTITY_IS_DELETED')
    throw new ApiError(404, 'ENTITY_IS_DELETED', error.message, []);
  throw notFound();
}

function answerRow(request: ApiRequest, table: Table, row: Row): Answer {
  const fields = selectFields(table, request.query['fields']?.split(','));
  return ok(renderRow(table, row, fields, request.version));
}

function keyFieldOf({ params }: ApiRequest, table: Table): FieldSchema {
  const field = findField(table.object, params['keyField'] ?? '');
  if (!field?.isExternalId) {
    throw notFound(
      `Provided external ID field does not exist or is not accessible: ${params['keyField'] ?? ''}`,
    );
  }
  return field;
}

/** None or one record; several answer 300 with their addresses (same page, "HTTP status code is 300"). */
function rowsByKey(request: ApiRequest, table: Table, keyField: FieldSchema): Row[] {
  const key = coerceValue(keyField, request.params['key'], 'csv');
  const rows = 'error' in key ? [] : table.findLive(keyField, key.value);
  if (rows.length < 2) return rows;
  throw new SeveralRecords(
    rows.map((row) => `/services/data/${request.version}/sobjects/${table.object.name}/${idOf(row)}`),
  );
}

class SeveralRecords extends ApiError {
  readonly #urls: readonly string[];

  constructor(urls: readonly string[]) {
    super(300, 'MULTIPLE_CHOICES', 'The external id matches more than one record');
    this.#urls = urls;
  }

  override get body(): unknown {
    return this.#urls;
  }
}

function saveOne(
  request: ApiRequest,
  save: Omit<SaveRequest, 'userId'>,
): Extract<SaveResult, { success: true }> {
  const { org, user, isRowLocked } = request;
  const [result] = saveRecords([{ ...save, userId: user.id, isRowLocked }], org, { allOrNone: false });
  return unwrap(result);
}

function removeRow({ org, user, isRowLocked }: ApiRequest, table: Table, row: Row): Answer {
  const [result] = deleteRecords([{ table, id: idOf(row) }], org, {
    userId: user.id,
    allOrNone: false,
    isRowLocked,
  });
  unwrap(result);
  return { status: 204 };
}

/** A failed record of a single-record request is the request's error. */
function unwrap(result: SaveResult | undefined): Extract<SaveResult, { success: true }> {
  if (result?.success) return result;
  const error = result?.errors[0];
  throw new ApiError(400, error?.statusCode ?? 'UNKNOWN_EXCEPTION', error?.message ?? '', error?.fields);
}
