import {
  DuckDBBlobValue,
  DuckDBDateValue,
  DuckDBDecimalValue,
  DuckDBListType,
  DuckDBListValue,
  DuckDBStructType,
  DuckDBStructValue,
  DuckDBTimestampTZValue,
  DuckDBTimestampValue,
  type DuckDBType,
  type DuckDBValue,
} from '@duckdb/node-api';
import type { Data, DataType } from 'apache-arrow' with { 'resolution-mode': 'require' };
import { arrow, toArrowType } from './resultTypes.ts';
import { toBigint } from './toBigint.ts';

type Values = readonly DuckDBValue[];

/** The values of one column as Arrow holds them: exact integers and decimals, timestamps in microseconds. */
export function toArrowData(type: DuckDBType, values: Values): Data {
  const arrowType = toArrowType(type);
  return arrow.makeData({
    type: arrowType,
    length: values.length,
    ...validity(values),
    ...buffers(type, arrowType, values),
  } as Parameters<typeof arrow.makeData>[0]);
}

function buffers(type: DuckDBType, arrowType: DataType, values: Values): object {
  const { DataType: is } = arrow;
  if (is.isBool(arrowType)) return { data: bits(values, (value) => value === true) };
  if (is.isInt(arrowType) && arrowType.bitWidth === 64) {
    return { data: BigInt64Array.from(values, (value) => toBigint(value ?? 0n)) };
  }
  if (is.isInt(arrowType) || is.isFloat(arrowType)) {
    return { data: (arrowType.ArrayType as Int32ArrayConstructor).from(values as number[], Number) };
  }
  if (is.isDecimal(arrowType)) return { data: decimals(values) };
  if (is.isDate(arrowType)) {
    return { data: Int32Array.from(values, (value) => (value instanceof DuckDBDateValue ? value.days : 0)) };
  }
  if (is.isTimestamp(arrowType)) {
    return { data: new Int32Array(BigInt64Array.from(values, microsOf).buffer) };
  }
  if (type instanceof DuckDBListType) return list(type, values);
  if (type instanceof DuckDBStructType) {
    const child = (name: string, i: number): Data =>
      toArrowData(
        type.entryTypes[i] as DuckDBType,
        values.map((value) => (value instanceof DuckDBStructValue ? (value.entries[name] ?? null) : null)),
      );
    return { children: type.entryNames.map(child) };
  }
  return bytes(values);
}

function validity(values: Values): object {
  const nullCount = values.filter((value) => value === null).length;
  return nullCount === 0 ? { nullCount } : { nullCount, nullBitmap: bits(values, (value) => value !== null) };
}

function bits(values: Values, isSet: (value: DuckDBValue) => boolean): Uint8Array {
  const packed = new Uint8Array(Math.ceil(values.length / 64) * 8);
  values.forEach((value, i) => {
    if (isSet(value)) packed[i >> 3] = (packed[i >> 3] as number) | (1 << (i & 7));
  });
  return packed;
}

/** 128 bits each, the lower half first. */
function decimals(values: Values): Uint32Array {
  const halves = new BigInt64Array(values.length * 2);
  values.forEach((value, i) => {
    const unscaled = value instanceof DuckDBDecimalValue ? value.value : 0n;
    halves[2 * i] = BigInt.asIntN(64, unscaled);
    halves[2 * i + 1] = unscaled >> 64n;
  });
  return new Uint32Array(halves.buffer);
}

function microsOf(value: DuckDBValue): bigint {
  return value instanceof DuckDBTimestampTZValue || value instanceof DuckDBTimestampValue ? value.micros : 0n;
}

function list(type: DuckDBListType, values: Values): object {
  const items = values.map((value) => (value instanceof DuckDBListValue ? value.items : []));
  return {
    valueOffsets: offsets(items.map(({ length }) => length)),
    child: toArrowData(type.valueType, items.flat()),
  };
}

function bytes(values: Values): object {
  const parts = values.map((value) => {
    if (value === null) return Buffer.alloc(0);
    return value instanceof DuckDBBlobValue ? Buffer.from(value.bytes) : Buffer.from(String(value), 'utf8');
  });
  return {
    valueOffsets: offsets(parts.map(({ length }) => length)),
    data: new Uint8Array(Buffer.concat(parts)),
  };
}

function offsets(lengths: readonly number[]): Int32Array {
  const ends = new Int32Array(lengths.length + 1);
  lengths.forEach((length, i) => (ends[i + 1] = (ends[i] as number) + length));
  return ends;
}
