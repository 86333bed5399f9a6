import { setTimeout } from 'node:timers/promises';
import thrift from '@databricks/sql/thrift/TCLIService_types.js';
import type * as Thrift from '@databricks/sql/thrift/TCLIService_types.js';
import type { DuckDBInstance } from '@duckdb/node-api';
import Int64 from 'node-int64';
import { createOperation, type Operation } from './createOperation.ts';
import { failure, handleKey, newHandle, success } from './handles.ts';
import { toMetadata, toRowSet, type ResultFormat } from './resultSet.ts';
import { runStatement } from './runStatement.ts';
import { StatementError } from './statementError.ts';

const { TOperationState: states } = thrift;

/** What a client has open. */
interface Session {
  schema: string;
}

interface OpenOperation {
  readonly operation: Operation;
  readonly format: ResultFormat;
}

/** Rows in one answer, at most. */
const pageRows = 40_000;
/** How long ExecuteStatement waits for a result before the client has to ask for it. */
const directResultsMs = 5_000;

export function createHandlers(instance: DuckDBInstance): object {
  const sessions = new Map<string, Session>();
  const operations = new Map<string, OpenOperation>();

  const status = ({ operation: { state, error, result } }: OpenOperation): Thrift.TGetOperationStatusResp =>
    new thrift.TGetOperationStatusResp({
      status: success(),
      operationState: state,
      // Only said of what has ended well: the driver does not wait for a statement without a result.
      ...(result === undefined ? {} : { hasResultSet: result.columns.length > 0 }),
      ...(error === undefined
        ? {}
        : {
            errorMessage: error.message,
            displayMessage: error.message,
            sqlState: error.sqlState,
            errorCode: 0,
          }),
      ...(result?.changedRows === undefined ? {} : { numModifiedRows: new Int64(result.changedRows) }),
    });
  const find = (handle: Thrift.TOperationHandle): OpenOperation | undefined =>
    operations.get(handleKey(handle.operationId));
  const missing = (kind: string): Thrift.TStatus =>
    failure(new StatementError('HY000', 'INVALID_HANDLE', `Invalid ${kind}.`));

  return {
    OpenSession: async (request: Thrift.TOpenSessionReq): Promise<Thrift.TOpenSessionResp> => {
      const sessionId = newHandle();
      const namespace = request.initialNamespace;
      sessions.set(handleKey(sessionId), {
        schema: `${namespace?.catalogName ?? 'crm'}.${namespace?.schemaName ?? 'property_sync'}`,
      });
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
    CloseSession: (request: Thrift.TCloseSessionReq): Promise<Thrift.TCloseSessionResp> => {
      sessions.delete(handleKey(request.sessionHandle.sessionId));
      return Promise.resolve(new thrift.TCloseSessionResp({ status: success() }));
    },
    ExecuteStatement: async (request: Thrift.TExecuteStatementReq): Promise<Thrift.TExecuteStatementResp> => {
      const session = sessions.get(handleKey(request.sessionHandle.sessionId));
      if (session === undefined)
        return new thrift.TExecuteStatementResp({ status: missing('SessionHandle') });
      const { schema } = session;
      const operationId = newHandle();
      const open: OpenOperation = {
        format: {
          isArrow: request.canReadArrowResult === true,
          isCompressed: request.canDecompressLZ4Result === true,
        },
        operation: createOperation(Promise.resolve(), (signal) =>
          runStatement(
            instance,
            { sql: request.statement, parameters: request.parameters ?? [], schema },
            signal,
          ),
        ),
      };
      operations.set(handleKey(operationId), open);
      const answer = {
        status: success(),
        operationHandle: new thrift.TOperationHandle({
          operationId,
          operationType: thrift.TOperationType.EXECUTE_STATEMENT,
          hasResultSet: true,
        }),
      };
      if (!request.getDirectResults) return new thrift.TExecuteStatementResp(answer);
      const { operation, format } = open;
      const timeout = new AbortController();
      await Promise.race([
        operation.ended.then(() => timeout.abort()),
        setTimeout(directResultsMs, undefined, { signal: timeout.signal }).catch(() => undefined),
      ]);
      const isFinished = operation.state === states.FINISHED_STATE;
      const operationStatus = status(open);
      const rows = isFinished
        ? {
            resultSetMetadata: toMetadata(operation.result?.columns ?? [], format),
            resultSet: toRowSet(
              operation,
              format,
              Math.min(pageRows, Number(request.getDirectResults.maxRows)),
            ),
          }
        : {};
      const isOver = operation.error !== undefined || (isFinished && !operation.hasMoreRows);
      if (isOver) operations.delete(handleKey(operationId));
      return new thrift.TExecuteStatementResp({
        ...answer,
        directResults: new thrift.TSparkDirectResults({
          operationStatus,
          ...rows,
          ...(isOver ? { closeOperation: new thrift.TCloseOperationResp({ status: success() }) } : {}),
        }),
      });
    },
    GetOperationStatus: (request: Thrift.TGetOperationStatusReq): Promise<Thrift.TGetOperationStatusResp> => {
      const open = find(request.operationHandle);
      return Promise.resolve(
        open === undefined
          ? new thrift.TGetOperationStatusResp({ status: missing('OperationHandle') })
          : status(open),
      );
    },
    GetResultSetMetadata: async (
      request: Thrift.TGetResultSetMetadataReq,
    ): Promise<Thrift.TGetResultSetMetadataResp> => {
      const open = find(request.operationHandle);
      if (open === undefined)
        return new thrift.TGetResultSetMetadataResp({ status: missing('OperationHandle') });
      await open.operation.ended;
      return toMetadata(open.operation.result?.columns ?? [], open.format);
    },
    FetchResults: async (request: Thrift.TFetchResultsReq): Promise<Thrift.TFetchResultsResp> => {
      const open = find(request.operationHandle);
      if (open === undefined) return new thrift.TFetchResultsResp({ status: missing('OperationHandle') });
      await open.operation.ended;
      if (open.operation.error)
        return new thrift.TFetchResultsResp({ status: failure(open.operation.error) });
      return toRowSet(open.operation, open.format, Math.min(pageRows, Number(request.maxRows)));
    },
    CancelOperation: (request: Thrift.TCancelOperationReq): Promise<Thrift.TCancelOperationResp> => {
      find(request.operationHandle)?.operation.cancel();
      return Promise.resolve(new thrift.TCancelOperationResp({ status: success() }));
    },
    CloseOperation: (request: Thrift.TCloseOperationReq): Promise<Thrift.TCloseOperationResp> => {
      find(request.operationHandle)?.operation.cancel();
      operations.delete(handleKey(request.operationHandle.operationId));
      return Promise.resolve(new thrift.TCloseOperationResp({ status: success() }));
    },
  };
}
