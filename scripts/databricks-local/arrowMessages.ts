import type { DuckDBValue } from '@duckdb/node-api';
import type { RecordBatch, Schema } from 'apache-arrow' with { 'resolution-mode': 'require' };
import { toArrowData } from './arrowData.ts';
import { arrow, toArrowType, type ResultColumn } from './resultTypes.ts';

/** Rows of a result, column by column. */
export interface Rows {
  readonly count: number;
  readonly columns: readonly (readonly DuckDBValue[])[];
}

const endOfStreamBytes = 8;

/** The message that announces the columns, which goes with the metadata of a result. */
export function schemaMessage(columns: readonly ResultColumn[]): Buffer {
  return splitStream(columns, []).schema;
}

/** The message that holds the rows, without that schema, as FetchResults sends it. */
export function batchMessage(columns: readonly ResultColumn[], rows: Rows): Buffer {
  return splitStream(columns, [rows]).batches;
}

/** A whole stream, schema first, as a CloudFetch file holds it. */
export function arrowFile(columns: readonly ResultColumn[], parts: readonly Rows[]): Buffer {
  const { schema, batches } = splitStream(columns, parts);
  return Buffer.concat([schema, batches]);
}

/** The first message of a stream is the schema: a marker and a length of four bytes each, and so many bytes. */
function splitStream(
  columns: readonly ResultColumn[],
  parts: readonly Rows[],
): { schema: Buffer; batches: Buffer } {
  const schema = new arrow.Schema(
    columns.map(({ name, type }) => new arrow.Field(name, toArrowType(type), true)),
  );
  const writer = new arrow.RecordBatchStreamWriter();
  writer.reset(undefined, schema);
  for (const rows of parts) writer.write(recordBatch(schema, columns, rows));
  writer.finish();
  const stream = Buffer.from(writer.toUint8Array(true));
  const schemaEnd = 8 + stream.readInt32LE(4);
  return {
    schema: stream.subarray(0, schemaEnd),
    batches: stream.subarray(schemaEnd, stream.length - endOfStreamBytes),
  };
}

function recordBatch(schema: Schema, columns: readonly ResultColumn[], rows: Rows): RecordBatch {
  const children = columns.map(({ type }, i) => toArrowData(type, rows.columns[i] ?? []));
  const type = new arrow.Struct(schema.fields);
  return new arrow.RecordBatch(schema, arrow.makeData({ type, length: rows.count, nullCount: 0, children }));
}
