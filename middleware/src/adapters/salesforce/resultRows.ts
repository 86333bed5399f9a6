import { Readable } from 'node:stream';
import { parse } from 'csv-parse';

/** Rows of a result file by column name, in chunks of at most `chunkRows`, parsed as they arrive. */
export async function* resultRows(
  response: Response,
  chunkRows = 1_000,
): AsyncIterable<Record<string, string>[]> {
  if (response.body === null) return;
  const parser = Readable.fromWeb(response.body).pipe(parse({ columns: true, bom: true }));
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
