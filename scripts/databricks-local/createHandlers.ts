import { setTimeout } from 'node:timers/promises';
import thrift from '@databricks/sql/thrift/TCLIService_types.js';
import type * as Thrift from '@databricks/sql/thrift/TCLIService_types.js';
import Int64 from 'node-int64';
import { createOperation, type Operation } from './createOperation.ts';
import type { Faults } from './faults.ts';
import { failure, handleKey, newHandle, success } from './handles.ts';
import { takeRows, toMetadata, type Link, type ResultFormat } from './resultSet.ts';
import { runStatement } from './runStatement.ts';
import type { StatementPlace } from './statementPlace.ts';
import { newSession, type Session } from './session.ts';
import { StatementError } from './statementError.ts';
import { noResult, type StatementResult } from './statementResult.ts';
import type { WarehousePower } from './warehousePower.ts';

/** Rows in one answer, or behind one link, at most. */
const pageRows = 40_000;
/** How long ExecuteStatement waits for a result before the client has to ask for it. */
const directResultsMs = 5_000;

/** What the calls work on. */
export interface ServiceState {
  readonly place: StatementPlace;
  readonly power: WarehousePower;
  readonly faults: Faults;
  readonly sessions: Map<string, Session>;
  readonly operations: Map<
    string,
    { readonly operation: Operation; readonly request: Thrift.TExecuteStatementReq }
  >;
  /** Statements that have not ended, whether somebody waits for them or not. */
  readonly running: Set<Promise<void>>;
  /** Results of so many rows and more go by links, to clients that download them. */
  readonly linksFromRows: number;
  readonly link: Link;
}

type OpenOperation = ServiceState extends { operations: Map<string, infer Open> } ? Open : never;

