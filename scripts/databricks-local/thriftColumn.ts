import thrift from '@databricks/sql/thrift/TCLIService_types.js';
import type { TColumn } from '@databricks/sql/thrift/TCLIService_types.js';
import {
  DuckDBBlobValue,
  DuckDBListValue,
  DuckDBStructValue,
  DuckDBTimestampTZValue,
  DuckDBTimestampValue,
  type DuckDBType,
  type DuckDBValue,
} from '@duckdb/node-api';
import Int64 from 'node-int64';
import { toBigint } from './toBigint.ts';
import { toThriftType } from './resultTypes.ts';

const { TTypeId } = thrift;

/** The values of one column in the older, column-based format: numbers as such, all else as text, nested as JSON. */
export function toThriftColumn(type: DuckDBType, values: readonly DuckDBValue[]): TColumn {
  const nulls = Buffer.alloc(Math.ceil(values.length / 8));
  values.forEach((value, i) => {
    if (value === null) nulls[i >> 3] = (nulls[i >> 3] as number) | (1 << (i & 7));
  });
  const filled = <T>(
    convert: (value: NonNullable<DuckDBValue>) => T,
    empty: T,
  ): { values: T[]; nulls: Buffer } => ({
    values: values.map((value) => (value === null ? empty : convert(value))),
    nulls,
  });
  switch (toThriftType(type)) {
    case TTypeId.BOOLEAN_TYPE:
      return new thrift.TColumn({
        boolVal: new thrift.TBoolColumn(filled((value) => value === true, false)),
      });
    case TTypeId.TINYINT_TYPE:
      return new thrift.TColumn({ byteVal: new thrift.TByteColumn(filled(Number, 0)) });
    case TTypeId.SMALLINT_TYPE:
      return new thrift.TColumn({ i16Val: new thrift.TI16Column(filled(Number, 0)) });
    case TTypeId.INT_TYPE:
      return new thrift.TColumn({ i32Val: new thrift.TI32Column(filled(Number, 0)) });
    case TTypeId.BIGINT_TYPE:
      return new thrift.TColumn({
        i64Val: new thrift.TI64Column(filled((value) => toInt64(toBigint(value)), new Int64(0))),
      });
    case TTypeId.FLOAT_TYPE:
    case TTypeId.DOUBLE_TYPE:
      return new thrift.TColumn({ doubleVal: new thrift.TDoubleColumn(filled(Number, 0)) });
    case TTypeId.BINARY_TYPE:
      return new thrift.TColumn({
        binaryVal: new thrift.TBinaryColumn(
          filled(
            (value) => Buffer.from(value instanceof DuckDBBlobValue ? value.bytes : []),
            Buffer.alloc(0),
          ),
        ),
      });
    default:
      return new thrift.TColumn({ stringVal: new thrift.TStringColumn(filled(toText, '')) });
  }
}

function toInt64(value: bigint): Int64 {
  const bytes = Buffer.alloc(8);
  bytes.writeBigInt64BE(value);
  return new Int64(bytes);
}

function toText(value: NonNullable<DuckDBValue>): string {
  if (value instanceof DuckDBListValue || value instanceof DuckDBStructValue) {
    return JSON.stringify(toJson(value));
  }
  // UTC is the time zone of every session, and not written.
  if (value instanceof DuckDBTimestampTZValue) return new DuckDBTimestampValue(value.micros).toString();
  return String(value);
}

function toJson(value: DuckDBValue): unknown {
  if (value instanceof DuckDBListValue) return value.items.map(toJson);
  if (value instanceof DuckDBStructValue) {
    return Object.fromEntries(Object.entries(value.entries).map(([name, entry]) => [name, toJson(entry)]));
  }
  if (typeof value === 'bigint') return Number(value);
  return value === null || typeof value !== 'object' ? value : toText(value);
}
