import { createRequire } from 'node:module';
import thrift from '@databricks/sql/thrift/TCLIService_types.js';
import type {
  TColumnDesc,
  TFetchResultsResp,
  TGetResultSetMetadataResp,
  TRowSet,
} from '@databricks/sql/thrift/TCLIService_types.js';
import { DuckDBDecimalType } from '@duckdb/node-api';
import Int64 from 'node-int64';
import { batchMessage, schemaMessage } from './arrowMessages.ts';
import type { Operation } from './createOperation.ts';
import { success } from './handles.ts';
import type { ResultPart } from './resultLinks.ts';
import { toThriftType, type ResultColumn } from './resultTypes.ts';
import type { StatementResult } from './statementResult.ts';
import { toThriftColumn } from './thriftColumn.ts';

const require = createRequire(import.meta.url);

/** Optional, as for the driver: a client that lacks it does not ask for compressed rows. */
const compress = (message: Buffer): Buffer =>
  (require('lz4-napi') as typeof import('lz4-napi')).compressFrameSync(message);

/** How the rows of one result go to the client. */
export type ResultFormat = 'columns' | 'arrow' | 'arrowLz4' | 'links';

/** Where a part of a result can be downloaded, and until when, in milliseconds since 1970. */
export type Link = (part: ResultPart) => { readonly url: string; readonly expiresAt: number };

const { ARROW_BASED_SET, COLUMN_BASED_SET, URL_BASED_SET } = thrift.TSparkRowSetType;
const rowSetTypes = {
  columns: COLUMN_BASED_SET,
  arrow: ARROW_BASED_SET,
  arrowLz4: ARROW_BASED_SET,
  links: URL_BASED_SET,
};

/** Columns and format of a result. */
export function toMetadata(
  { columns, isTransfer }: StatementResult,
  format: ResultFormat,
): TGetResultSetMetadataResp {
  return new thrift.TGetResultSetMetadataResp({
    status: success(),
    schema: new thrift.TTableSchema({ columns: columns.map(describe) }),
    resultFormat: rowSetTypes[format],
    lz4Compressed: format === 'arrowLz4',
    isStagingOperation: isTransfer,
    ...(format === 'columns' ? {} : { arrowSchema: schemaMessage(columns) }),
  });
}

/** Hands out the next rows of the operation, at most so many. */
export function takeRows(
  operation: Operation,
  result: StatementResult,
  format: ResultFormat,
  maxRows: number,
  link: Link,
): TFetchResultsResp {
  const start = operation.nextRow;
  const end = Math.min(start + maxRows, result.rowCount);
  operation.nextRow = end;
  return new thrift.TFetchResultsResp({
    status: success(),
    hasMoreRows: end < result.rowCount,
    results: new thrift.TRowSet({
      startRowOffset: new Int64(start),
      rows: [],
      ...content(result, format, start, end, link),
    }),
  });
}

function content(
  result: StatementResult,
  format: ResultFormat,
  start: number,
  end: number,
  link: Link,
): Partial<TRowSet> {
  const { columns } = result;
  if (format === 'links') {
    const { url, expiresAt } = link({ result, startRow: start, rowCount: end - start });
    const resultLink = new thrift.TSparkArrowResultLink({
      fileLink: url,
      expiryTime: new Int64(expiresAt),
      startRowOffset: new Int64(start),
      rowCount: new Int64(end - start),
      // The length is known only when somebody downloads it; the driver does not ask.
      bytesNum: new Int64(0),
      httpHeaders: {},
    });
    return { resultLinks: [resultLink] };
  }
  const parts = result.read(start, end);
  if (format === 'columns') {
    return {
      columns: columns.map(({ type }, i) =>
        toThriftColumn(
          type,
          parts.flatMap((rows) => rows.columns[i] ?? []),
        ),
      ),
    };
  }
  const arrowBatches = parts.map((rows) => {
    const message = batchMessage(columns, rows);
    const batch = format === 'arrowLz4' ? compress(message) : message;
    return new thrift.TSparkArrowBatch({ batch, rowCount: new Int64(rows.count) });
  });
  return { arrowBatches };
}

function describe({ name, type }: ResultColumn, index: number): TColumnDesc {
  const primitiveEntry = new thrift.TPrimitiveTypeEntry({ type: toThriftType(type) });
  if (type instanceof DuckDBDecimalType) {
    const [precision, scale] = [type.width, type.scale].map(
      (i32Value) => new thrift.TTypeQualifierValue({ i32Value }),
    );
    primitiveEntry.typeQualifiers = new thrift.TTypeQualifiers({
      qualifiers: { precision, scale } as Record<string, InstanceType<typeof thrift.TTypeQualifierValue>>,
    });
  }
  return new thrift.TColumnDesc({
    columnName: name,
    position: index + 1,
    typeDesc: new thrift.TTypeDesc({ types: [new thrift.TTypeEntry({ primitiveEntry })] }),
  });
}
