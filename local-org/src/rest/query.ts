import { ApiError, malformedQuery, notEmulated } from '../errors.ts';
import { ok, type Answer, type ApiRequest, type Handler } from '../http/answer.ts';
import { renderAggregate, renderRecord } from '../soql/renderRecords.ts';
import { runQuery } from '../soql/runQuery.ts';
import type { Store } from '../store/store.ts';
import { queryColumns } from './queryColumns.ts';
import type { QueryCursor } from './createQueryCursors.ts';

const DEFAULT_PAGE_SIZE = 2000;
const MIN_PAGE_SIZE = 200;

/** GET /query: live records. GET /queryAll: the recycle bin as well (REST API Developer Guide, "Query", "QueryAll"). */
export const query: Handler = (request) =>
  answerQuery(request, { store: request.org.store, includeDeleted: false });
export const queryAll: Handler = (request) =>
  answerQuery(request, { store: request.org.store, includeDeleted: true });

/** GET /tooling/query: the same over the objects of the Tooling API. */
export const toolingQuery: Handler = (request) =>
  answerQuery(request, { store: request.org.metadata.tooling, includeDeleted: false });

function answerQuery(
  request: ApiRequest,
  { store, includeDeleted }: { store: Store; includeDeleted: boolean },
): Answer {
  const { org, version } = request;
  const text = request.query['q'];
  if (text === undefined || text === '') throw malformedQuery('The parameter q is missing');
  if (request.query['explain'] !== undefined) throw notEmulated(`GET ${request.path}?explain=`);
  const result = runQuery(text, { store, nowMs: org.clock.nowMs(), includeDeleted });
  if (request.query['columns'] === 'true') return ok(queryColumns(result));
  if (result.kind === 'count') return ok({ totalSize: result.count, done: true, records: [] });
  const { rows } = result;
  const pageSize = readPageSize(request.headers['sforce-query-options']);
  if (result.kind === 'aggregates') {
    if (rows.length > DEFAULT_PAGE_SIZE) {
      const message =
        'Aggregate query does not support queryMore(), use LIMIT to restrict the results to a single batch';
      throw new ApiError(400, 'EXCEEDED_ID_LIMIT', message);
    }
    const records = result.rows.map((group) => renderAggregate(result.columns, group));
    return ok({ totalSize: records.length, done: true, records });
  }
  const cursor: QueryCursor = {
    totalSize: rows.length,
    pageSize,
    render: (from, to) =>
      result.rows.slice(from, to).map((row) => renderRecord(result.table, result.columns, row, version)),
  };
  return answerPage(request, cursor, {
    from: 0,
    id: rows.length > pageSize ? org.queryCursors.open(cursor) : '',
  });
}

/** GET /query/01g…-2000: the page that begins there. */
export const queryMore: Handler = (request) => {
  const [, id = '', from] = /^(\w{15,18})-(\d+)$/.exec(request.params['locator'] ?? '') ?? [];
  const cursor = request.org.queryCursors.find(id);
  if (!cursor || Number(from) >= cursor.totalSize) {
    throw new ApiError(400, 'INVALID_QUERY_LOCATOR', 'invalid query locator');
  }
  return answerPage(request, cursor, { id, from: Number(from) });
};

function answerPage(
  request: ApiRequest,
  cursor: QueryCursor,
  { id, from }: { id: string; from: number },
): Answer {
  const to = from + cursor.pageSize;
  const isDone = to >= cursor.totalSize;
  const nextRecordsUrl = `/services/data/${request.version}/query/${id}-${to}`;
  return ok({
    totalSize: cursor.totalSize,
    done: isDone,
    ...(!isDone && { nextRecordsUrl }),
    records: cursor.render(from, to),
  });
}

/** Header `Sforce-Query-Options: batchSize=200`, between 200 and 2,000 ("Query Options Header"). */
function readPageSize(header: string | undefined): number {
  const wanted = Number(/batchSize=(\d+)/i.exec(header ?? '')?.[1] ?? DEFAULT_PAGE_SIZE);
  return Math.min(DEFAULT_PAGE_SIZE, Math.max(MIN_PAGE_SIZE, wanted));
}
