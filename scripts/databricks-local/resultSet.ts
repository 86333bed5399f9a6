import { createRequire } from 'node:module';
import thrift from '@databricks/sql/thrift/TCLIService_types.js';
import type {
  TColumnDesc,
  TFetchResultsResp,
  TGetResultSetMetadataResp,
} from '@databricks/sql/thrift/TCLIService_types.js';
import { DuckDBDecimalType } from '@duckdb/node-api';
import Int64 from 'node-int64';
import { batchMessage, schemaMessage } from './arrowMessages.ts';
import { toThriftColumn } from './columnSet.ts';
import type { Operation } from './createOperation.ts';
import { success } from './handles.ts';
import { toThriftType, type ResultColumn } from './resultTypes.ts';

const { compressFrameSync } = createRequire(import.meta.url)('lz4-napi') as typeof import('lz4-napi');

/** How the client wants its rows. */
export interface ResultFormat {
  readonly isArrow: boolean;
  readonly isCompressed: boolean;
}

/** Columns and format of a result. */
export function toMetadata(
  columns: readonly ResultColumn[],
  { isArrow, isCompressed }: ResultFormat,
): TGetResultSetMetadataResp {
  const { ARROW_BASED_SET, COLUMN_BASED_SET } = thrift.TSparkRowSetType;
  return new thrift.TGetResultSetMetadataResp({
    status: success(),
    schema: new thrift.TTableSchema({ columns: columns.map(describe) }),
    resultFormat: isArrow ? ARROW_BASED_SET : COLUMN_BASED_SET,
    lz4Compressed: isArrow && isCompressed,
    isStagingOperation: false,
    ...(isArrow ? { arrowSchema: schemaMessage(columns) } : {}),
  });
}

/** The next rows of the operation. */
export function toRowSet(operation: Operation, format: ResultFormat, maxRows: number): TFetchResultsResp {
  const columns = operation.result?.columns ?? [];
  const startRowOffset = new Int64(operation.position);
  const parts = operation.take(maxRows);
  const content = format.isArrow
    ? {
        arrowBatches: parts.map((rows) => {
          const message = batchMessage(columns, rows);
          const batch = format.isCompressed ? compressFrameSync(message) : message;
          return new thrift.TSparkArrowBatch({ batch, rowCount: new Int64(rows.count) });
        }),
      }
    : {
        columns: columns.map(({ type }, i) =>
          toThriftColumn(
            type,
            parts.flatMap((rows) => rows.columns[i] ?? []),
          ),
        ),
      };
  return new thrift.TFetchResultsResp({
    status: success(),
    hasMoreRows: operation.hasMoreRows,
    results: new thrift.TRowSet({ startRowOffset, rows: [], ...content }),
  });
}

function describe({ name, type }: ResultColumn, index: number): TColumnDesc {
  const number = (i32Value: number): InstanceType<typeof thrift.TTypeQualifierValue> =>
    new thrift.TTypeQualifierValue({ i32Value });
  const primitiveEntry = new thrift.TPrimitiveTypeEntry({
    type: toThriftType(type),
    ...(type instanceof DuckDBDecimalType
      ? {
          typeQualifiers: new thrift.TTypeQualifiers({
            qualifiers: { precision: number(type.width), scale: number(type.scale) },
          }),
        }
      : {}),
  });
  return new thrift.TColumnDesc({
    columnName: name,
    position: index + 1,
    typeDesc: new thrift.TTypeDesc({ types: [new thrift.TTypeEntry({ primitiveEntry })] }),
  });
}
