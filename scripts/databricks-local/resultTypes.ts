import { createRequire } from 'node:module';
import types from '@databricks/sql/thrift/TCLIService_types.js';
import type { TTypeId } from '@databricks/sql/thrift/TCLIService_types.js';
import {
  DuckDBDecimalType,
  DuckDBListType,
  DuckDBStructType,
  DuckDBTypeId,
  type DuckDBType,
} from '@duckdb/node-api';
import type * as Arrow from 'apache-arrow' with { 'resolution-mode': 'require' };

/** The driver's own Arrow. The package has types for its CommonJS form only. */
export const arrow = createRequire(import.meta.url)('apache-arrow') as typeof Arrow;

const { TTypeId: ids } = types;

/** A column of a result: its name and the type that DuckDB gave it. */
export interface ResultColumn {
  readonly name: string;
  readonly type: DuckDBType;
}

/** The type as the client is told it. What has no entry here is sent as text. */
export function toThriftType(type: DuckDBType): TTypeId {
  return kinds[type.typeId]?.thrift ?? ids.STRING_TYPE;
}

/** The type in Arrow. The element of a list is called `element`: the driver looks for that name. */
export function toArrowType(type: DuckDBType): Arrow.DataType {
  const { Decimal, Field, List, Struct, Utf8 } = arrow;
  if (type instanceof DuckDBDecimalType) return new Decimal(type.scale, type.width, 128);
  if (type instanceof DuckDBListType) {
    return new List(new Field('element', toArrowType(type.valueType), true));
  }
  if (type instanceof DuckDBStructType) {
    return new Struct(
      type.entryNames.map((name, i) => new Field(name, toArrowType(type.entryTypes[i] as DuckDBType), true)),
    );
  }
  return kinds[type.typeId]?.arrow?.() ?? new Utf8();
}

/** Nested types and decimals get their Arrow type from their parts. */
const kinds: Readonly<Partial<Record<DuckDBTypeId, { thrift: TTypeId; arrow?: () => Arrow.DataType }>>> = {
  [DuckDBTypeId.BOOLEAN]: { thrift: ids.BOOLEAN_TYPE, arrow: () => new arrow.Bool() },
  [DuckDBTypeId.TINYINT]: { thrift: ids.TINYINT_TYPE, arrow: () => new arrow.Int8() },
  [DuckDBTypeId.SMALLINT]: { thrift: ids.SMALLINT_TYPE, arrow: () => new arrow.Int16() },
  [DuckDBTypeId.INTEGER]: { thrift: ids.INT_TYPE, arrow: () => new arrow.Int32() },
  [DuckDBTypeId.BIGINT]: { thrift: ids.BIGINT_TYPE, arrow: () => new arrow.Int64() },
  // Sums and counts of integers: Spark makes BIGINT of them.
  [DuckDBTypeId.HUGEINT]: { thrift: ids.BIGINT_TYPE, arrow: () => new arrow.Int64() },
  [DuckDBTypeId.FLOAT]: { thrift: ids.FLOAT_TYPE, arrow: () => new arrow.Float32() },
  [DuckDBTypeId.DOUBLE]: { thrift: ids.DOUBLE_TYPE, arrow: () => new arrow.Float64() },
  [DuckDBTypeId.DECIMAL]: { thrift: ids.DECIMAL_TYPE },
  [DuckDBTypeId.DATE]: { thrift: ids.DATE_TYPE, arrow: () => new arrow.DateDay() },
  [DuckDBTypeId.TIMESTAMP]: {
    thrift: ids.TIMESTAMP_TYPE,
    arrow: () => new arrow.TimestampMicrosecond('UTC'),
  },
  [DuckDBTypeId.TIMESTAMP_TZ]: {
    thrift: ids.TIMESTAMP_TYPE,
    arrow: () => new arrow.TimestampMicrosecond('UTC'),
  },
  [DuckDBTypeId.BLOB]: { thrift: ids.BINARY_TYPE, arrow: () => new arrow.Binary() },
  [DuckDBTypeId.LIST]: { thrift: ids.ARRAY_TYPE },
  [DuckDBTypeId.STRUCT]: { thrift: ids.STRUCT_TYPE },
};
