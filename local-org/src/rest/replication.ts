import { ApiError } from '../errors.ts';
import { ok, type ApiRequest, type Handler } from '../http/answer.ts';
import { getField, idOf, type Row } from '../store/schema.ts';
import type { Table } from '../store/table.ts';
import { parseDateTime, toRestDateTime } from '../store/timestamps.ts';
import { tableOf } from './tableOf.ts';

const DAY_MS = 86_400_000;

/** GET /sobjects/T/deleted?start=&end= ("sObject Get Deleted"): at most the last 15 days. */
export const getDeleted: Handler = (request) => {
  const table = tableOf(request);
  const earliestMs = request.org.clock.nowMs() - 15 * DAY_MS;
  const { rows, endMs } = rowsChangedIn(request, table, { earliestMs, isDeleted: true });
  return ok({
    deletedRecords: rows.map((row) => ({ id: idOf(row), deletedDate: toRestDateTime(stampOf(table, row)) })),
    earliestDateAvailable: toRestDateTime(earliestMs),
    latestDateCovered: toRestDateTime(endMs),
  });
};

/** GET /sobjects/T/updated?start=&end= ("sObject Get Updated"): at most the last 30 days. */
export const getUpdated: Handler = (request) => {
  const table = tableOf(request);
  const earliestMs = request.org.clock.nowMs() - 30 * DAY_MS;
  const { rows, endMs } = rowsChangedIn(request, table, { earliestMs, isDeleted: false });
  return ok({ ids: rows.map(idOf), latestDateCovered: toRestDateTime(endMs) });
};

const stampOf = (table: Table, row: Row) => Number(row[getField(table.object, 'SystemModstamp').index]);

/** Seconds are ignored in both times, as documented for both resources. */
function rowsChangedIn(
  request: ApiRequest,
  table: Table,
  { earliestMs, isDeleted }: { earliestMs: number; isDeleted: boolean },
): { rows: Row[]; endMs: number } {
  const startMs = readMinute(request, 'start');
  const endMs = readMinute(request, 'end');
  if (endMs <= startMs) {
    throw new ApiError(
      400,
      'INVALID_REPLICATION_DATE',
      'end date must be at least one minute greater than the start date',
    );
  }
  const rows: Row[] = [];
  for (const row of table.rows()) {
    const stampMs = stampOf(table, row);
    const isInside = stampMs >= Math.max(startMs, earliestMs) && stampMs < endMs;
    if (isInside && table.isDeleted(row) === isDeleted) rows.push(row);
  }
  return { rows, endMs: Math.min(endMs, request.org.clock.nowMs()) };
}

function readMinute({ query }: ApiRequest, name: 'start' | 'end'): number {
  const ms = parseDateTime(query[name] ?? '');
  if (ms === undefined)
    throw new ApiError(400, 'INVALID_REPLICATION_DATE', `${name} is not a date and time with a zone`);
  return Math.floor(ms / 60_000) * 60_000;
}
