import { pipeline, Readable } from 'node:stream';
import { parse } from 'csv-parse';

/** Rows of a result file by column name, in chunks of at most `chunkRows`, parsed as the bytes arrive. */
export async function* resultRows(
  body: AsyncIterable<Uint8Array>,
  chunkRows = 1_000,
): AsyncIterable<Record<string, string>[]> {
  const parser = parse({ columns: true, bom: true });
  // An error of either end reaches the reader of the parser, below; the callback has nothing to add.
  pipeline(Readable.from(body), parser, () => undefined);
  let chunk: Record<string, string>[] = [];
  for await (const row of parser as AsyncIterable<Record<string, string>>) {
    chunk.push(row);
    if (chunk.length === chunkRows) {
      yield chunk;
      chunk = [];
    }
  }
  if (chunk.length > 0) yield chunk;
}