/** The calls of the service that the driver makes for the product, by name. */
export function createHandlers(service: ServiceState): object {
  const { place, power, faults, sessions, operations, running } = service;
  const find = (handle: Thrift.TOperationHandle): OpenOperation | undefined =>
    operations.get(handleKey(handle.operationId));
  const formatOf = (request: Thrift.TExecuteStatementReq, result: StatementResult): ResultFormat => {
    if (request.canReadArrowResult !== true) return 'columns';
    if (request.canDownloadResult === true && result.rowCount >= service.linksFromRows) return 'links';
    return request.canDecompressLZ4Result === true ? 'arrowLz4' : 'arrow';
  };
  const rowsOf = ({ operation, request }: OpenOperation, maxRows: Int64): Thrift.TFetchResultsResp => {
    const result = operation.result ?? noResult;
    const rows = Math.min(pageRows, Number(maxRows));
    return takeRows(operation, result, formatOf(request, result), rows, service.link);
  };

  return {
    OpenSession: (request: Thrift.TOpenSessionReq): Promise<Thrift.TOpenSessionResp> => {
      const sessionId = newHandle();
      sessions.set(handleKey(sessionId), newSession(request.initialNamespace, request.configuration ?? {}));
      return Promise.resolve(
        new thrift.TOpenSessionResp({
          status: success(),
          serverProtocolVersion: thrift.TProtocolVersion.SPARK_CLI_SERVICE_PROTOCOL_V8,
          sessionHandle: new thrift.TSessionHandle({ sessionId }),
          configuration: {},
          canUseMultipleCatalogs: true,
        }),
      );
    },
    CloseSession: ({ sessionHandle }: Thrift.TCloseSessionReq): Promise<Thrift.TCloseSessionResp> => {
      const key = handleKey(sessionHandle.sessionId);
      const isThere = sessions.delete(key);
      for (const [id, { operation, request }] of operations) {
        if (handleKey(request.sessionHandle.sessionId) !== key) continue;
        operation.cancel();
        operations.delete(id);
      }
      return Promise.resolve(
        new thrift.TCloseSessionResp({ status: isThere ? success() : missing('SessionHandle') }),
      );
    },
    ExecuteStatement: async (request: Thrift.TExecuteStatementReq): Promise<Thrift.TExecuteStatementResp> => {
      const { statement: sql, parameters, getDirectResults } = request;
      const fault = faults.strike(['failed'], 'ExecuteStatement', sql);
      const session = sessions.get(handleKey(request.sessionHandle.sessionId));
      if (session === undefined) {
        return new thrift.TExecuteStatementResp({ status: missing('SessionHandle') });
      }
      const operation = createOperation(
        power.start(),
        Number(request.queryTimeout ?? 0) || session.statementTimeoutS,
        (signal) => {
          if (fault !== undefined) throw new StatementError(fault.sqlState, 'INJECTED', fault.message);
          return runStatement(place, session, { sql, parameters: parameters ?? [] }, signal);
        },
      );
      running.add(operation.ended);
      void operation.ended.then(() => running.delete(operation.ended));
      const open = { operation, request };
      const operationId = newHandle();
      operations.set(handleKey(operationId), open);
      const answer = new thrift.TExecuteStatementResp({
        status: success(),
        operationHandle: new thrift.TOperationHandle({
          operationId,
          operationType: thrift.TOperationType.EXECUTE_STATEMENT,
          hasResultSet: true,
        }),
      });
      if (!getDirectResults) return answer;
      await endedWithin(operation, directResultsMs);
      const operationStatus = toStatus(operation);
      answer.directResults = new thrift.TSparkDirectResults({ operationStatus });
      if (operation.result !== undefined) {
        answer.directResults.resultSetMetadata = toMetadata(
          operation.result,
          formatOf(request, operation.result),
        );
        answer.directResults.resultSet = rowsOf(open, getDirectResults.maxRows);
      }
      const isRead = operation.result !== undefined && operation.nextRow === operation.result.rowCount;
      if (isRead || operation.error !== undefined) {
        operations.delete(handleKey(operationId));
        answer.directResults.closeOperation = new thrift.TCloseOperationResp({ status: success() });
      }
      return answer;
    },
    GetOperationStatus: (request: Thrift.TGetOperationStatusReq): Promise<Thrift.TGetOperationStatusResp> => {
      const open = find(request.operationHandle);
      return Promise.resolve(
        open === undefined
          ? new thrift.TGetOperationStatusResp({ status: missing('OperationHandle') })
          : toStatus(open.operation),
      );
    },
    GetResultSetMetadata: async (
      request: Thrift.TGetResultSetMetadataReq,
    ): Promise<Thrift.TGetResultSetMetadataResp> => {
      const open = find(request.operationHandle);
      if (open === undefined) {
        return new thrift.TGetResultSetMetadataResp({ status: missing('OperationHandle') });
      }
      await open.operation.ended;
      const result = open.operation.result ?? noResult;
      return toMetadata(result, formatOf(open.request, result));
    },
    FetchResults: async (request: Thrift.TFetchResultsReq): Promise<Thrift.TFetchResultsResp> => {
      const open = find(request.operationHandle);
      if (open === undefined) return new thrift.TFetchResultsResp({ status: missing('OperationHandle') });
      await open.operation.ended;
      const { error } = open.operation;
      if (error !== undefined) return new thrift.TFetchResultsResp({ status: failure(error) });
      return rowsOf(open, request.maxRows);
    },
    CancelOperation: (request: Thrift.TCancelOperationReq): Promise<Thrift.TCancelOperationResp> => {
      find(request.operationHandle)?.operation.cancel();
      return Promise.resolve(new thrift.TCancelOperationResp({ status: success() }));
    },
    CloseOperation: ({ operationHandle }: Thrift.TCloseOperationReq): Promise<Thrift.TCloseOperationResp> => {
      find(operationHandle)?.operation.cancel();
      operations.delete(handleKey(operationHandle.operationId));
      return Promise.resolve(new thrift.TCloseOperationResp({ status: success() }));
    },
  };
}

/** The wording of a real warehouse is not known. */
const missing = (kind: 'SessionHandle' | 'OperationHandle'): Thrift.TStatus =>
  failure(new StatementError('HY000', 'INVALID_HANDLE', `Invalid ${kind}.`));

function toStatus({ state, error, result }: Operation): Thrift.TGetOperationStatusResp {
  const status = new thrift.TGetOperationStatusResp({ status: success(), operationState: state });
  if (error !== undefined) {
    Object.assign(status, { errorMessage: error.message, displayMessage: error.message });
    Object.assign(status, { sqlState: error.sqlState, errorCode: 0 });
  }
  // Only said of what has ended well: the driver does not wait for a statement without a result.
  if (result !== undefined) status.hasResultSet = result.columns.length > 0;
  if (result?.changedRows !== undefined) status.numModifiedRows = new Int64(result.changedRows);
  return status;
}

async function endedWithin(operation: Operation, ms: number): Promise<void> {
  const timer = new AbortController();
  await Promise.race([
    operation.ended,
    setTimeout(ms, undefined, { signal: timer.signal }).catch(() => undefined),
  ]);
  timer.abort();
}
