import { ApiError, notFound } from '../errors.ts';
import type { ApiRequest } from '../http/answer.ts';
import type { Table } from '../store/table.ts';

/** The table of the object in the path; a name that is none is a resource that does not exist. */
export function tableOf({ org, params }: ApiRequest): Table {
  const table = org.store.findTable(params['object'] ?? '');
  if (!table) throw notFound();
  return table;
}

/** The same for a request that writes. The standard objects of this org are read-only. */
export function writableTableOf(request: ApiRequest): Table {
  const table = tableOf(request);
  assertWritable(table);
  return table;
}

export function assertWritable(table: Table): void {
  if (table.object.isWritable) return;
  const message = `entity type ${table.object.name} does not support this operation (not emulated by local-org)`;
  throw new ApiError(400, 'CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY', message);
}
